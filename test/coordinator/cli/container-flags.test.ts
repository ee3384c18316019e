import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { request } from 'undici';
import { ServiceStateSchema } from '../../../scenarios/server-count.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand, startCommand } from './command-line.ts';

const SECURED = ['--make-certificates', 'made', '--users', '1', '--httpg'];

function wordsFor(...more: string[]): string[] {
  return ['frontend', '--root', '.', '--port', '0', ...more];
}

/** Threads of the container that the command starts. */
async function startsWith(t: ExecutionContext, flags: string[], threads: number): Promise<void> {
  const folder = await makeTemporaryFolder(t);
  const child = startCommand(wordsFor(...SECURED, ...flags), { folder });
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill();
    await ended;
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
    if (lines.push(line) === 2) break;
  }
  const { metricsUrl } = JSON.parse(lines[1] as string) as { metricsUrl: string };
  const { body } = await request(`${metricsUrl}/service`);
  t.is(ServiceStateSchema.parse(await body.json()).threads.most, threads);
}

test('frontend starts with the container bestman', startsWith, ['--container', 'bestman'], 256);
test(
  'frontend starts with all that can be told of bestman2',
  startsWith,
  [
    '--container=bestman2',
    '--max-container-threads=7',
    '--connector-queue-size=3',
    '--when-queue-full=refuse',
    '--no-lock-over-call-out',
    '--max-java-heap=5GB',
  ],
  7,
);
test(
  'frontend starts with authorization in a pool of its own',
  startsWith,
  ['--container', 'bestman', '--nested-authorization', 'own-pool', '--max-container-threads', '9'],
  9,
);

async function isRefused(t: ExecutionContext, flags: string[], said: string): Promise<void> {
  const { exitCode, stderr } = await runCommand(wordsFor(...flags), { folder: await makeTemporaryFolder(t) });
  t.is(exitCode, 104, stderr);
  t.true(stderr.includes(said), stderr);
}

test('a container without httpg is refused', isRefused, ['--container', 'bestman'], 'container is for httpg');
test('an unknown container is refused', isRefused, ['--container', 'tomcat'], 'bestman, bestman2');
test('a heap without a unit is refused', isRefused, ['--max-java-heap', '5'], 'Expected a size with a unit');
test(
  'threads without a container are refused',
  isRefused,
  ['--max-container-threads', '5'],
  'maxContainerThreads is for a container',
);
