/** What is found of whole series: verdict, sentence, what is drawn and what is withheld. */

import test, { type ExecutionContext } from 'ava';
import { assert, array, constantFrom, double, integer, property, record } from 'fast-check';
import { createRandom } from '../../../foundation/random.ts';
import { modelCampaign } from '../../../reports/models/model-series.ts';
import { type SeriesModel, SeriesModelSchema } from '../../../reports/models/series-model.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { lawOf, simulateCurve } from '../../support/simulated-curve.ts';
import { cellAt } from '../../support/summary-cells.ts';

const EVEN = [10, 20, 30, 40, 50, 60, 70, 80];

type Curve = { levels?: readonly number[]; runs?: number; rateAt: (clients: number) => number };

function modelOf({ levels = EVEN, runs = 1, rateAt }: Curve): SeriesModel {
  const cells = simulateCurve({ levels, runs, rateAt, noise: 'counts', share: 0.01 }, createRandom(12));
  return modelCampaign(cells)[0] as SeriesModel;
}

type Expected = { verdict: SeriesModel['verdict']; drawn: 'slope' | 'plateau' | 'usl' | 'knee' | null; says: RegExp };

const isFound = test.macro({
  exec: (t: ExecutionContext, curve: Curve, { verdict, drawn, says }: Expected) => {
    const model = modelOf(curve);
    t.is(model.verdict, verdict, model.rule);
    t.is(model.drawn?.model ?? null, drawn, JSON.stringify(model.withheld));
    t.regex(model.says, says);
  },
  title: (name) => `verdict: ${name ?? ''}`,
});

test(
  'a line',
  isFound,
  { rateAt: (clients) => clients / 40 },
  {
    verdict: 'linear',
    drawn: 'slope',
    says: /^Linear: 1 Hz for every [\d.]+ clients \([\d.]+ to [\d.]+\), from 10 to 80 clients in flight \(R2 0\.99\d\)\.$/,
  },
);
test(
  'a line with too few levels to draw',
  isFound,
  { levels: EVEN.slice(3), rateAt: (clients) => clients / 40 },
  {
    verdict: 'linear',
    drawn: null,
    says: /^Linear/,
  },
);
test(
  'a knee',
  isFound,
  { levels: [4, 8, 16, 32, 64, 96, 128], rateAt: (clients) => 3 * Math.min(clients, 22) },
  {
    verdict: 'plateau',
    drawn: 'knee',
    says: /^Grows with its clients, [\d.]+ Hz \(.*\) for every client, to the knee at 2[\d.]+ clients in flight .* from 32 on\.$/,
  },
);
test(
  'all levels alike',
  isFound,
  { rateAt: () => 50 },
  {
    verdict: 'flat',
    drawn: 'plateau',
    says: /^Flat: 50\.?\d* Hz \(.*\) from 10 to 80 clients in flight\.$/,
  },
);
test(
  'a fall',
  isFound,
  { runs: 3, rateAt: lawOf(10, 0.02, 0.0008) },
  {
    verdict: 'retrograde',
    drawn: 'usl',
    says: /^Highest rate .* falls by \d+ % to .* The fitted curve is highest at 3[\d.]+ clients \(.*\)\.$/,
  },
);
test(
  'a fall by less than a tenth, beyond the noise of the runs',
  isFound,
  {
    runs: 5,
    rateAt: (clients) => (clients < 60 ? 50 : 47),
  },
  { verdict: 'retrograde', drawn: 'usl', says: /falls by \d/ },
);
test(
  'a sudden collapse, which no law describes',
  isFound,
  { rateAt: (clients) => (clients < 70 ? clients : 5) },
  {
    verdict: 'collapse',
    drawn: null,
    says: /^Collapses: highest rate 60.* falls by 9\d % to [45]/,
  },
);
test(
  'growth that bends and goes on',
  isFound,
  { levels: [1, 2, 4, 8, 16, 32, 64], rateAt: lawOf(10, 0.02, 0) },
  {
    verdict: 'rising',
    drawn: 'usl',
    says: /^Still rising at the highest level: 2\d\d Hz at 64 clients in flight\.$/,
  },
);

test('what an untuned service does as it runs out of descriptors is no plateau', (t) => {
  const cells = [
    cellAt(20, 10, { inFlight: 20 }),
    cellAt(25, 12.5, { inFlight: 25 }),
    cellAt(28, 8.46, { inFlight: 26.2, inWindow: { ok: 82, failed: 18, local: 0 } }),
    cellAt(40, 0, { state: 'failed', reason: 'Refused.' }),
  ];
  const model = modelCampaign(cells)[0] as SeriesModel;
  t.is(model.verdict, 'retrograde');
  t.deepEqual(model.limit, { lastGood: 28, firstBad: 40 });
  t.regex(
    model.says,
    /^Highest rate 12.5 Hz at 25 .* falls by 32 % to 8.46 Hz .* At level 28, 18 % fail .* level 40: Refused/,
  );
  t.deepEqual(model.peak, { level: 25, inFlight: 25, hz: 12.5 });
});

