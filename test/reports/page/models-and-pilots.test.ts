import test from 'ava';
import { describeModels } from '../../../reports/page/models-section.ts';
import { describePilots } from '../../../reports/page/pilots-section.ts';
import type { Section } from '../../../reports/page/section.ts';
import { html } from '../../../reports/page/html.ts';
import type { SeriesModel } from '../../../reports/models/series-model.ts';
import type { PilotLine } from '../../../reports/pilot-lines.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';
import { HEALTHY } from '../../support/synthetic-cell.ts';
import { type PageTag, readTags } from '../../support/page-tags.ts';
import { pilotOf } from '../../support/report-view.ts';

function readSection(section: Section | null): PageTag[] {
  return section === null ? [] : readTags(html`<div>${section.content}</div>`.html);
}

/** The rows of the body of each table, as texts. */
function readTables(tags: readonly PageTag[]): string[][][] {
  const bodies = tags.filter(({ name }) => name === 'tbody');
  return bodies.map((body) =>
    tags
      .filter(({ name, parent }) => name === 'tr' && parent === body)
      .map((row) => tags.filter(({ parent }) => parent === row).map(({ text }) => text)),
  );
}

const LEVELS = [1, 2, 4, 8];

const FITTED: SeriesModel = {
  target: 'http://t',
  scenario: 'srm-ls',
  directorySize: 20,
  levels: 4,
  verdict: 'linear',
  says: 'Grows with its clients.',
  rule: 'rule 2: the line explains it',
  slope: {
    hzPerClient: { value: 0.02513, low: 0.02442, high: 0.02581 },
    interceptHz: { value: -0.1, low: -1.2, high: 1.1 },
    from: 1,
    to: 4,
    r2: 0.99987,
    residualsHz: [0.5, -0.25, 12.345],
  },
  plateau: { hz: { value: 80, low: 78, high: 82 }, from: 4, to: 8, levels: 2, test: 'analysis of variance', p: 0.31 },
  usl: {
    gamma: { value: 10, low: 9, high: 11 },
    sigma: { value: 0.01, low: 0.002, high: 0.018 },
    kappa: { value: 1.2e-6, low: 0.9e-6, high: 1.5e-6 },
    peak: null,
    r2: 0.98,
    residualsHz: [1, 2, 3, 4],
  },
  knee: {
    value: 4.2,
    low: 3.9,
    high: 4.5,
    hzPerClient: { value: 19, low: 18, high: 20 },
    hz: { value: 80, low: 78, high: 82 },
    r2: 0.97,
    residualsHz: [0, 0, 0, -1],
  },
  peak: { level: 8, inFlight: 7.9, hz: 80.1 },
  limit: { lastGood: 8, firstBad: 16 },
  drawn: { model: 'slope', curve: [] },
  withheld: [{ model: 'usl', why: 'Too few levels.' }],
};

test('a model is told with every estimate, its fit, its residuals a level, and what is withheld', (t) => {
  const summary = { ...summaryOf(...LEVELS.map((level) => cellAt(level, level * 10))), models: [FITTED] };
  const tags = readSection(describeModels(summary));
  const [estimates, residuals] = readTables(tags);
  t.deepEqual(estimates, [
    ['slope', '0.0251 Hz per client (0.0244 to 0.0258)', '1 to 4 in flight', 'R² 0.999'],
    ['intercept', '-0.1 Hz (-1.2 to 1.1)', '1 to 4 in flight', ''],
    ['plateau', '80.0 Hz (78.0 to 82.0)', '4 to 8 in flight (2 levels)', 'p 0.31'],
    ['USL γ, one client alone', '10.0 Hz (9.0 to 11.0)', '', 'R² 0.980'],
    ['USL σ, contention', '0.010 (0.002 to 0.018)', '', ''],
    ['USL κ, coherency', '1.20 (0.90 to 1.50) × 10⁻⁶', '', ''],
    ['knee', '4.20 clients in flight (3.90 to 4.50)', '', 'R² 0.970'],
    ['before the knee', '19.0 Hz per client (18.0 to 20.0)', '', ''],
    ['from the knee on', '80.0 Hz (78.0 to 82.0)', '', ''],
    ['highest rate measured', '80.1 Hz at 7.9 in flight', '', ''],
    ['limit', 'between levels 8 and 16', '', ''],
  ]);
  // The line reaches three of four levels.
  t.deepEqual(residuals, [
    ['1', '1', '10', '+0.50', '+1', '0.00'],
    ['2', '2', '20', '-0.25', '+2', '0.00'],
    ['4', '4', '40', '+12.3', '+3', '0.00'],
    ['8', '8', '80', '–', '+4', '-1'],
  ]);
  const texts = tags.map(({ text }) => text);
  for (const told of [
    'Grows with its clients.',
    'Chosen by: rule 2: the line explains it',
    'USL: Too few levels.',
    'Plateau: analysis of variance.',
  ])
    t.true(texts.includes(told), told);
  t.true(texts.some((text) => text.includes('docs/models.md')));
  t.true('open' in (tags.find(({ name }) => name === 'details')?.attributes ?? {}));
});

