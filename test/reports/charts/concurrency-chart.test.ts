import test from 'ava';
import * as fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { collectChartData } from '../../../reports/charts/chart-data.ts';
import { renderSvg } from '../../../reports/charts/chart-style.ts';
import { createConcurrencyChart } from '../../../reports/charts/concurrency-chart.ts';
import type { Variant } from '../../../reports/charts/chart-panel.ts';
import { estimateWidth } from '../../../reports/charts/text-width.ts';
import { skippedCell } from '../../../reports/measure.ts';
import { modelCampaign } from '../../../reports/models/model-series.ts';
import type { TimeoutsMs } from '../../../reports/report-facts.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';

const PATIENT: TimeoutsMs = { connect: 75_000, handshake: 60_000, answer: 600_000 };

type Datasets = Record<string, readonly Record<string, unknown>[]>;

function chartOf(cells: CellSummary[], timeoutsMs: TimeoutsMs = PATIENT) {
  const summary = { ...summaryOf(...cells), models: modelCampaign(cells) };
  const chart = createConcurrencyChart({ summary, facts: { timeouts: [{ targets: ['t'], timeoutsMs }] } });
  if (chart === null) throw new Error('these cells have a rate');
  const specify = (variant: Partial<Variant> = {}) =>
    chart.specify({ size: 'wide', x: chart.x, rate: 'total', ...variant });
  const dataOf = (variant: Partial<Variant> = {}): Datasets =>
    (specify(variant) as unknown as { datasets: Datasets }).datasets;
  return { ...chart, specify, dataOf, draw: (variant: Partial<Variant> = {}) => renderSvg(specify(variant)) };
}

/** The marks of an SVG with a description, the links, and all texts; throws when it is not well-formed. */
function readSvg(svg: string): { points: string[]; links: string[]; texts: string[] } {
  const read = { points: [] as string[], links: [] as string[], texts: [] as string[] };
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'path' && attributes['aria-roledescription'] === 'point')
      read.points.push(attributes['aria-label'] ?? '');
    if (name === 'a') read.links.push(`${attributes['tabindex']} ${attributes['xlink:href']}`);
  });
  parser.on('text', (text) => read.texts.push(text));
  parser.write(svg).close();
  return read;
}

/** A service with room for eight. */
const rateAt = (level: number): number => Math.min(10 * level, 80);

const campaign = (levels: readonly number[], runs: number, changes: Partial<CellSummary> = {}): CellSummary[] =>
  levels.flatMap((level) =>
    Array.from({ length: runs }, (_, run) => {
      const id = `d${changes.directorySize ?? 20}-c${level}-r${run + 1}`;
      return cellAt(level, rateAt(level) * (1 + run / 50), {
        run: run + 1,
        id,
        p50: level,
        p95: 2 * level,
        ...changes,
      });
    }),
  );

test('every run is a point that leads to its cell, on both panels, told once', async (t) => {
  const cells = [...campaign([1, 4, 16], 2), ...campaign([1, 4, 16], 2, { directorySize: 1000 })];
  const { points, links, texts } = readSvg(await chartOf(cells).draw());
  t.is(points.length, 12);
  t.true(points.includes('20 files, level 4, run 2: 40.8 Hz at 4 in flight, ok'));
  t.deepEqual(links.toSorted(), cells.flatMap(({ id }) => [`-1 #cell-${id}`, `-1 #cell-${id}`]).toSorted());
  for (const text of ['20 files', '1000 files', 'operations per second (Hz)', 'clients in flight (time average)']) {
    t.true(texts.includes(text), text);
  }
});

test('a line breaks where a level has no run that is ok', (t) => {
  const cells = [cellAt(1, 10), cellAt(2, 20), cellAt(4, 0, { state: 'failed' }), cellAt(8, 40)];
  const data = collectChartData(summaryOf(...cells));
  t.deepEqual(
    data?.lines.map(({ inFlight, stretch }) => [inFlight, stretch]),
    [
      [1, 0],
      [2, 0],
      [8, 1],
    ],
  );
  t.is(data?.runs.length, 4);
});

const spreadOf = (rates: number[]) => {
  const cells = rates.map((rate, run) => cellAt(4, rate, { run: run + 1 }));
  const { dataOf, figure } = chartOf([...cells, cellAt(1, 9)]);
  const { low, high } = (dataOf()['lines'] ?? [])[1] as { low: number; high: number };
  return { low, high, caption: figure.caption };
};

test('the spread is lowest to highest, from five runs on a t interval of the mean', (t) => {
  t.like(spreadOf([10, 14, 11]), { low: 10, high: 14 });
  t.regex(spreadOf([10, 14, 11]).caption, /Upright: lowest to highest run\./);
  const { low, high, caption } = spreadOf([10, 12, 11, 13, 14]);
  // Mean 12, s = sqrt(2.5), t(0.975, 4) = 2.776: half = 2.776 * 1.5811 / sqrt(5) = 1.963.
  t.true(Math.abs(low - 10.037) < 1e-3 && Math.abs(high - 13.963) < 1e-3, `${low} ${high}`);
  t.regex(caption, /Upright: 95 % t interval of the mean from 5 runs on, else lowest to highest run\./);
});

