import test, { type ExecutionContext } from 'ava';
import { skippedCell } from '../../reports/measure.ts';
import { type CellSummary, CellSummarySchema } from '../../reports/summary.ts';
import {
  HEALTHY,
  type SyntheticCell,
  type SyntheticOperation,
  type SyntheticOptions,
  blocksOf,
  dropShare,
  exponential,
  simulateCell,
} from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

const HUNDRED_MS = (): number => 100_000;

function measure({ evidence, operations }: SyntheticCell): Promise<CellSummary> {
  return summarizeCell(evidence, blocksOf(operations));
}

function codesOf(cell: CellSummary): string[] {
  return cell.marks.map(({ code }) => code);
}

function nearly(t: ExecutionContext, came: number | null, expected: number): void {
  t.true(
    came !== null && Math.abs(came - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${came}, not ${expected}`,
  );
}

function windowOf({ evidence: { window } }: SyntheticCell): { openUs: number; closeUs: number; lengthS: number } {
  if (window === null) throw new Error('this cell has a window');
  const { openMs, closeMs } = window;
  return { openUs: openMs * 1000, closeUs: closeMs * 1000, lengthS: (closeMs - openMs) / 1000 };
}

/** The definition word by word, one operation at a time. */
function naiveEdgeCorrectedRatePerS(cell: SyntheticCell): number {
  const { openUs, closeUs, lengthS } = windowOf(cell);
  const shares = cell.operations
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ startUs, durationUs }) => {
      const inside = Math.min(startUs + durationUs, closeUs) - Math.max(startUs, openUs);
      return Math.max(0, inside) / durationUs;
    });
  return shares.reduce((sum, share) => sum + share, 0) / lengthS;
}

function naiveCompletedRatePerS(cell: SyntheticCell): number {
  const { openUs, closeUs, lengthS } = windowOf(cell);
  return (
    cell.operations.filter(
      ({ outcome, startUs, durationUs }) =>
        outcome === 'ok' && startUs + durationUs > openUs && startUs + durationUs <= closeUs,
    ).length / lengthS
  );
}

function startedOk(cell: SyntheticCell): SyntheticOperation[] {
  const { openUs, closeUs } = windowOf(cell);
  return cell.operations.filter(({ outcome, startUs }) => outcome === 'ok' && startUs >= openUs && startUs < closeUs);
}

test('a constant service time gives clients / service time, whatever part of a burst the window cuts', async (t) => {
  const cell = simulateCell({ clients: 10, serviceUs: HUNDRED_MS, windowMs: 1050 });
  const measured = await measure(cell);
  nearly(t, measured.ratePerS, 100);
  // Window (100 ms, 1150 ms]: the bursts at 200, 300, … 1100 ms.
  nearly(t, measured.rateCompletedPerS, 100 / 1.05);
  nearly(t, measured.inFlight, 10);
  t.is(measured.held, 10);
  t.deepEqual([measured.turning, measured.pausing], [0, 0]);
  // Started at 100, 200, … 1100 ms.
  t.deepEqual(measured.serviceTimeMs, { count: 110, mean: 100, p50: 100, p90: 100, p95: 100, p99: null, max: 100 });
  t.deepEqual(measured.phasesMs, { connect: 10, handshake: null, firstByte: 50, rest: 0.007 });
  t.deepEqual(measured.firstCohort, { count: 10, ok: 10, meanMs: 100, maxMs: 100 });
  // T0 to drained: the load stays on until the burst that started at 1100 ms has ended at 1200 ms.
  t.deepEqual(measured.operations, { ok: 120, failed: 0, cut: 0, byOutcome: { ok: 120 } });
  t.deepEqual(measured.inWindow, { ok: 100, failed: 0, local: 0 });
  nearly(t, measured.littleErrorRatio, 0);
  t.deepEqual(measured.server, { counted: 120, difference: 0 });
  t.is(measured.recoveryMs, 40);
  t.deepEqual(measured.generator, HEALTHY);
  t.deepEqual(measured.windowMs, { open: 100, close: 1150 });
  t.deepEqual([measured.state, measured.reason, measured.marks], ['ok', null, []]);
  t.deepEqual(CellSummarySchema.parse(measured), measured);
});

test('what the service says of itself is passed on, and the CPU of all pilots is summed', async (t) => {
  const cell = simulateCell({ clients: 10, serviceUs: HUNDRED_MS, pilots: 3 });
  const service = {
    cpuShare: 0.4,
    callOuts: 200,
    waitedForThread: 3,
    exhausted: { queue: 1, heap: 0, descriptors: 2 },
  };
  const measured = await measure({ ...cell, evidence: { ...cell.evidence, service } });
  t.deepEqual(measured.service, service);
  nearly(t, measured.generatorCpuShare, 3 * HEALTHY.cpuShare);
  t.is((await measure(cell)).service, null);
});

test('the CPU of all pilots is unknown when one with clients has not told, and one without is not asked', async (t) => {
  const cell = simulateCell({ clients: 10, serviceUs: HUNDRED_MS, pilots: 2 });
  const [first, second] = cell.evidence.pilots;
  if (first === undefined || second === undefined) throw new Error('there are two pilots');
  const shareOf = async (pilots: typeof cell.evidence.pilots): Promise<number | null> =>
    (await measure({ ...cell, evidence: { ...cell.evidence, pilots } })).generatorCpuShare;
  t.is(await shareOf([first, { ...second, health: null }]), null);
  const idle = { ...second, id: 'p3', clients: 0, health: null };
  nearly(t, await shareOf([first, second, idle]), 2 * HEALTHY.cpuShare);
  nearly(t, await shareOf([first, second, { ...idle, health: HEALTHY }]), 3 * HEALTHY.cpuShare);
  t.is(await shareOf([]), null);
});

test('k places give k / service time and the rest of the clients wait in flight', async (t) => {
  const measured = await measure(simulateCell({ clients: 8, places: 4, serviceUs: HUNDRED_MS, windowMs: 2000 }));
  nearly(t, measured.ratePerS, 40);
  nearly(t, measured.inFlight, 8);
  t.is(measured.serviceTimeMs.p50, 200);
  t.is(measured.state, 'ok');
});

for (const options of [
  { clients: 40, places: 8, serviceUs: exponential(20_000), windowMs: 3000, seed: 3 },
  { clients: 40, serviceUs: exponential(50_000), windowMs: 2000, turnUs: 400, seed: 4 },
  { clients: 7, places: 2, serviceUs: exponential(900), windowMs: 500, turnUs: 50, seed: 5 },
] satisfies SyntheticOptions[]) {
  test(`an exponential service measured with ${options.clients} clients agrees with the definitions done one by one, seed ${options.seed}`, async (t) => {
    const cell = simulateCell(options);
    const measured = await measure(cell);
    nearly(t, measured.ratePerS, naiveEdgeCorrectedRatePerS(cell));
    nearly(t, measured.rateCompletedPerS, naiveCompletedRatePerS(cell));
    nearly(t, measured.littleErrorRatio, 0);
    const sorted = startedOk(cell)
      .map(({ durationUs }) => durationUs / 1000)
      .toSorted((a, b) => a - b);
    t.is(measured.serviceTimeMs.count, sorted.length);
    t.is(measured.serviceTimeMs.p50, sorted[Math.ceil(0.5 * sorted.length) - 1] as number);
    t.is(measured.serviceTimeMs.p95, sorted[Math.ceil(0.95 * sorted.length) - 1] as number);
    t.is(measured.serviceTimeMs.max, sorted.at(-1) as number);
    nearly(t, measured.serviceTimeMs.mean, sorted.reduce((sum, each) => sum + each, 0) / sorted.length);
    t.deepEqual(codesOf(measured), []);
  });
}

test('bursts move the completed rate by a whole burst and are no disagreement', async (t) => {
  // The burst of 50 ends every 300 ms; the window of 1 s sees 3 or 4 of them, the law is 166.7 Hz.
  const measured = await measure(simulateCell({ clients: 50, serviceUs: () => 300_000, windowMs: 1000 }));
  nearly(t, measured.ratePerS, 50 / 0.3);
  nearly(t, measured.rateCompletedPerS, 150);
  t.false(codesOf(measured).includes('rate-disagreement'));
});

test('a window forced open within the first cohort is transient and has the completed rate as its headline', async (t) => {
  // 100 clients, 10 places, 100 ms: the cohort takes 1 s to pass; the window opens after half of it.
  const cell = simulateCell({ clients: 100, places: 10, serviceUs: HUNDRED_MS, windowMs: 500, warmUpLimitMs: 500 });
  const measured = await measure(cell);
  nearly(t, measured.rateCompletedPerS, 100);
  t.is(measured.ratePerS, measured.rateCompletedPerS);
  t.true(naiveEdgeCorrectedRatePerS(cell) > 105, 'the edge-corrected rate is biased upward here');
  const transient = measured.marks.find(({ code }) => code === 'transient');
  t.like(transient, { value: 50, limit: 0 });
  t.regex(transient?.text ?? '', /500 ms after T0, before 50 of 100 clients/);
  t.is(measured.state, 'ok');
});

test('failures of the service, of our own side and their pauses are counted apart', async (t) => {
  const outcomes = ['ok', 'status/SRM_FAILURE', 'ok', 'local/no-port', 'ok'];
  const cell = simulateCell({
    clients: 5,
    serviceUs: HUNDRED_MS,
    outcomeOf: (_, sequence) => outcomes[sequence % 5] as string,
    pauseAfterFailureUs: 150_000,
    windowMs: 1600,
  });
  const measured = await measure(cell);
  // A client's cycle: 5 operations of 100 ms and two pauses of 150 ms, 800 ms; the window holds two cycles.
  nearly(t, measured.ratePerS, (5 * 3) / 0.8);
  nearly(t, measured.inFlight, (5 * 5) / 8);
  nearly(t, measured.pausing, (5 * 3) / 8);
  t.deepEqual(measured.inWindow, { ok: 30, failed: 10, local: 10 });
  t.deepEqual(measured.failureTimeMs, { count: 10, mean: 100, max: 100 });
  t.is(measured.serviceTimeMs.count, 30);
  t.is(
    measured.operations.failed,
    measured.operations.byOutcome['status/SRM_FAILURE']! + measured.operations.byOutcome['local/no-port']!,
  );
  nearly(t, measured.littleErrorRatio, 0);
  t.is(measured.state, 'ok');
});

test('a cell in which half of the operations fail is failed and says with what', async (t) => {
  const outcomes = ['refused', 'ok', 'refused', 'reset'];
  const cell = simulateCell({
    clients: 2,
    serviceUs: HUNDRED_MS,
    outcomeOf: (_, sequence) => outcomes[sequence % 4] as string,
    windowMs: 800,
  });
  const measured = await measure(cell);
  t.is(measured.state, 'failed');
  t.is(measured.reason, '75 % of the operations that ended in the window failed: 8 refused, 4 reset.');
});

test('a cell without a success is failed even when the failures are ours', async (t) => {
  const measured = await measure(simulateCell({ clients: 2, serviceUs: HUNDRED_MS, outcomeOf: () => 'local/no-port' }));
  t.is(measured.state, 'failed');
  t.is(measured.reason, 'None of the 20 operations that ended in the window succeeded.');
});

test('operations that the drain limit cut stay in the concurrency, out of the service times, and are marked', async (t) => {
  // Every operation of client 0 after its first hangs.
  let started = 0;
  const serviceUs = (): number => {
    started += 1;
    return started > 4 && started % 4 === 1 ? 100_000_000 : 100_000;
  };
  const cell = simulateCell({ clients: 4, serviceUs, windowMs: 1000, drainLimitMs: 300, warmUpLimitMs: 1000 });
  const measured = await measure(cell);
  const cutHere = cell.operations.filter(({ outcome }) => outcome === 'cut').length;
  t.true(cutHere > 0);
  t.is(measured.operations.cut, cutHere);
  t.is(measured.operations.byOutcome['cut'], cutHere);
  t.is(measured.marks.find(({ code }) => code === 'cut')?.value, cutHere);
  t.is(measured.serviceTimeMs.max, 100);
  nearly(t, measured.littleErrorRatio, 0);
});

test('a pilot lost in the window makes the cell degraded and leaves moment and number', async (t) => {
  const cell = simulateCell({
    clients: 30,
    pilots: 3,
    serviceUs: exponential(20_000),
    windowMs: 1000,
    lostPilot: { pilot: 1, atMs: 600 },
  });
  const { openUs } = windowOf(cell);
  const measured = await measure(cell);
  t.is(measured.state, 'degraded');
  t.is(measured.reason, '1 pilot with 10 clients was lost in the window.');
  nearly(t, measured.held, 20 + (10 * (600 - openUs / 1000)) / 1000);
  const mark = measured.marks.find(({ code }) => code === 'pilot-lost');
  t.is(mark?.value, 600);
  t.regex(mark?.text ?? '', /^1 pilot with 10 clients lost, the first \(p2\) 600 ms after T0/);
});

test('clients lost before the window make the cell degraded too', async (t) => {
  const cell = simulateCell({
    clients: 30,
    pilots: 3,
    serviceUs: exponential(20_000),
    lostPilot: { pilot: 2, atMs: 1 },
    warmUpLimitMs: 200,
  });
  const measured = await measure(cell);
  t.is(measured.state, 'degraded');
  t.is(measured.reason, 'Only 20 of 30 clients were held (at least 99 % are needed).');
});

test('five per cent of the rows lost on the way trip Little, and the server’s count', async (t) => {
  const { evidence, operations } = simulateCell({
    clients: 40,
    places: 8,
    serviceUs: exponential(20_000),
    windowMs: 3000,
  });
  for (const seed of [1, 2, 3]) {
    const kept = dropShare(operations, 0.05, seed);
    const measured = await summarizeCell(evidence, blocksOf(kept));
    t.true(codesOf(measured).includes('little'), `seed ${seed}: ${measured.littleErrorRatio}`);
    t.true((measured.littleErrorRatio as number) < -0.02);
    t.deepEqual(measured.server, {
      counted: operations.length,
      difference: operations.length - kept.length,
    });
    t.true(codesOf(measured).includes('server-difference'));
  }
});

test('operations that we cut and the server answered all the same are no difference', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 4, serviceUs: HUNDRED_MS });
  const server = { source: 'frontend' as const, counted: operations.length + 3, byOutcome: {}, okButCutHere: 3 };
  const measured = await summarizeCell({ ...evidence, server }, blocksOf(operations));
  t.deepEqual(measured.server, { counted: operations.length + 3, difference: 0 });
  t.deepEqual(codesOf(measured), []);
});

for (const outcome of ['status/entry-count', 'status/text']) {
  test(`an answer that is not as expected (${outcome}) is a success to the service, and no difference`, async (t) => {
    const { evidence, operations } = simulateCell({ clients: 4, serviceUs: HUNDRED_MS });
    const short = operations.map((operation, index) => (index % 7 === 0 ? { ...operation, outcome } : operation));
    const measured = await summarizeCell(evidence, blocksOf(short));
    t.deepEqual(measured.server, { counted: operations.length, difference: 0 });
    t.true(measured.operations.failed > 0);
  });
}

test('long operations that cover the window and end elsewhere are a rate disagreement', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 4, serviceUs: () => 10_000, windowMs: 1000 });
  // 1000 operations that have a tenth of their time in the window and end 5 s after it: 100 Hz that nobody saw end.
  const ghosts = Array.from({ length: 1000 }, (_, index) => ({
    client: 4 + index,
    sequence: 1,
    startUs: -3_000_000,
    durationUs: 10_000_000,
    outcome: 'ok',
  }));
  const measured = await summarizeCell(evidence, blocksOf([...operations, ...ghosts]));
  const mark = measured.marks.find(({ code }) => code === 'rate-disagreement');
  t.truthy(mark);
  nearly(t, mark?.value ?? null, 500);
  t.true((mark?.limit ?? Infinity) < 450);
});

test('a service that slows down within the window is unsteady', async (t) => {
  const cell = simulateCell({ clients: 4, serviceUs: (_, startUs) => 10_000 + startUs / 200, windowMs: 2000 });
  const measured = await measure(cell);
  t.true(codesOf(measured).includes('unsteady'));
});

test('a steady service at its limit is not called unsteady, whatever the seed', async (t) => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const cell = simulateCell({ clients: 50, places: 10, serviceUs: exponential(100_000), windowMs: 3000, seed });
    t.false(codesOf(await measure(cell)).includes('unsteady'), `seed ${seed}`);
  }
});

test('a window shorter than twice the slow operations is marked short', async (t) => {
  const measured = await measure(simulateCell({ clients: 10, serviceUs: () => 600_000, windowMs: 1000 }));
  const mark = measured.marks.find(({ code }) => code === 'short');
  t.like(mark, { value: 1000, limit: 1200 });
});

test('a busy loop, a late loop and idle clients each have their sentence in generator-bound', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 10, serviceUs: () => 20_000, turnUs: 10_000 });
  const health = { ...HEALTHY, loopUtilisation: 0.91, loopDelayP99Ms: 3 };
  const pilots = evidence.pilots.map((pilot) => ({ ...pilot, health }));
  const measured = await summarizeCell({ ...evidence, pilots }, blocksOf(operations));
  const mark = measured.marks.find(({ code }) => code === 'generator-bound');
  nearly(t, mark?.value ?? null, 91);
  t.is(mark?.limit, 85);
  t.regex(mark?.text ?? '', /loop was 91 % busy .*late by 3 ms at p99 \(limit 2 ms.*Only 6\.\d+ of 10 clients/);
});

test('a loop that is late by less than a millisecond is below what timers see', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 10, serviceUs: () => 2000 });
  const pilots = evidence.pilots.map((pilot) => ({ ...pilot, health: { ...HEALTHY, loopDelayP99Ms: 0.9 } }));
  t.deepEqual(codesOf(await summarizeCell({ ...evidence, pilots }, blocksOf(operations))), []);
});

test('rows that were sent and are not on disk are marked', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 4, pilots: 2, serviceUs: HUNDRED_MS });
  const pilots = evidence.pilots.map((pilot, index) => ({ ...pilot, rowsStored: pilot.rowsStored - index * 2 }));
  const mark = (await summarizeCell({ ...evidence, pilots }, blocksOf(operations))).marks.at(-1);
  t.like(mark, { code: 'rows-missing', value: 2, limit: 0 });
});

test('start skew is each first send against its due time on the coordinator’s clock', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 4, pilots: 2, serviceUs: HUNDRED_MS, startSpreadMs: 40 });
  // The second pilot's rows are 5 ms early by its own clock, which its tie knows; client 3 really sent 2 ms late.
  const seen = operations.map((operation) => ({
    ...operation,
    startUs: operation.startUs - (operation.client >= 2 ? 5000 : 0) + (operation.client === 3 ? 2000 : 0),
  }));
  const pilots = evidence.pilots.map((pilot, index) => ({
    ...pilot,
    clock: { ...pilot.clock, startCorrectionMs: index * 5, errorMs: 0.1 + index },
  }));
  const measured = await summarizeCell({ ...evidence, pilots }, blocksOf(seen));
  t.deepEqual(measured.startSkewMs, { p50: 0, p99: 2, max: 2, clockErrorMs: 1.1 });
});

test('a service that did not come back makes the cell failed', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 4, serviceUs: HUNDRED_MS });
  const recovery = { recoveredMs: null, answerWithinMs: 100, withinMs: 5000, probes: 12 };
  const measured = await summarizeCell({ ...evidence, recovery }, blocksOf(operations));
  t.is(measured.state, 'failed');
  t.is(measured.reason, 'The service had not recovered after 5.0 s.');
  t.is(measured.recoveryMs, null);
});

test('a cell without a window is failed, with what its rows still tell', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 4, serviceUs: HUNDRED_MS });
  const measured = await summarizeCell({ ...evidence, window: null }, blocksOf(operations));
  t.is(measured.state, 'failed');
  t.is(measured.reason, 'The window never opened.');
  t.deepEqual([measured.ratePerS, measured.inFlight, measured.held], [null, null, 4]);
  t.is(measured.operations.ok, operations.length);
  const failure = 'The barrier was not reached within 20 s.';
  t.is((await summarizeCell({ ...evidence, window: null, failure }, blocksOf([]))).reason, failure);
});

test('a skipped cell has no numbers and its reason', (t) => {
  const { evidence } = simulateCell({ clients: 4, serviceUs: HUNDRED_MS });
  const cell = skippedCell(evidence, 'The campaign was stopped.');
  t.deepEqual(CellSummarySchema.parse(cell), cell);
  t.like(cell, { id: 'cell-1', state: 'skipped', reason: 'The campaign was stopped.', ratePerS: null });
});