test('many series are folded, and one that nothing fits says so without an empty table', (t) => {
  const sizes = [1, 2, 3, 4];
  const empty = { slope: null, plateau: null, usl: null, knee: null, peak: null, drawn: null, withheld: [] };
  const models = sizes.map((directorySize): SeriesModel => {
    const limit = { lastGood: 1, firstBad: null };
    return { ...FITTED, ...empty, directorySize, limit, verdict: 'one-level', says: 'One level only.' };
  });
  const cells = sizes.map((directorySize) => cellAt(1, 1, { directorySize, id: `d${directorySize}` }));
  const tags = readSection(describeModels({ ...summaryOf(...cells), models }));
  const folds = tags.filter(({ name }) => name === 'details');
  t.deepEqual(
    folds.map(({ attributes }) => 'open' in attributes),
    [false, false, false, false],
  );
  t.false(tags.some(({ name }) => name === 'table'));
  t.is(tags.filter(({ text }) => text === 'No fit is drawn.').length, 4);
});

const worst = (loopUtilisation: number, busiestCell: string): PilotLine['worst'] => ({
  ...HEALTHY,
  loopUtilisation,
  busiestCell,
});

test('pilots come worst first: lost, silent, then by how busy; columns that nobody can fill are left out', (t) => {
  const tags = readSection(
    describePilots([
      pilotOf('calm', { worst: worst(0.1, 'c1') }),
      pilotOf('busy', { worst: worst(0.9, 'c2') }),
      pilotOf('silent', { worst: null }),
      pilotOf('lost', { lostIn: 'c3', worst: worst(0.2, 'c1') }),
    ]),
  );
  const rows = readTables(tags)[0] ?? [];
  t.deepEqual(
    rows.map((row) => [row[0], row.at(-1)]),
    [
      ['lost', 'lost in c3'],
      ['silent', 'never told its health'],
      ['busy', 'c2'],
      ['calm', 'c1'],
    ],
  );
  const heads = new Set(tags.filter(({ attributes }) => attributes['scope'] === 'col').map(({ text }) => text));
  t.true(heads.has('loop busy'));
  t.false(heads.has('host'));
  t.deepEqual(
    tags.filter(({ name }) => name === 'a').map(({ attributes }) => attributes['href']),
    ['#cell-c3', '#cell-c2', '#cell-c1'],
  );
});

test('of very many pilots a hundred are shown and the others told in a sentence', (t) => {
  const pilots = Array.from({ length: 130 }, (_, index) => pilotOf(`p${index}`, { worst: worst(index / 200, 'c1') }));
  const tags = readSection(describePilots(pilots));
  t.is(readTables(tags)[0]?.length, 100);
  t.true(tags.some(({ text }) => text === '30 further pilots: none lost, at most 14 % busy, clocks within 0.2 ms.'));
  const lost = readSection(describePilots(pilots.map((pilot) => ({ ...pilot, lostIn: 'c9', worst: null }))));
  t.true(lost.some(({ text }) => text === '30 further pilots: 30 lost, none told its health, clocks within 0.2 ms.'));
  t.is(describePilots([]), null);
});
