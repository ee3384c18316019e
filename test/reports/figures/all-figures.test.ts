import test from 'ava';
import { SaxesParser } from 'saxes';
import { renderSvg } from '../../../reports/charts/chart-style.ts';
import { CLASS_COLOURS } from '../../../reports/figures/class-colours.ts';
import { collectFigures } from '../../../reports/figures/collect-figures.ts';
import { skippedCell } from '../../../reports/measure.ts';
import { STYLE_SHEET } from '../../../reports/page/style.ts';
import { SummarySchema } from '../../../reports/summary.ts';
import type { ReportView } from '../../../reports/report-facts.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { viewOf } from '../../support/report-view.ts';
import { cellAt } from '../../support/summary-cells.ts';

/** A campaign with something for every figure. */
function fullView(
  changes: (cell: CellSummary) => Partial<CellSummary>,
  names: { target: string; site: string },
): ReportView {
  const cells = [names.target, 'other'].flatMap((target) =>
    [20, 100, 200, 1000].flatMap((directorySize) =>
      [10, 40].map((level) => {
        const serviceTimeMs = { count: 90, mean: 100, p50: 100, p90: 100, p95: 100, p99: null, max: 100 };
        const cell = cellAt(level, 50, {
          target,
          directorySize,
          serviceTimeMs,
          phasesMs: { connect: 1, handshake: 9, firstByte: 85, rest: 5 },
          operations: { ok: 90, failed: 5, cut: 5, byOutcome: { ok: 90, refused: 5, cut: 5 } },
          hung: false,
        });
        return { ...cell, id: `${target === names.target ? 'first' : 'second'}-${cell.id}`, ...changes(cell) };
      }),
    ),
  );
  const queueWaitMs = { count: 1, p50: null, p95: null, max: 10 };
  const sites = [names.site, 'other'].map((site) => ({ site, asked: 1, joined: 1, refused: 0, lost: 0, queueWaitMs }));
  const steps = [{ atMs: 1, neededSlots: 1, pendingPilots: 1, readyPilots: 0, heldSlots: 0 }];
  const acquisition = { sites, steps, cells: [{ id: 'first-d20-c10-r1', startedAtMs: 2, firedAtMs: 3 }] };
  const view = viewOf(cells, { acquisition });
  return { ...view, summary: { ...view.summary, acquisition: sites } };
}

const NAMES = { target: 'http://t', site: 'here' };
const IDS = [
  'concurrency',
  'rate-by-size',
  'time-by-size',
  'time-against-size',
  'phases',
  'outcomes',
  'acquisition',
  'queue-wait',
  'start-skew',
  'recovery',
];

test('figures come in the order in which a reader asks', (t) => {
  t.deepEqual(
    collectFigures(fullView(() => ({}), NAMES)).map(({ id }) => id),
    IDS,
  );
});

test('every row of a table is as wide as its head, and sentences end', (t) => {
  for (const { id, table, sentence, caption } of collectFigures(fullView(() => ({}), NAMES))) {
    t.true(table.rows.length > 0, id);
    for (const row of table.rows) t.is(row.length, table.columns.length, id);
    t.regex(sentence, /^[A-Z0-9h].*\.$/, id);
    t.regex(caption, /^$|\.$/, id);
    t.notRegex(`${sentence} ${caption}`, /undefined|NaN|null|Infinity/, id);
  }
});

const DRAWING_ELEMENTS = new Set(['svg', 'g', 'path', 'text', 'line', 'rect', 'defs', 'clipPath', 'a', 'tspan']);

/** The elements of an SVG beyond those that drawings are made of; throws when it is no XML. */
function findStrangers(svg: string): string[] {
  const found: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => found.push(name));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(svg).close();
  return found.filter((name) => !DRAWING_ELEMENTS.has(name));
}

for (const text of HOSTILE_TEXTS) {
  test(`a target and a site named ${JSON.stringify(text)} stay text in every drawing`, async (t) => {
    for (const { id, spec } of collectFigures(fullView(() => ({}), { target: text, site: text }))) {
      if (spec !== null) t.deepEqual(findStrangers(await renderSvg(spec)), [], id);
    }
  });
}

const NULLS = { connect: null, handshake: null, firstByte: null, rest: null };
const NO_TIMES = { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };

const EDGES: [string, (cell: CellSummary) => Partial<CellSummary>][] = [
  ['all cells skipped', (cell) => skippedCell(cell, 'stopped')],
  [
    'all cells failed without a window',
    () => ({
      state: 'failed',
      windowMs: null,
      ratePerS: null,
      inFlight: null,
      serviceTimeMs: NO_TIMES,
      phasesMs: NULLS,
    }),
  ],
  ['nothing in flight', () => ({ state: 'failed', inFlight: 0, ratePerS: 0, serviceTimeMs: NO_TIMES })],
  [
    'times of nothing',
    (cell) => ({
      serviceTimeMs: { ...cell.serviceTimeMs, mean: 0, p50: 0, p95: 0 },
      phasesMs: { connect: 0, handshake: 0, firstByte: 0, rest: 0 },
      recoveryMs: 0,
    }),
  ],
  ['rates of nothing', () => ({ ratePerS: 0 })],
  ['all degraded', () => ({ state: 'degraded' })],
  [
    'nothing known but the rate',
    () => ({
      serviceTimeMs: NO_TIMES,
      phasesMs: NULLS,
      recoveryMs: null,
      hung: null,
      startSkewMs: { p50: null, p99: null, max: null, clockErrorMs: null },
    }),
  ],
];

for (const [name, changes] of EDGES) {
  test(`a campaign with ${name} has figures that can be drawn`, async (t) => {
    for (const figure of collectFigures(fullView(changes, NAMES))) {
      const svg = figure.spec === null ? '' : await renderSvg(figure.spec);
      t.notRegex(svg + figure.sentence + figure.caption, /NaN|Infinity|undefined/, figure.id);
      t.notRegex(JSON.stringify(figure.table), /NaN|Infinity|undefined|∞/, figure.id);
    }
  });
}

test('the summary of such a campaign is one', (t) => {
  t.true(SummarySchema.safeParse(fullView(() => ({}), NAMES).summary).success);
});

/** Relative luminance by WCAG 2. */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminanceOf(a), luminanceOf(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test('colours of phases and outcomes stand out from the page, light and dark, and the page knows each', (t) => {
  for (const { light, dark } of CLASS_COLOURS) {
    t.true(contrast(light, '#ffffff') >= 3, light);
    t.true(contrast(dark, '#14181c') >= 3, dark);
    t.true(STYLE_SHEET.includes(`svg [fill="${light}"] { fill: ${dark}; }`), light);
  }
  t.is(new Set(CLASS_COLOURS.map(({ light }) => light)).size, CLASS_COLOURS.length);
});
