import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { EmbeddedTargetSchema } from '../../../coordinator/config/target-schema.ts';
import { type EmbeddedOptions, startEmbeddedTarget } from '../../../coordinator/target/embedded-target.ts';
import { countAtFrontend } from '../../../coordinator/target/server-count.ts';
import type { TargetHandle } from '../../../coordinator/target/target.ts';
import { machineClock } from '../../../foundation/clock.ts';
import { createConnectionCounts } from '../../../scenarios/connection-counts.ts';
import { performOnce } from '../../../scenarios/perform-once.ts';
import { eventually } from '../../support/eventually.ts';
import { isProcessGone } from '../../support/process-state.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const CLI = fileURLToPath(new URL('../../../coordinator/cli/main.ts', import.meta.url));
const COMMANDS = {
  frontend: [process.execPath, CLI, 'frontend'],
  mappingService: [process.execPath, CLI, 'mapping-service'],
};
const LABELS = { campaign: 'test', cell: 'one', attempt: 1 };

async function makeOptions(t: ExecutionContext, changes: Partial<EmbeddedOptions> = {}): Promise<EmbeddedOptions> {
  const folder = await makeTemporaryFolder(t);
  return {
    target: EmbeddedTargetSchema.parse({ kind: 'embedded', root: { make: [3, 12], fileBytes: 10 } }),
    commands: COMMANDS,
    log: join(folder, 'frontend.log'),
    clock: machineClock,
    ...changes,
  };
}

/** How one labelled listing of a directory ends. */
async function list(target: TargetHandle, directory: string, expectEntries: number): Promise<string> {
  const { origin, pathname, port } = new URL(target.url());
  const context = {
    target: {
      origin,
      security: null,
      path: pathname,
      addresses: [{ address: '127.0.0.1', family: 4 as const, port: Number(port) }],
      connection: { perOperation: true },
      timeoutsMs: { connect: 10_000, handshake: 10_000, answer: 20_000 },
      userAgent: 'glidetester/test',
    },
    labels: LABELS,
    client: 0,
    credential: null,
    connections: createConnectionCounts(),
  };
  const scenario = { kind: 'srm-ls', directory, detail: 'full', levels: 1, expectEntries };
  const { outcome } = await performOnce(machineClock, scenario, context);
  return outcome;
}

async function argumentsOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
}

test('serves the directories that it made, counts for itself, and takes all with it when it stops', async (t) => {
  const target = await startEmbeddedTarget(await makeOptions(t));
  t.teardown(() => target.stop());
  const pid = target.pid() as number;
  const words = await argumentsOf(pid);
  const root = words[words.indexOf('--root') + 1] as string;
  t.deepEqual((await readdir(root)).toSorted(), ['d12', 'd3']);
  t.is((await readFile(join(root, 'd3', 'file-00001'))).length, 10);
  t.is(await list(target, '/d3', 3), 'ok');
  t.is(await list(target, '/d12', 12), 'ok');
  t.is(await list(target, '/d12', 11), 'status/entry-count');
  const count = await countAtFrontend(machineClock, target.metricsUrl() as string, LABELS, []);
  t.like(count, { counted: 3 });
  await target.stop();
  t.true(await isProcessGone(pid));
  await t.throwsAsync(readdir(root), { code: 'ENOENT' });
  await target.stop();
});

test('is another process after a restart, on the same directories', async (t) => {
  const target = await startEmbeddedTarget(await makeOptions(t));
  t.teardown(() => target.stop());
  const pid = target.pid() as number;
  await target.restart?.();
  t.not(target.pid(), pid);
  t.true(await isProcessGone(pid));
  t.is(await list(target, '/d3', 3), 'ok');
});

test('an existing directory is served as it is, and stays', async (t) => {
  const root = await makeTemporaryFolder(t);
  await mkdir(join(root, 'own'));
  await writeFile(join(root, 'own', 'file'), 'text');
  const target = await startEmbeddedTarget(
    await makeOptions(t, { target: EmbeddedTargetSchema.parse({ kind: 'embedded', root }) }),
  );
  t.teardown(() => target.stop());
  t.is(await list(target, '/own', 1), 'ok');
  await target.stop();
  t.deepEqual(await readdir(root), ['own']);
});

test('a frontend that ignores the end of its input is ended by force', async (t) => {
  const program = `
    console.log(JSON.stringify({ url: 'http://127.0.0.1:1/', metricsUrl: 'http://127.0.0.1:1/', pid: process.pid }));
    setInterval(() => {}, 1e6);
  `;
  const clock = createVirtualClock();
  const target = await startEmbeddedTarget(
    await makeOptions(t, { commands: { ...COMMANDS, frontend: [process.execPath, '--eval', program, '--'] }, clock }),
  );
  const pid = target.pid() as number;
  const stopping = target.stop();
  await clock.advance(2999);
  t.is(await isProcessGone(pid), undefined);
  await clock.advance(1);
  await stopping;
  t.true(await isProcessGone(pid));
});

const doesNotStart = test.macro<[string, string[], RegExp]>({
  async exec(t, _what, command, message) {
    const options = await makeOptions(t, { commands: { ...COMMANDS, frontend: command } });
    // Where it makes its directories: nothing may be left there.
    const before = process.env['TMPDIR'];
    const temporary = await makeTemporaryFolder(t);
    process.env['TMPDIR'] = temporary;
    t.teardown(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    await t.throwsAsync(startEmbeddedTarget(options), { code: 'GT_TARGET_START', message });
    t.deepEqual(await readdir(temporary), []);
  },
  title: (_, what) => `${what} is told, and leaves nothing behind`,
});

// One after the other: they change where temporary folders are made.
test.serial(doesNotStart, 'a frontend that ends', [process.execPath, '--eval', 'process.exit(3)', '--'], /exit code 3/);
test.serial(
  doesNotStart,
  'a frontend that says something else',
  [process.execPath, '--eval', 'console.log("hello"); setInterval(() => {}, 1e6)', '--'],
  /listen/,
);
test.serial(doesNotStart, 'a frontend that is not there', ['/no/such/frontend'], /ENOENT/);

test('a frontend that does not listen in time is told and ended', async (t) => {
  const program = 'console.error(process.pid); setInterval(() => {}, 1e6)';
  const clock = createVirtualClock();
  const options = await makeOptions(t, {
    commands: { ...COMMANDS, frontend: [process.execPath, '--eval', program, '--'] },
    clock,
  });
  const starting = t.throwsAsync(startEmbeddedTarget(options), {
    code: 'GT_TARGET_START',
    message: /did not listen within/,
  });
  const pid = await eventually('the frontend has started', async () => {
    const log = await readFile(options.log, 'utf8').catch(() => '');
    return log === '' ? undefined : Number(log);
  });
  await clock.advance(20_000);
  await starting;
  await eventually('the frontend has ended', () => isProcessGone(pid));
});
