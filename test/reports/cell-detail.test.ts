/** What is measured of a cell beyond its summary: how its times are spread and how it went. */

import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import type { Outcome } from '../../foundation/outcome.ts';
import { type CellDetail, CellDetailSchema, type Histogram } from '../../reports/cell-detail.ts';
import type { CellEvidence } from '../../reports/evidence.ts';
import { type MeasuredCell, measureCell } from '../../reports/measure.ts';
import { type SyntheticOperation, blocksOf, exponential, simulateCell } from '../support/synthetic-cell.ts';

const sum = (counts: readonly number[] | undefined): number => (counts ?? []).reduce((all, each) => all + each, 0);

/** Each count of the detail is one of the summary's, counted in another way. */
function agrees(t: ExecutionContext, { summary, detail }: MeasuredCell): void {
  const { ok, failed, firstCohort } = detail.serviceTimes;
  t.is(sum(ok?.counts), summary.serviceTimeMs.count);
  t.is(sum(failed?.counts), summary.failureTimeMs.count);
  t.is(sum(firstCohort?.counts), summary.firstCohort.ok);
  const { course } = detail;
  t.is(sum(course?.firstCohort), summary.firstCohort.ok);
  t.is(sum(course?.ok) + sum(course?.firstCohort), summary.operations.ok);
  t.is(sum(course?.failed), summary.operations.failed);
}

function isWellFormed(t: ExecutionContext, detail: CellDetail): void {
  t.deepEqual(CellDetailSchema.parse(JSON.parse(JSON.stringify(detail))), detail);
  for (const histogram of Object.values(detail.serviceTimes)) {
    if (histogram === null) continue;
    t.true(histogram.counts.length <= 60 && histogram.counts[0] !== 0 && histogram.counts.at(-1) !== 0);
  }
  const { course } = detail;
  if (course === null) return;
  t.is(course.ok.length, Math.ceil(course.endMs / course.everyMs));
  t.true(course.ok.length <= 120);
  t.true([1, 2, 5].includes(Number(String(course.everyMs).replace(/0+$/, ''))));
  for (const each of [course.firstCohort, course.failed, course.inFlight]) t.is(each.length, course.ok.length);
}

const outcomes: Outcome[] = ['ok', 'reset', 'local/no-port', 'cut', 'status/entry-count'];

const operationOf: fc.Arbitrary<SyntheticOperation> = fc.record({
  client: fc.nat(20),
  sequence: fc.nat(3),
  startUs: fc.integer({ min: -2000, max: 40_000_000 }),
  durationUs: fc.oneof(fc.constantFrom(0, 1, 2, 2 ** 31 - 1), fc.nat(9_000_000)),
  outcome: fc.constantFrom(...outcomes),
});

const { evidence: EVIDENCE } = simulateCell({ clients: 10, pilots: 2, serviceUs: exponential(9000), seed: 3 });
const pilots = EVIDENCE.pilots.map((pilot, index) => ({
  ...pilot,
  clock: { ...pilot.clock, startCorrectionMs: index * 0.4 },
}));

test('every count of the details is the summary’s count of the same, and is in bounds', async (t) => {
  const windows = [null, { ...EVIDENCE.window, openMs: 900, closeMs: 20_000 }] as CellEvidence['window'][];
  await fc.assert(
    fc.asyncProperty(
      fc.array(operationOf, { maxLength: 300 }),
      fc.constantFrom(...windows),
      async (operations, window) => {
        const measured = await measureCell({ ...EVIDENCE, pilots, window }, blocksOf(operations, 50));
        agrees(t, measured);
        isWellFormed(t, measured.detail);
        t.true(window !== null || measured.detail.serviceTimes.ok === null);
      },
    ),
    { numRuns: 60 },
  );
});

test('the details of a cell do not depend on how its rows come in blocks, nor on their order', async (t) => {
  const { evidence, operations } = simulateCell({
    clients: 30,
    places: 7,
    serviceUs: exponential(20_000),
    outcomeOf: (random) => (random() < 0.2 ? 'reset' : 'ok'),
    windowMs: 3000,
  });
  const { detail, summary } = await measureCell(evidence, blocksOf(operations));
  agrees(t, { detail, summary });
  t.true(summary.operations.failed > 0 && summary.firstCohort.ok > 0 && summary.firstCohort.ok < 30);
  t.deepEqual((await measureCell(evidence, blocksOf(operations.toReversed(), 1))).detail, detail);
});

/** The number of times in [from, to) of each bin, from the times themselves. */
function countNaively({ fromUs, ratio, counts }: Histogram, timesUs: readonly number[]): number[] {
  return counts.map(
    (_, bin) => timesUs.filter((us) => us >= fromUs * ratio ** bin && us < fromUs * ratio ** (bin + 1)).length,
  );
}

