/** A service that refuses, hangs, resets or talks nonsense: its failures are outcomes, and it is left alone while it fails. */

import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { reportFile } from '../../reports/result-directory.ts';
import type { CellSummary } from '../../reports/summary.ts';
import type { OperationName } from '../../scenarios/operation-header.ts';
import { type FinishedRun, finishRun, readJournal, runCli, startRun } from '../support/cli.ts';
import { type Fault, startFaultyService } from '../support/faulty-service.ts';
import { type Row, readRows } from '../support/rows.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const ENTRIES = 5;
const PAUSE_MS = 50;
const GROW_TO_MS = 200;
/** Pauses differ by up to a fifth either way. */
const SHORTEST_PAUSE = 0.8;

const SCENARIO = { kind: 'srm-ls', directories: { [ENTRIES]: '/faulty' } } as const;
const POOLS = [{ kind: 'local', pilots: 3, slotsPerPilot: 4 }] satisfies ConfigInput['pools'];
const TIMING = {
  warmUp: { atLeast: '50ms', atMost: '10s' },
  window: { atLeast: '250ms', operationsPerClient: 1, atMost: '5s' },
  drain: '2s',
} as const;

/** A level, what the service does in its cell, and how the operations of its clients end. */
const FAULTS: [level: number, fault: Fault, outcomes: string[]][] = [
  [2, 'refuse', ['refused', 'reset']],
  [3, 'hang', ['answer-timeout']],
  [4, 'reset', ['reset']],
  [5, 'half', ['reset']],
  [6, 'not-http', ['malformed']],
  [7, 'not-xml', ['malformed']],
  [8, 'http-503', ['status/http-503']],
  [9, 'soap-fault', ['status/soap-fault']],
  [10, 'one-entry-less', ['status/entry-count']],
];
const SOUND_BEFORE = 1;
const SOUND_AFTER = 11;

type Failing = { run: FinishedRun; requests: OperationName[] };

/** How often a client may have sent in so long a time when it paused after every operation. */
function mostOperations(spanMs: number): number {
  let operations = 1;
  let pauseMs = PAUSE_MS;
  for (let leftMs = spanMs; leftMs >= 0; operations += 1) {
    leftMs -= SHORTEST_PAUSE * pauseMs;
    pauseMs = Math.min(GROW_TO_MS, pauseMs * 2);
  }
  return operations;
}

function countByClient(operations: readonly Pick<Row, 'client'>[] | readonly OperationName[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { client } of operations) counts.set(String(client), (counts.get(String(client)) ?? 0) + 1);
  return counts;
}

/** Every client sent, paused, and sent again; what never reached the service only our own rows have. */
async function assertNotHammered(t: ExecutionContext, { run, requests }: Failing, cell: CellSummary): Promise<void> {
  const fired = run.journal.find((line) => line.step === 'cell-fired' && line.cell === cell.id);
  const stored = run.journal.find((line) => line.step === 'rows-stored' && line.cell === cell.id);
  const most = mostOperations((stored?.monotonicMs as number) - (fired?.['t0Ms'] as number));
  const rows = await readRows(run.directory, cell.id);
  const received = requests.filter((each) => each.cell === cell.id);
  t.true(rows.length > cell.level && received.length >= cell.level, cell.id);
  for (const counts of [countByClient(rows), countByClient(received)]) {
    t.is(counts.size, cell.level);
    for (const [client, count] of counts) t.true(count <= most, `${cell.id}, client ${client}: ${count} > ${most}`);
  }
  t.true(received.length <= rows.length);
}

