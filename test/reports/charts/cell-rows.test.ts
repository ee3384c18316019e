import test from 'ava';
import * as fc from 'fast-check';
import type { CellDetail } from '../../../reports/cell-detail.ts';
import { listCellRows, tabulateCell } from '../../../reports/charts/cell-rows.ts';
import { specifyCourse, specifyServiceTimes } from '../../../reports/charts/cell-specs.ts';
import { renderSvg } from '../../../reports/charts/chart-style.ts';
import { packDetail, unpackDetail } from '../../../reports/charts/pack-detail.ts';

const counts = fc.array(fc.nat(1000), { minLength: 1, maxLength: 120 });
const histogram = fc.option(
  fc.record({
    fromUs: fc.double({ min: 1, max: 1e8, noNaN: true }),
    ratio: fc.constantFrom(1.0219, 1.19, 2),
    counts: fc.array(fc.nat(99), { minLength: 1, maxLength: 60 }),
  }),
);
const course = fc.option(
  fc.tuple(counts, fc.constantFrom(1, 5, 20, 1000)).chain(([ok, everyMs]) => {
    const steps = ok.length;
    const same = fc.array(fc.nat(50), { minLength: steps, maxLength: steps });
    return fc.record({
      everyMs: fc.constant(everyMs),
      endMs: fc.double({ min: (steps - 1) * everyMs + everyMs / 1000, max: steps * everyMs, noNaN: true }),
      ok: fc.constant(ok),
      firstCohort: same,
      failed: same,
      inFlight: fc.array(fc.option(fc.double({ min: 0, max: 5000, noNaN: true })), {
        minLength: steps,
        maxLength: steps,
      }),
    });
  }),
);
const details: fc.Arbitrary<CellDetail> = fc.record({
  serviceTimes: fc.record({ ok: histogram, failed: histogram, firstCohort: histogram }),
  course,
});

const TIMES = { marks: [], windowMs: null };

test('a packed detail has the same counts, and edges that differ by less than can be seen', (t) => {
  fc.assert(
    fc.property(details, (detail) => {
      const back = unpackDetail(JSON.parse(JSON.stringify(packDetail(detail))) as ReturnType<typeof packDetail>);
      t.deepEqual(back.serviceTimes.ok?.counts, detail.serviceTimes.ok?.counts);
      for (const kind of ['ok', 'firstCohort', 'failed'] as const) {
        t.deepEqual(back.course?.[kind], detail.course?.[kind]);
      }
      const [was, is] = [detail.serviceTimes.failed?.fromUs ?? 1, back.serviceTimes.failed?.fromUs ?? 1];
      t.true(Math.abs(is / was - 1) < 1e-5);
      t.is(back.course?.inFlight.length, detail.course?.inFlight.length);
    }),
  );
});

test('no operation is lost or made in joining steps: rates times lengths are the counts', (t) => {
  fc.assert(
    fc.property(details, (detail) => {
      const { rates, times } = listCellRows(detail, TIMES);
      const sum = rates.reduce((all, { from, to, low, high }) => all + (high - low) * (to - from), 0);
      const { ok = [], firstCohort = [], failed = [] } = detail.course ?? {};
      const counted = [...ok, ...firstCohort, ...failed].reduce((all, count) => all + count, 0);
      t.true(Math.abs(sum - counted) <= 1e-3 * counted + 1e-6, `${sum} of ${counted}`);
      const binned = times.reduce((all, row) => all + ('count' in row ? row.count : 0), 0);
      const { serviceTimes } = detail;
      const there = [serviceTimes.ok, serviceTimes.failed, serviceTimes.firstCohort].flatMap(
        (each) => each?.counts ?? [],
      );
      t.is(
        binned,
        there.reduce((all, count) => all + count, 0),
      );
      for (const { from, to } of rates) t.true(to > from && from >= 0);
    }),
  );
});

test('a last step that is shorter than half of the others is joined to the one before it', (t) => {
  const steps = Array.from({ length: 40 }, () => 10);
  const detail: CellDetail = {
    serviceTimes: { ok: null, failed: null, firstCohort: null },
    course: {
      everyMs: 100,
      endMs: 3901,
      ok: steps,
      firstCohort: steps.map(() => 0),
      failed: steps.map(() => 0),
      inFlight: steps,
    },
  };
  const { rates } = listCellRows(detail, TIMES);
  t.is(rates.length, 39);
  t.true(rates.every(({ high }) => high < 200));
});

test('percentiles stand with the successes alone, in the unit that suits them', (t) => {
  const bins = { fromUs: 1000, ratio: 2, counts: [3, 4] };
  const detail: CellDetail = { serviceTimes: { ok: bins, failed: bins, firstCohort: null }, course: null };
  const { times } = listCellRows(detail, {
    marks: [
      ['p50', 1.5],
      ['p99', 2500],
    ],
    windowMs: [500, 1500],
  });
  t.deepEqual(
    times.flatMap((row) => ('at' in row ? [[row.kind, row.text]] : [])),
    [
      ['succeeded', 'p50 1.5 ms'],
      ['succeeded', 'p99 2.5 s'],
    ],
  );
  t.deepEqual(
    times.flatMap((row) => ('head' in row ? [row.head] : [])),
    ['succeeded: 7 operations', 'failed: 7 operations'],
  );
  const [first, second] = tabulateCell(detail);
  t.deepEqual(first?.rows[1], ['succeeded', '2', '4', '4']);
  t.deepEqual(second?.rows, []);
});

test('both charts of a cell are drawn from its rows, with a bar for each', async (t) => {
  const bins = { fromUs: 1000, ratio: 2, counts: [3, 0, 4] };
  const detail: CellDetail = {
    serviceTimes: { ok: bins, failed: null, firstCohort: bins },
    course: {
      everyMs: 100,
      endMs: 300,
      ok: [0, 5, 2],
      firstCohort: [4, 0, 0],
      failed: [0, 0, 1],
      inFlight: [4, 4, null],
    },
  };
  const { times, rates, inFlight, window } = listCellRows(detail, { marks: [['p50', 2]], windowMs: [50, 150] });
  const spread = await renderSvg({ ...specifyServiceTimes(), datasets: { times } });
  t.is([...spread.matchAll(/fill="#0072b2"/g)].length, 2);
  t.is([...spread.matchAll(/fill="#888888"/g)].length, 2);
  t.regex(spread, />p50 2 ms</);
  const drawn = await renderSvg({ ...specifyCourse(), datasets: { rates, inFlight, window } });
  // The bar and its place in the legend.
  t.is([...drawn.matchAll(/fill="#d55e00"/g)].length, 2);
  t.regex(drawn, /s since T0; the window is shaded/);
});
