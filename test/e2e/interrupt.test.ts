/** Ctrl-C: once lets the campaign end in order, twice ends it now; what was finished stays either way. */

import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { reportFile } from '../../reports/result-directory.ts';
import { type FinishedRun, finishRun, isRunning, pilotPids, startRun } from '../support/cli.ts';
import { startFaultyService } from '../support/faulty-service.ts';
import { readRows } from '../support/rows.ts';

const TIMING = {
  warmUp: { atLeast: '50ms', atMost: '10s' },
  window: { atLeast: '300ms', operationsPerClient: 1, atMost: '50s' },
  recovery: { within: '20s' },
};
const POOLS = [{ kind: 'local', pilots: 3, slotsPerPilot: 2 }] satisfies ConfigInput['pools'];

async function assertInterrupted(t: ExecutionContext, finished: FinishedRun): Promise<void> {
  t.is(finished.exitCode, 105, finished.stderr);
  t.regex(finished.stderr, /exit 105 {4}interrupted; the finished cells are safe/);
  const [first, ...others] = finished.cells;
  t.is(first?.state, 'ok', JSON.stringify(first));
  t.is((await readRows(finished.directory, first?.id as string)).length, first?.operations.ok as number);
  for (const { state, reason } of others) t.deepEqual([state, reason], ['skipped', 'interrupted']);
  await access(reportFile(finished.directory));
  t.is(finished.journal.at(-1)?.step, 'campaign-finished');
  const frontend = finished.journal.find(({ step }) => step === 'target-started')?.['pid'] as number | null;
  const processes = [...pilotPids(finished.journal).values(), ...(frontend === null ? [] : [frontend])];
  for (const pid of processes) t.false(await isRunning(pid), `process ${pid} is still there`);
}

test('Ctrl-C in a window ends in 105: finished cells and the report stay, no process does', async (t) => {
  const run = await startRun(t, {
    name: 'interrupted',
    target: { kind: 'embedded', root: { make: [5, 1000] } },
    scenario: { kind: 'srm-ls', directories: { 5: '/d5', 1000: '/d1000' } },
    load: { levels: [6], runs: 2 },
    // So many listings of the large directory take their time.
    timing: { ...TIMING, window: { atLeast: '300ms', operationsPerClient: 100, atMost: '50s' }, drain: '5s' },
    pools: POOLS,
  });
  const second = '002-d1000-l6-r1';
  await run.awaitLine('window-opened', ({ cell }) => cell === second);
  run.child.kill('SIGINT');
  const finished = await finishRun(run);
  await assertInterrupted(t, finished);
  t.true(finished.stderr.includes('stopping once this cell is drained; once more: stop now'));
  t.true(finished.journal.some(({ step, cell }) => step === 'cell-interrupted' && cell === second));
  t.deepEqual(await readdir(join(finished.directory, 'cells', second)), ['operations.partial.parquet']);
});

test('a second Ctrl-C does not wait for a service that hangs', async (t) => {
  const service = await startFaultyService(t, { entries: 5, faults: { 6: 'hang' } });
  const run = await startRun(t, {
    name: 'interrupted-twice',
    target: { kind: 'url', url: service.url, timeouts: { answer: '10min' } },
    scenario: { kind: 'srm-ls', directories: { 5: '/faulty' } },
    load: { levels: [2, 6], runs: 2 },
    timing: { ...TIMING, drain: '10min' },
    pools: POOLS,
  });
  await run.awaitLine('cell-fired', ({ cell }) => cell === '002-d5-l6-r1');
  run.child.kill('SIGINT');
  await run.awaitText('once more: stop now');
  run.child.kill('SIGINT');
  const finished = await finishRun(run);
  await assertInterrupted(t, finished);
  t.true(finished.stderr.includes('stopping now; once more: end at once, without tidying up'));
});

test('Ctrl-C before the first cell does not wait for a service that hangs', async (t) => {
  const service = await startFaultyService(t, { entries: 5, faults: { 0: 'hang' } });
  const run = await startRun(t, {
    name: 'interrupted-first',
    target: { kind: 'url', url: service.url, timeouts: { answer: '10min' } },
    scenario: { kind: 'srm-ls', directories: { 5: '/faulty' } },
    load: { levels: [2] },
    timing: TIMING,
    pools: POOLS,
  });
  await run.awaitLine('target-started');
  run.child.kill('SIGINT');
  const finished = await finishRun(run);
  t.is(finished.exitCode, 105, finished.stderr);
  t.deepEqual(
    finished.cells.map(({ state, reason }) => [state, reason]),
    [['skipped', 'interrupted']],
  );
  t.true(finished.stderr.includes('STOPPED    interrupted'));
});