test('a bin holds the times between its edges, and no other', async (t) => {
  const time = fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 300 }));
  await fc.assert(
    fc.asyncProperty(fc.array(time, { minLength: 1, maxLength: 100 }), async (timesUs) => {
      const { detail } = await measureCell(EVIDENCE, blocksOf(timesUs.map((us) => startingInWindow(us))));
      const { ok } = detail.serviceTimes;
      // At whole powers of two the sides of an edge are a rounding apart.
      const besideEdges = timesUs.map((us) => us + 1e-12 * us);
      t.deepEqual(ok?.counts, ok === null ? undefined : countNaively(ok, besideEdges));
    }),
    { numRuns: 100 },
  );
});

function startingInWindow(durationUs: number): SyntheticOperation {
  return { client: 0, sequence: 1, startUs: (EVIDENCE.window?.openMs ?? 0) * 1000, durationUs, outcome: 'ok' };
}

test('times that are all equal make one bin; those without length count as a microsecond', async (t) => {
  const alike = await measureCell(EVIDENCE, blocksOf(Array.from({ length: 500 }, () => startingInWindow(1234))));
  const { counts, fromUs, ratio } = alike.detail.serviceTimes.ok as Histogram;
  t.deepEqual(counts, [500]);
  t.true(fromUs <= 1234 && fromUs * ratio > 1234);
  const none = await measureCell(EVIDENCE, blocksOf([startingInWindow(0), startingInWindow(1)]));
  t.like(none.detail.serviceTimes.ok, { counts: [2], fromUs: 1 });
});

async function binsOf(count: number): Promise<number | undefined> {
  const spread = Array.from({ length: count }, (_, index) =>
    startingInWindow(Math.round(100 * 1000 ** (index / count))),
  );
  return (await measureCell(EVIDENCE, blocksOf(spread))).detail.serviceTimes.ok?.counts.length;
}

test('there are as many bins as the number of times supports', async (t) => {
  t.deepEqual(await Promise.all([20, 1000, 40_000].map(binsOf)), [8, 20, 54]);
});

const endingAt = (endMs: number, sequence: number, outcome: Outcome = 'ok'): SyntheticOperation => ({
  client: 0,
  sequence,
  startUs: endMs * 1000 - 400,
  durationUs: 400,
  outcome,
});

test('an operation counts in the step in which it ended, its last moment included', async (t) => {
  const gauges = { everyMs: 10, inFlight: [0, 10, 40, 70], turning: [0, 0, 0, 0], pausing: [0, 0, 0, 0] };
  const rows = [
    endingAt(5, 0),
    endingAt(10, 1),
    endingAt(10.001, 2),
    endingAt(15, 0, 'reset'),
    endingAt(30, 3),
    endingAt(42, 4),
    endingAt(41, 5, 'cut'),
  ];
  const { detail } = await measureCell({ ...EVIDENCE, gauges }, blocksOf(rows));
  t.deepEqual(detail.course, {
    everyMs: 10,
    endMs: 42,
    ok: [1, 1, 1, 0, 1],
    firstCohort: [1, 0, 0, 0, 0],
    failed: [0, 1, 0, 0, 0],
    inFlight: [1, 3, 3, null, null],
  });
});

test('a cell of hours is told in at most 120 steps, and none of its operations is lost on the way', async (t) => {
  const everyMs = 7321;
  const rows = Array.from({ length: 3000 }, (_, sequence) => ({
    client: 0,
    sequence,
    startUs: sequence * everyMs * 1000,
    durationUs: everyMs * 1000,
    outcome: 'ok' as const,
  }));
  const { detail } = await measureCell(EVIDENCE, blocksOf(rows));
  t.like(detail.course, { everyMs: 200_000, endMs: 3000 * everyMs });
  t.is(detail.course?.ok.length, 110);
  t.deepEqual(detail.course?.ok.slice(0, 3), [26, 27, 27]);
});

test('in flight in a step is what the gauges say: with constant load its number of clients', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 12, serviceUs: () => 5000, windowMs: 2000 });
  const { course } = (await measureCell(evidence, blocksOf(operations))).detail;
  const known = course?.inFlight.filter((each) => each !== null) ?? [];
  t.true(known.length > 50 && known.every((each) => Math.abs(each - 12) < 1e-6));
});

test('a cell that was never drained has a course, one without rows and gauges none', async (t) => {
  const { evidence, operations } = simulateCell({
    clients: 4,
    pilots: 2,
    serviceUs: exponential(5000),
    lostPilot: { pilot: 1, atMs: 300 },
  });
  const lost = await measureCell({ ...evidence, drainedMs: null }, blocksOf(operations));
  agrees(t, lost);
  t.true(sum(lost.detail.course?.ok) > 0);
  const gauges = { everyMs: 10, inFlight: [0], turning: [0], pausing: [0] };
  const empty = await measureCell({ ...evidence, gauges, window: null, drainedMs: null }, blocksOf([]));
  t.deepEqual(empty.detail, { serviceTimes: { ok: null, failed: null, firstCohort: null }, course: null });
});
