import test from 'ava';
import { askHost } from '../../../coordinator/doctor/ask-host.ts';
import { HOST } from './sample-scene.ts';

const FACTS = JSON.stringify(HOST);

test('the facts are found among the words of a launcher', async (t) => {
  const script = `echo 'module loaded'; echo '{"other":1}'; echo '${FACTS}'; echo done`;
  t.deepEqual(await askHost(['sh', '-c', script], 'site desk'), HOST);
});

const REFUSED: [what: string, line: string[], said: RegExp][] = [
  ['it can not be started', ['/no/such/launcher'], /site desk: expected to start \/no\/such\/launcher: .*ENOENT/],
  ['it fails', ['sh', '-c', 'echo no seat >&2; exit 3'], /exit code 3: no seat/],
  ['it says something else', ['sh', '-c', `echo '${FACTS.replace('hostname', 'host')}'`], /exit code 0/],
  ['it is ended', ['sh', '-c', 'kill -TERM $$'], /ended with SIGTERM/],
];

for (const [what, line, said] of REFUSED) {
  test(`a pool is refused when ${what}`, async (t) => {
    const error = await t.throwsAsync(askHost(line, 'site desk'), { message: said });
    t.like(error, { code: 'GT_POOL_REQUEST' });
  });
}

test('a launcher that hangs is ended, and what it has started with it', async (t) => {
  // The shell's child holds standard output open: without its end this would not end either.
  const line = ['sh', '-c', 'sleep 1000; true'];
  await t.throwsAsync(askHost(line, 'site desk', 200), { message: /site desk: .*it took longer than 200 ms/ });
});
