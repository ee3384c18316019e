import test from 'ava';
import { renderFindings } from '../../../reports/page/finding-box.ts';
import { renderHeader } from '../../../reports/page/header.ts';
import { renderTrust } from '../../../reports/page/trust-box.ts';
import type { SeriesModel } from '../../../reports/models/series-model.ts';
import type { CellSummary, Summary } from '../../../reports/summary.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';
import { isWithin, readTags } from '../../support/page-tags.ts';
import { viewOf } from '../../support/report-view.ts';

const NOTHING_FITTED: Pick<SeriesModel, 'rule' | 'slope' | 'plateau' | 'usl' | 'knee' | 'peak' | 'drawn' | 'withheld'> =
  { rule: '', slope: null, plateau: null, usl: null, knee: null, peak: null, drawn: null, withheld: [] };

function modelOf(directorySize: number, says: string, changes: Partial<SeriesModel> = {}): SeriesModel {
  const limit = { lastGood: 8, firstBad: null };
  const series = { target: 'http://t', scenario: 'srm-ls', directorySize, levels: 5 };
  return { ...NOTHING_FITTED, ...series, verdict: 'linear', says, limit, ...changes };
}

/** A series a model. */
function summaryWith(models: SeriesModel[]): Summary {
  const cells = models.map(({ directorySize }) => cellAt(8, 80, { directorySize, id: `d${directorySize}` }));
  return { ...summaryOf(...cells), models };
}

function readFindings(summary: Summary): { shown: string[]; folded: string[]; count: string | undefined } {
  const tags = readTags(renderFindings(summary).html);
  const labels = tags.filter(({ name }) => name === 'dt');
  return {
    shown: labels.filter((tag) => !isWithin(tag, 'details')).map(({ text }) => text),
    folded: labels.filter((tag) => isWithin(tag, 'details')).map(({ text }) => text),
    count: tags.find(({ attributes }) => attributes['class'] === 'hint')?.text,
  };
}

test('few series are all told, in their order', (t) => {
  const summary = summaryWith([20, 100, 1000].map((size) => modelOf(size, 'Linear.')));
  t.deepEqual(readFindings(summary), { shown: ['20 files', '100 files', '1000 files'], folded: [], count: undefined });
});

test('of many series those that break first are told, the others behind a fold, with the verdicts counted', (t) => {
  const sizes = Array.from({ length: 20 }, (_, index) => (index + 1) * 10);
  const summary = summaryWith(
    sizes.map((size) => {
      if (size === 150) return modelOf(size, 'Hangs.', { verdict: 'none', limit: { lastGood: 2, firstBad: 4 } });
      return modelOf(size, 'Says so.', size === 200 ? { verdict: 'collapse' } : {});
    }),
  );
  const { shown, folded, count } = readFindings(summary);
  t.is(count, '20 series: 18 linear, 1 no verdict, 1 collapse; 1 fails at a level.');
  t.is(shown.length, 9);
  t.true(shown.includes('150 files') && shown.includes('200 files'));
  t.deepEqual([...shown, ...folded].toSorted(), sizes.map((size) => `${size} files`).toSorted());
});

test('a long finding leaves room for fewer, and one is always there', (t) => {
  const long = summaryWith([1, 2, 3].map((size) => modelOf(size, 'word '.repeat(70))));
  t.is(readFindings(long).shown.length, 1);
});

function readTrust(...cells: CellSummary[]) {
  const tags = readTags(renderTrust(summaryOf(...cells)).html);
  const textOf = (name: string): string[] => tags.filter((tag) => tag.name === name).map(({ text }) => text);
  return {
    title: textOf('h2')[0],
    checks: textOf('dt'),
    signs: tags.filter(({ attributes }) => attributes['class']?.startsWith('verdict')).map(({ text }) => text),
    links: tags.filter(({ name }) => name === 'a').map(({ text, attributes: { href } }) => `${text} ${href}`),
  };
}

test('what asks to look stands first and leads to its cells; each sign is a word', (t) => {
  const late = { startSkewMs: { p50: 1, p99: 400, max: 500, clockErrorMs: null } };
  const { title, checks, signs, links } = readTrust(cellAt(1, 1), cellAt(2, 2, late), cellAt(4, 4, late));
  t.is(title, 'Believe it? YES for 1 of 3 cells');
  t.is(checks[0], 'start');
  t.deepEqual([signs[0], signs[1], signs.at(-1)], ['[look]', '[ok]', '[not checked]']);
  t.deepEqual(links, [
    'd20-c2-r1 #cell-d20-c2-r1',
    'd20-c4-r1 #cell-d20-c4-r1',
    '[look] #cell-d20-c2-r1',
    'd20-c2-r1 #cell-d20-c2-r1',
    'd20-c4-r1 #cell-d20-c4-r1',
  ]);
});

test('of very many cells in doubt some are linked and the others counted', (t) => {
  const cells = Array.from({ length: 120 }, (_, index) =>
    cellAt(index + 1, 1, { state: 'degraded', reason: 'Lost.', held: 0.5 * (index + 1) }),
  );
  const { title, links } = readTrust(...cells);
  t.is(title, 'Believe it? NO, each of 120 cells needs a look');
  t.is(links.filter((link) => link.startsWith('d20-')).length, 1 + 40 + 40);
  t.deepEqual(
    links.filter((link) => link.endsWith('#cells')),
    ['79 more in the table #cells', '80 more in the table #cells'],
  );
});

test('the head names few targets and addresses, and counts the rest; times are in UTC until a script has them', (t) => {
  const cells = Array.from({ length: 12 }, (_, index) => cellAt(1, 1, { target: `t${index}`, id: `c${index}` }));
  const view = viewOf(cells, { addresses: ['192.0.2.1', '192.0.2.2'] });
  const tags = readTags(renderHeader(view).html);
  const lines = tags.filter(({ name }) => name === 'p').map(({ text }) => text);
  t.deepEqual(lines.slice(0, 3), [
    '2026-11-21 14:02 to 14:04 UTC',
    't0, t1, t2 and 9 more (192.0.2.1, 192.0.2.2)',
    '12 cells: 12 ok, 0 degraded, 0 failed',
  ]);
  const times = tags.filter(({ name }) => name === 'time').map(({ attributes }) => attributes['datetime']);
  t.deepEqual(times, ['2026-11-21T14:02:00.000Z', '2026-11-21T14:04:10.000Z']);
});