test('without a rate, with one level or none there is a sentence and no number', (t) => {
  const [none] = modelCampaign([cellAt(1, 0, { state: 'failed', reason: 'Refused.' })]);
  t.like(none, {
    verdict: 'none',
    levels: 0,
    slope: null,
    plateau: null,
    usl: null,
    knee: null,
    peak: null,
    drawn: null,
  });
  const [zero] = modelCampaign([cellAt(1, 0), cellAt(2, 0), cellAt(4, 0)]);
  t.like(zero, { verdict: 'none', levels: 3, drawn: null });
  t.regex(zero?.says ?? '', /^No verdict: no operation succeeded at 3 levels\./);
  const [one] = modelCampaign([cellAt(7, 3)]);
  t.like(one, { verdict: 'one-level', levels: 1, peak: { level: 7, inFlight: 7, hz: 3 } });
  t.deepEqual(modelCampaign([]), []);
});

function atFifty(): number {
  return 50;
}

test('a probability is given where the noise between runs is known, else none', (t) => {
  t.is(modelOf({ rateAt: atFifty }).plateau?.p, null);
  const { p = null, test: name = '' } = modelOf({ rateAt: atFifty, runs: 3 }).plateau ?? {};
  t.true(p !== null && p >= 0 && p <= 1);
  t.regex(name, /^one-way analysis of variance of 24 runs at 8 levels/);
});

test('a fit is drawn between the measured levels alone, with its value within its band', (t) => {
  for (const rateAt of [(clients: number) => clients / 40, lawOf(10, 0.02, 0.0008), () => 50]) {
    const curve = modelOf({ rateAt, runs: 3 }).drawn?.curve ?? [];
    t.true(curve.length >= 60);
    t.deepEqual([curve[0]?.inFlight, curve.at(-1)?.inFlight], [10, 80]);
    t.true(curve.every(({ hz, low, high }) => low <= hz && hz <= high));
  }
});

test('a pattern in the residuals is no noise, and the line is not drawn', (t) => {
  const levels = Array.from({ length: 16 }, (_, index) => 10 * (index + 1));
  const cells = levels.map((level) => cellAt(level, level * (1 + 0.06 * Math.sin((2 * Math.PI * level) / 160))));
  const model = modelCampaign(cells)[0] as SeriesModel;
  t.is(model.verdict, 'linear');
  t.is(model.drawn, null);
  t.regex(model.withheld.find((each) => each.model === 'slope')?.why ?? '', /signs of its residuals/);
});

const anyCell = record({
  level: integer({ min: 1, max: 9 }),
  run: integer({ min: 1, max: 3 }),
  rate: double({ min: 0, max: 1e6, noNaN: true }),
  inFlight: double({ min: 0, max: 300, noNaN: true }),
  state: constantFrom('ok', 'ok', 'ok', 'degraded', 'failed', 'skipped'),
});

function cellsOf(
  drawn: readonly { level: number; run: number; rate: number; inFlight: number; state: string }[],
): CellSummary[] {
  const cells = drawn.map(({ level, run, rate, inFlight, state }) =>
    cellAt(level, rate, { run, inFlight, state: state as CellSummary['state'] }),
  );
  return [...new Map(cells.map((cell) => [cell.id, cell])).values()];
}

test('whatever was measured, every number is one and survives being written and read', (t) => {
  assert(
    property(array(anyCell, { maxLength: 30 }), (drawn) => {
      const models = modelCampaign(cellsOf(drawn));
      const written = SeriesModelSchema.array().parse(JSON.parse(JSON.stringify(models)));
      // JSON has neither a NaN nor an infinity: it makes them null, which this would not equal.
      t.deepEqual(written, models);
    }),
    { numRuns: 150 },
  );
});

test('the order of the cells changes nothing', (t) => {
  const random = createRandom(5);
  assert(
    property(array(anyCell, { minLength: 8, maxLength: 30 }), (drawn) => {
      const cells = cellsOf(drawn);
      const shuffled = cells.map((cell) => ({ cell, at: random() })).toSorted((a, b) => a.at - b.at);
      t.deepEqual(modelCampaign(shuffled.map(({ cell }) => cell)), modelCampaign(cells));
    }),
    { numRuns: 40 },
  );
});

test('rates in another unit scale the rates of a model, and nothing else', (t) => {
  const close = (a: number | undefined, b: number | undefined, factor: number): void => {
    t.true(Math.abs((a ?? NaN) - factor * (b ?? NaN)) <= 1e-6 * Math.abs(factor * (b ?? NaN)) + 1e-12, `${a} ${b}`);
  };
  for (const factor of [1e-3, 60, 12_345.6]) {
    for (const rateAt of [
      lawOf(10, 0.02, 0.0008),
      (clients: number) => 3 * Math.min(clients, 33),
      (clients: number) => clients,
    ]) {
      const cells = simulateCurve({ levels: EVEN, runs: 2, rateAt, noise: 'counts', share: 0.01 }, createRandom(2));
      const [one] = modelCampaign(cells);
      const [scaled] = modelCampaign(cells.map((cell) => ({ ...cell, ratePerS: factor * (cell.ratePerS ?? 0) })));
      t.is(scaled?.verdict, one?.verdict);
      for (const end of ['value', 'low', 'high'] as const) {
        close(scaled?.usl?.gamma[end], one?.usl?.gamma[end], factor);
        close(scaled?.usl?.sigma[end], one?.usl?.sigma[end], 1);
        if (one?.slope) close(scaled?.slope?.hzPerClient[end], one.slope.hzPerClient[end], factor);
        if (one?.plateau) close(scaled?.plateau?.hz[end], one.plateau.hz[end], factor);
        if (one?.knee) close(scaled?.knee?.[end], one.knee[end], 1);
      }
    }
  }
});
