/** Pilots that are killed in a window, and pilots that never come. */

import { access, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { cellFiles, readCellRecord, reportFile } from '../../reports/result-directory.ts';
import { type FinishedRun, type Run, finishRun, isRunning, pilotPids, readJournal, startRun } from '../support/cli.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const LEVEL = 6;
const SLOTS = 2;

/** Three pilots with two clients each, in a window long enough to lose one in it. */
function configWith(changes: Partial<ConfigInput> = {}): ConfigInput {
  return {
    name: 'lost',
    target: { kind: 'embedded', root: { make: [5] } },
    scenario: { kind: 'srm-ls', directories: { 5: '/d5' } },
    load: { levels: [LEVEL], runs: 2 },
    timing: {
      warmUp: { atLeast: '50ms', atMost: '10s' },
      window: { atLeast: '1s', operationsPerClient: 1, atMost: '10s' },
      drain: '5s',
      recovery: { within: '20s' },
    },
    pools: [{ kind: 'local', pilots: 3, slotsPerPilot: SLOTS }],
    barrier: { within: '20s' },
    ...changes,
  };
}

const FIRST = '001-d5-l6-r1';

/** Kills a pilot of this campaign as soon as the window of the first cell is open. */
async function killOne(run: Run): Promise<string> {
  await run.awaitLine('window-opened', ({ cell }) => cell === FIRST);
  const [name, pid] = [...pilotPids(await readJournal(run.directory))][1] as [string, number];
  process.kill(pid, 'SIGKILL');
  return name;
}

async function assertDegraded(t: ExecutionContext, run: FinishedRun, killed: string): Promise<void> {
  const [cell] = run.cells;
  const about = JSON.stringify(cell);
  t.is(cell?.state, 'degraded', about);
  t.is(cell?.reason, `1 pilot with ${SLOTS} clients was lost in the window.`);
  const mark = cell?.marks.find(({ code }) => code === 'pilot-lost');
  const { evidence } = await readCellRecord(run.directory, FIRST);
  const lost = evidence.pilots.find(({ id }) => id === killed);
  t.is(mark?.value, lost?.lostAtMs as number, about);
  t.true(mark?.text.startsWith(`1 pilot with ${SLOTS} clients lost, the first (${killed}) `), mark?.text);
  const { openMs: open, closeMs: close } = evidence.window as NonNullable<typeof evidence.window>;
  const moment = mark?.value as number;
  t.true(moment >= open && moment <= close, about);
  const heldUntilThen = LEVEL - SLOTS + (SLOTS * (moment - open)) / (close - open);
  t.true(Math.abs((cell?.held as number) - heldUntilThen) < 1e-6, about);
  const line = run.journal.find(({ step }) => step === 'pilot-lost');
  t.is(line?.['pilot'], killed);
  t.regex(line?.['reason'] as string, /SIGKILL|connection ended/);
}

test('a pilot killed in the window degrades its cell and no other: the campaign goes on with a new one', async (t) => {
  const run = await startRun(t, configWith());
  const killed = await killOne(run);
  const finished = await finishRun(run);
  t.is(finished.exitCode, 0, finished.stderr);
  await assertDegraded(t, finished, killed);
  t.is(finished.cells[1]?.state, 'ok', JSON.stringify(finished.cells[1]));
  t.is(finished.cells[1]?.held, LEVEL);
  t.deepEqual(finished.cells[1]?.server, { counted: finished.cells[1]?.operations.ok as number, difference: 0 });
  t.is(pilotPids(finished.journal).size, 4);
  t.true(finished.stderr.includes('pilot-lost'), finished.stderr);
});

test("lost.pilot 'fail' keeps the cell, skips the others with the reason, and exits 121", async (t) => {
  const run = await startRun(t, configWith({ lost: { pilot: 'fail' } }));
  const killed = await killOne(run);
  const finished = await finishRun(run);
  t.is(finished.exitCode, 121, finished.stderr);
  await assertDegraded(t, finished, killed);
  t.is(finished.cells[1]?.state, 'skipped');
  t.regex(finished.cells[1]?.reason as string, new RegExp(`lost in cell ${FIRST}.*lost\\.pilot is 'fail'`));
  t.deepEqual(await readdir(join(finished.directory, 'cells')), [FIRST]);
});

test("lost.pilot 'repeat' measures the cell again and keeps the rows of the first attempt", async (t) => {
  const run = await startRun(t, configWith({ load: { levels: [LEVEL] }, lost: { pilot: 'repeat' } }));
  await killOne(run);
  const finished = await finishRun(run);
  t.is(finished.exitCode, 0, finished.stderr);
  t.is(finished.cells[0]?.state, 'ok', JSON.stringify(finished.cells[0]));
  t.deepEqual(
    finished.cells[0]?.marks.filter(({ code }) => code === 'pilot-lost'),
    [],
  );
  const { evidence } = await readCellRecord(finished.directory, FIRST);
  t.is(evidence.attempt, 2);
  t.deepEqual((await readdir(cellFiles(finished.directory, FIRST).folder)).toSorted(), [
    'cell.attempt-1.json',
    'cell.json',
    'operations.attempt-1.parquet',
    'operations.parquet',
  ]);
  t.deepEqual(
    finished.journal.filter(({ step }) => step === 'cell-fired').map(({ cell, attempt }) => [cell, attempt]),
    [
      [FIRST, 1],
      [FIRST, 2],
    ],
  );
});

/** Lets the first process through and no other. */
const firstOnly = (lock: string): string[] => ['sh', '-c', 'mkdir "$0" || exit 7; exec "$@"', lock];

test('a barrier that cannot be reached ends in time with 120, and what was finished stays', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const run = await startRun(
    t,
    configWith({
      load: { levels: [2, 4, 6] },
      pools: [{ kind: 'local', pilots: 3, slotsPerPilot: SLOTS, launchWith: firstOnly(join(folder, 'lock')) }],
      barrier: { within: '2500ms', spare: '0%' },
    }),
    { folder },
  );
  const finished = await finishRun(run);
  t.is(finished.exitCode, 120, finished.stderr);
  const [first, second, third] = finished.cells;
  t.deepEqual([first?.state, second?.state, third?.state], ['ok', 'skipped', 'skipped']);
  t.regex(
    second?.reason ?? '',
    /^barrier: 4 slots were not ready after .* of 2500ms; ready 2, asked for 0; local: 3 pilots did not join, the last because its process ended with exit code 7$/,
  );
  t.is(third?.reason, second?.reason);
  t.true(finished.stderr.includes(`STOPPED    ${second?.reason}`), finished.stderr);
  t.regex(finished.stderr, /exit 120 {4}a barrier was not reached/);
  await access(reportFile(finished.directory));
  for (const pid of pilotPids(finished.journal).values()) t.false(await isRunning(pid));
});

test('a pool without a single pilot ends the same way, with the reason in the report', async (t) => {
  const run = await startRun(
    t,
    configWith({
      pools: [{ kind: 'local', pilots: 3, slotsPerPilot: SLOTS, launchWith: ['false'] }],
      barrier: { within: '1s' },
    }),
  );
  const finished = await finishRun(run);
  t.is(finished.exitCode, 120, finished.stderr);
  const reasons = finished.cells.map(({ state, reason }) => `${state}: ${reason}`);
  const reason = /^skipped: barrier: 6 slots were not ready after .* of 1s; ready 0, .*process ended with exit code 1$/;
  for (const each of reasons) t.regex(each, reason);
  t.true((await readFile(reportFile(finished.directory), 'utf8')).includes('6 slots were not ready after'));
  t.is(finished.journal.filter(({ step }) => step === 'barrier-missed').length, 1);
});