test('a timeout is a hairline only where it is in range, in the unit of the chart; equal ones are one', async (t) => {
  const cells = [cellAt(1, 1, { p50: 1000, p95: 3000 }), cellAt(8, 1, { p50: 2000, p95: 9000 })];
  const near = chartOf(cells, { connect: 20_000, handshake: 60_000, answer: 600_000 });
  t.deepEqual(near.dataOf()['timeouts'], [{ time: 20, text: 'connect timeout 20 s' }]);
  t.true(readSvg(await near.draw()).texts.includes('connect timeout 20 s'));
  t.regex(near.figure.caption, /Timeouts: connect 20 s, handshake 60 s, answer 600 s\./);
  const equal = chartOf(cells, { connect: 10_000, handshake: 10_000, answer: 10_000 });
  t.deepEqual(equal.dataOf()['timeouts'], [{ time: 10, text: 'connect, handshake, answer timeout 10 s' }]);
});

test('the limit is a bracket between levels, named at it and in the caption', async (t) => {
  const failed = { state: 'failed', reason: 'all failed', hung: true } as const;
  const cells = [...campaign([1, 2, 4, 8], 2), cellAt(16, 3, { ...failed, id: 'bad', inFlight: 5 })];
  const { dataOf, draw, figure } = chartOf(cells);
  t.deepEqual(dataOf()['limits'], [{ from: 8, to: 16, series: [0] }]);
  const { texts, points } = readSvg(await draw());
  t.true(texts.includes('limit 8 – 16'));
  t.true(points.some((point) => point.endsWith('failed')));
  t.regex(figure.caption, /Cross: failed\..*Shaded, in clients asked for: limit between 8 and 16\./);
});

test('a fit is drawn as far as its model says, and not at all when it says nothing', (t) => {
  const cells = campaign([1, 2, 4, 8, 16, 32], 3);
  const models = modelCampaign(cells).map((model) => ({
    ...model,
    drawn: { model: 'usl' as const, curve: [1, 8].map((inFlight) => ({ inFlight, hz: inFlight, low: -1, high: 9 })) },
  }));
  const fitsOf = (drawn: boolean) => {
    const summary = {
      ...summaryOf(...cells),
      models: drawn ? models : models.map((model) => ({ ...model, drawn: null })),
    };
    const chart = createConcurrencyChart({ summary, facts: { timeouts: [] } });
    const spec = chart?.figure.spec as unknown as { datasets: Datasets } | undefined;
    return spec?.datasets['fits'];
  };
  t.deepEqual(fitsOf(true), [
    { series: 0, inFlight: 1, hz: 1, low: 0, high: 9 },
    { series: 0, inFlight: 8, hz: 8, low: 0, high: 9 },
  ]);
  t.deepEqual(fitsOf(false), []);
});

test('without a percentile there is one panel, without a rate there is no chart', async (t) => {
  const { texts } = readSvg(
    await chartOf([cellAt(1, 10, { p50: null, p95: null }), cellAt(2, 10, { p50: null, p95: null })]).draw(),
  );
  t.false(texts.some((text) => text.startsWith('service time')));
  t.true(texts.includes('clients in flight (time average)'));
  t.is(collectChartData(summaryOf(skippedCell(cellAt(1, 1), 'stopped'))), null);
  t.like(collectChartData(summaryOf(cellAt(1, 10), cellAt(2, 0, { inFlight: 0, state: 'failed' }))), { undrawn: 1 });
});

test('hostile names stay text, in every variant', async (t) => {
  const target = `</svg><script>alert(1)</script>"'&\u{1F4A9}`;
  const cells = ['a', target].flatMap((name) => campaign([1, 4], 1, { target: name, id: `${name}"><script>` }));
  const chart = chartOf(cells);
  for (const size of ['wide', 'narrow'] as const) {
    for (const x of ['linear', 'log'] as const) {
      for (const rate of ['total', 'per-client'] as const) {
        const svg = await chart.draw({ size, x, rate });
        t.false(svg.includes('<script'));
        t.is(readSvg(svg).links.length, 8);
      }
    }
  }
});

/** Campaigns of any shape. */
const campaigns = fc
  .array(
    fc.record({
      directorySize: fc.constantFrom(1, 20, 1000),
      target: fc.constantFrom('a', 'storage-door-one.example.org:8443/srm/manager'),
      level: fc.constantFrom(1, 2, 8, 64, 500),
      run: fc.integer({ min: 1, max: 3 }),
      ratePerS: fc.double({ min: 0, max: 1e5, noNaN: true }),
      inFlight: fc.double({ min: 0.01, max: 500, noNaN: true }),
      p50: fc.option(fc.double({ min: 0.01, max: 1e6, noNaN: true })),
      state: fc.constantFrom('ok', 'degraded', 'failed'),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((all) =>
    all.map(({ ratePerS, level, ...rest }, index) =>
      cellAt(level, ratePerS, { ...rest, p95: rest.p50, id: String(index) }),
    ),
  );

const rightOf = ({ left, text }: { left: number; text: string }): number => left + estimateWidth(text, 11);

test('no words on a chart lie on others, whatever the campaign', (t) => {
  fc.assert(
    fc.property(campaigns, fc.constantFrom('wide', 'narrow'), fc.constantFrom('linear', 'log'), (cells, size, x) => {
      const data = chartOf(cells).dataOf({ size, x });
      for (const panel of ['rate', 'time']) {
        const words = [...(data[`${panel}-names`] ?? []), ...(data[`${panel}-remarks`] ?? [])] as {
          text: string;
          left: number;
          middle: number;
        }[];
        for (const [index, word] of words.entries()) {
          t.true(Number.isFinite(word.left) && Number.isFinite(word.middle));
          for (const other of words.slice(index + 1)) {
            const isBeside = rightOf(word) < other.left || rightOf(other) < word.left;
            t.true(isBeside || Math.abs(word.middle - other.middle) >= 12, `${word.text} on ${other.text}`);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});
