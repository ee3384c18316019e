import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { request } from 'undici';
import { EmbeddedTargetSchema } from '../../../coordinator/config/target-schema.ts';
import { type EmbeddedOptions, startEmbeddedTarget } from '../../../coordinator/target/embedded-target.ts';
import { countAtFrontend } from '../../../coordinator/target/server-count.ts';
import type { TargetHandle } from '../../../coordinator/target/target.ts';
import { readTargetUrl } from '../../../coordinator/target/target-url.ts';
import { machineClock } from '../../../foundation/clock.ts';
import { createConnectionCounts } from '../../../foundation/connection-counts.ts';
import type { Credential } from '../../../scenarios/credentials/credential.ts';
import { performOnce } from '../../../scenarios/perform-once.ts';
import { userSubject } from '../../../scenarios/credentials/issue-certificate.ts';
import { testCertificates } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { isProcessGone } from '../../support/process-state.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { LAUNCH } from '../tiny-campaign.ts';

const LABELS = { campaign: 'test', cell: 'one', attempt: 1 };

async function makeOptions(t: ExecutionContext, changes: Partial<EmbeddedOptions> = {}): Promise<EmbeddedOptions> {
  const folder = await makeTemporaryFolder(t);
  return {
    target: EmbeddedTargetSchema.parse({ kind: 'embedded', root: { make: [3, 12], fileBytes: 10 } }),
    commands: LAUNCH,
    log: join(folder, 'frontend.log'),
    clock: machineClock,
    ...changes,
  };
}

/** How one labelled listing of a directory ends, by a client that shows this. */
async function list(
  target: TargetHandle,
  directory: string,
  expectEntries: number,
  credential: Credential | null = null,
): Promise<string> {
  const { origin, path, port } = readTargetUrl(target.url());
  const context = {
    target: {
      origin,
      security: await target.security(),
      path,
      addresses: [{ address: '127.0.0.1', family: 4 as const, port }],
      connection: { perOperation: true, close: 'fin' as const },
      timeoutsMs: { connect: 10_000, handshake: 10_000, answer: 20_000 },
      userAgent: 'glidetester/test',
      transport: 'direct' as const,
    },
    labels: LABELS,
    client: 0,
    credential,
    sourceAddresses: [],
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

/** All texts below a folder. */
async function readAll(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))).join(
    '\n',
  );
}

test('over httpg it knows the users that were made, and is given no key of theirs', async (t) => {
  const options = await makeOptions(t, {
    target: EmbeddedTargetSchema.parse({ kind: 'embedded', root: { make: [3] }, httpg: true, identities: 2 }),
  });
  const target = await startEmbeddedTarget(options);
  t.teardown(() => target.stop());
  t.regex(target.url(), /^httpg:\/\/localhost:\d+\//);
  const [first, second, ...others] = await target.identities();
  t.deepEqual(
    [first?.facts.identity, second?.facts.identity, others.length],
    [userSubject('Load User 001'), userSubject('Load User 002'), 0],
  );
  t.is(await list(target, '/d3', 3, first?.credential), 'ok');
  t.is(await list(target, '/d3', 3, second?.credential), 'ok');
  const { proxy: stranger } = await testCertificates();
  t.not(await list(target, '/d3', 3, stranger), 'ok', 'of an authority that it does not trust');

  const words = await argumentsOf(target.pid() as number);
  const folder = words[words.indexOf('--certificates') + 1] as string;
  t.is((await stat(folder)).mode & 0o777, 0o700);
  const texts = [await readAll(folder), words.join(' '), await readFile(options.log, 'utf8')].join('\n');
  t.is(texts.match(/PRIVATE KEY-----\n/g)?.length, 2, "begin and end of the host's key");
  for (const each of [first, second]) {
    const lines = each?.credential.privateKey.split('\n').filter((line) => line.length === 64) ?? [];
    t.true(lines.length > 10);
    t.true(lines.every((line) => !texts.includes(line)));
  }
  await target.stop();
  await t.throwsAsync(readdir(folder), { code: 'ENOENT' });
});

test('a mapping service is started before the frontend, outlives its restarts, and goes with the target', async (t) => {
  const target = await startEmbeddedTarget(
    await makeOptions(t, {
      target: EmbeddedTargetSchema.parse({
        kind: 'embedded',
        root: { make: [3] },
        httpg: true,
        identities: 1,
        mapping: { by: 'service', latency: '1ms', lifetimeSecondsMappedIDCached: 0 },
        answers: 'multiref',
        mostEntries: 2,
      }),
    }),
  );
  t.teardown(() => target.stop());
  const words = await argumentsOf(target.pid() as number);
  const url = words[words.indexOf('--gums-url') + 1] as string;
  const isMapping = async (): Promise<boolean> =>
    fetchStatus(url).then(
      () => true,
      () => false,
    );
  const [user] = await target.identities();
  t.is(await list(target, '/d3', 3, user?.credential), 'ok');
  await target.restart?.();
  t.true(await isMapping());
  t.is(await list(target, '/d3', 3, user?.credential), 'ok', 'the certificates are the same');
  await target.stop();
  t.false(await isMapping());
});

async function fetchStatus(url: string): Promise<number> {
  const { statusCode, body } = await request(url);
  await body.dump();
  return statusCode;
}

test('a mapping service that does not start is told, and nothing is left behind', async (t) => {
  const parsed = { kind: 'embedded', root: { make: [3] }, httpg: true, identities: 1, mapping: { by: 'service' } };
  const options = await makeOptions(t, {
    target: EmbeddedTargetSchema.parse(parsed),
    commands: { ...LAUNCH, mappingService: [process.execPath, '--eval', 'process.exit(4)', '--'] },
  });
  await t.throwsAsync(startEmbeddedTarget(options), {
    code: 'GT_TARGET_START',
    message: /mapping service.*exit code 4/,
  });
});

test('a frontend that ignores the end of its input is ended by force', async (t) => {
  const program = `
    console.log(JSON.stringify({ url: 'http://127.0.0.1:1/', metricsUrl: 'http://127.0.0.1:1/', pid: process.pid }));
    setInterval(() => {}, 1e6);
  `;
  const clock = createVirtualClock();
  const target = await startEmbeddedTarget(
    await makeOptions(t, { commands: { ...LAUNCH, frontend: [process.execPath, '--eval', program, '--'] }, clock }),
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
    const options = await makeOptions(t, { commands: { ...LAUNCH, frontend: command } });
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
    commands: { ...LAUNCH, frontend: [process.execPath, '--eval', program, '--'] },
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