test('each way to fail is an outcome, the service is not hammered, and the campaign goes on (--strict: 99 at its end)', async (t) => {
  const service = await startFaultyService(t, {
    entries: ENTRIES,
    faults: Object.fromEntries(FAULTS.map(([level, fault]) => [level, fault])),
  });
  const config: ConfigInput = {
    name: 'failing',
    target: { kind: 'url', url: service.url, timeouts: { answer: '300ms' } },
    scenario: SCENARIO,
    load: {
      levels: [SOUND_BEFORE, ...FAULTS.map(([level]) => level), SOUND_AFTER],
      afterFailure: { pause: `${PAUSE_MS}ms`, growTo: `${GROW_TO_MS}ms` },
    },
    timing: { ...TIMING, recovery: { within: '20s' } },
    pools: POOLS,
  };
  const run = await finishRun(await startRun(t, config, { words: ['--strict'] }));
  const requests = await service.readRequests();
  t.is(run.exitCode, 99, run.stderr);
  t.deepEqual(
    run.cells.map(({ level, state }) => [level, state]),
    [[SOUND_BEFORE, 'ok'], ...FAULTS.map(([level]) => [level, 'failed']), [SOUND_AFTER, 'ok']],
    run.stderr,
  );
  t.deepEqual(
    run.journal.filter(({ step }) => step === 'pilot-lost' || step === 'not-recovered'),
    [],
  );
  for (const [index, [level, fault, outcomes]] of FAULTS.entries()) {
    const cell = run.cells[index + 1] as CellSummary;
    const about = `${fault}: ${JSON.stringify(cell)}`;
    t.deepEqual(Object.keys(cell.operations.byOutcome).toSorted(), outcomes, about);
    t.is(cell.operations.ok, 0, about);
    t.is(cell.held, level, about);
    t.regex(cell.reason as string, /^100 % of the operations that ended in the window failed: /);
    t.is(cell.server, null, 'this service counts nothing');
    t.is(typeof cell.recoveryMs, 'number', about);
    await assertNotHammered(t, { run, requests }, cell);
  }
  t.is(run.cells.at(-1)?.operations.failed, 0);
});

test('a service that hangs for good is left alone: 123, and the cells after it are skipped with the reason', async (t) => {
  const service = await startFaultyService(t, { entries: ENTRIES, faults: { 3: 'hang-for-good' } });
  const campaign = await startRun(t, {
    name: 'gone',
    target: { kind: 'url', url: service.url, timeouts: { answer: '300ms' } },
    scenario: SCENARIO,
    load: { levels: [1, 3, 6], runs: 2 },
    timing: { ...TIMING, recovery: { within: '1s', otherwise: 'stop' } },
    pools: POOLS,
  });
  const run = await finishRun(campaign);
  t.is(run.exitCode, 123, run.stderr);
  t.deepEqual(
    run.cells.map(({ state }) => state),
    ['ok', 'failed', 'skipped', 'skipped', 'skipped', 'skipped'],
  );
  const failed = run.cells[1] as CellSummary;
  t.deepEqual(Object.keys(failed.operations.byOutcome), ['answer-timeout']);
  t.is(failed.recoveryMs, null);
  const reason = `the target did not recover within 1s after cell ${failed.id}`;
  for (const { reason: said } of run.cells.slice(2)) t.is(said, reason);
  t.true(run.stderr.includes(`STOPPED    ${reason}`));
  const cells = new Set((await service.readRequests()).map(({ cell }) => cell));
  t.deepEqual([...cells], ['try', '001-d5-l1-r1', failed.id], 'nothing was fired at it afterwards');
  await access(reportFile(run.directory));
});

test('an embedded service that hangs is started anew, and the campaign goes on', async (t) => {
  const campaign = await startRun(t, {
    name: 'anew',
    target: { kind: 'embedded', root: { make: [ENTRIES] }, timeouts: { answer: '300ms' } },
    scenario: { kind: 'srm-ls', directories: { [ENTRIES]: `/d${ENTRIES}` } },
    load: { levels: [3], runs: 2 },
    timing: {
      ...TIMING,
      window: { ...TIMING.window, atLeast: '1s' },
      recovery: { within: '1s', otherwise: 'restart' },
    },
    pools: POOLS,
  });
  const started = await campaign.awaitLine('target-started');
  await campaign.awaitLine('window-opened');
  process.kill(started['pid'] as number, 'SIGSTOP');
  const run = await finishRun(campaign);
  t.is(run.exitCode, 0, run.stderr);
  const [hung, next] = run.cells as [CellSummary, CellSummary];
  t.is(hung.state, 'failed');
  t.true((hung.operations.byOutcome['answer-timeout'] ?? 0) > 0, JSON.stringify(hung));
  t.is(hung.server, null, 'it could not be asked');
  t.is(next.state, 'ok', JSON.stringify(next));
  t.deepEqual(next.server, { counted: next.operations.ok, difference: 0 });
  const restarted = run.journal.find(({ step }) => step === 'target-restarted');
  t.not(restarted?.['pid'], started['pid']);
});

