import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'ava';
import { request } from 'undici';
import { answer, startLoopbackServer } from '../../support/loopback-server.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand, startCommand } from '../cli/command-line.ts';

test('relay passes on what clients say, and names what it cannot stand before', async (t) => {
  const service = await startLoopbackServer(t, answer('answered'));
  const folder = await makeTemporaryFolder(t);
  const words = ['relay', '--to', `127.0.0.1:${service.port}`, '--round-trip', '2ms', '--port', '0'];
  const child = startCommand(words, { folder });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  t.teardown(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout as NonNullable<typeof child.stdout>), 'line')) as [string];
  const { port, pid } = JSON.parse(line) as { port: number; pid: number };
  t.is(child.pid, pid);
  const answered = await request(`http://127.0.0.1:${port}/`);
  t.is(await answered.body.text(), 'answered');
  child.kill('SIGTERM');
  t.deepEqual(await ended, [0, null]);
  for (const to of ['localhost', '127.0.0.1:0', '127.0.0.1:65536', '192.0.2.1:8443', '[::2]:8443']) {
    const { exitCode, stderr } = await runCommand(['relay', '--to', to, '--round-trip', '2ms', '--port', '0'], {
      folder,
    });
    t.is(exitCode, 104, to);
    t.true(stderr.includes('GT_RELAY'), stderr);
  }
});