test('an embedded service that cannot be started anew ends the campaign as one that does not come back', async (t) => {
  const root = await makeTemporaryFolder(t);
  await mkdir(join(root, 'd1'));
  await writeFile(join(root, 'd1', 'file'), '');
  const campaign = await startRun(t, {
    name: 'dead',
    target: { kind: 'embedded', root },
    scenario: { kind: 'srm-ls', directories: { 1: '/d1' } },
    load: { levels: [3], runs: 2 },
    timing: { ...TIMING, recovery: { within: '500ms', otherwise: 'restart' } },
    pools: POOLS,
  });
  const started = await campaign.awaitLine('target-started');
  await campaign.awaitLine('window-opened');
  await rm(root, { recursive: true });
  process.kill(started['pid'] as number, 'SIGKILL');
  const run = await finishRun(campaign);
  t.is(run.exitCode, 123, run.stderr);
  t.deepEqual(
    run.cells.map(({ state }) => state),
    ['failed', 'skipped'],
  );
  t.regex(run.stderr, /^STOPPED {4}the target did not recover within 500ms after .*, and could not be restarted: /m);
  await access(reportFile(run.directory));
});

const UNUSABLE: [what: string, fault: Fault, came: RegExp][] = [
  ['answers with an error', 'http-503', /status\/http-503/],
  ['has another directory', 'one-entry-less', /status\/entry-count/],
];

for (const [what, fault, came] of UNUSABLE) {
  test(`a target that ${what} to one operation is not fired at`, async (t) => {
    const service = await startFaultyService(t, { entries: ENTRIES, faults: { 0: fault } });
    const campaign = await startRun(t, {
      name: 'unusable',
      target: { kind: 'url', url: service.url },
      scenario: SCENARIO,
      load: { levels: [6] },
      pools: POOLS,
    });
    const { exitCode, stdout, stderr } = await campaign.ended;
    t.is(exitCode, 123, stderr);
    t.is(stdout, '');
    t.regex(stderr, /^error: expected one operation to succeed before the first cell/m);
    t.regex(stderr, came);
    t.regex(stderr, /^hint: check that http:.* serves the directories of the config$/m);
    t.regex(stderr, /^GT_TARGET_UNUSABLE in docs\/errors\.md tells more$/m);
    t.notRegex(stderr, /^\s+at /m);
    t.deepEqual(
      (await service.readRequests()).filter(({ cell }) => cell !== 'try'),
      [],
    );
    const journal = await readJournal(campaign.directory);
    t.deepEqual(
      journal.filter(({ step }) => step === 'cell-started'),
      [],
    );
    t.true(journal.some(({ step }) => step === 'campaign-failed'));
    t.false(journal.some(({ step }) => step === 'cell-started'));
    await t.throwsAsync(readdir(join(campaign.directory, 'cells')), { code: 'ENOENT' });
  });
}

test('a target that nobody listens at is told without a stack', async (t) => {
  const folder = await makeTemporaryFolder(t, {
    'glidetester.config.json': JSON.stringify({
      name: 'nobody',
      target: { kind: 'url', url: 'http://127.0.0.1:9/srm/v2/server' },
      scenario: SCENARIO,
      load: { levels: [1] },
      pools: POOLS,
    }),
  });
  const { exitCode, stderr } = await runCli(t, ['run'], { folder });
  t.is(exitCode, 123);
  t.regex(stderr, /it ended as refused/);
  t.notRegex(stderr, /^\s+at /m);
});
