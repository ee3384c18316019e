import test from 'ava';
import type { CellDetail } from '../../../reports/cell-detail.ts';
import { unpackDetail } from '../../../reports/charts/pack-detail.ts';
import { renderChosenCell } from '../../../reports/page/chosen-cell.ts';
import type { ReportView } from '../../../reports/report-facts.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { skippedCell } from '../../../reports/measure.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';

const DETAIL: CellDetail = {
  serviceTimes: { ok: { fromUs: 1000, ratio: 2, counts: [3, 0, 4] }, failed: null, firstCohort: null },
  course: {
    everyMs: 100,
    endMs: 290,
    ok: [0, 5, 2],
    firstCohort: [0, 0, 0],
    failed: [0, 0, 1],
    inFlight: [4, 4, null],
  },
};

function viewOf(cells: CellSummary[], details: Record<string, CellDetail>): ReportView {
  return {
    summary: summaryOf(...cells),
    facts: {
      record: { config: {}, environment: {} },
      timeouts: [],
      addresses: [],
      details: new Map(Object.entries(details)),
      pilots: [],
      acquisition: null,
    },
  };
}

type Stored = Record<string, { title: string; notes: string[]; detail: Parameters<typeof unpackDetail>[0] | null }>;

function readFacts(page: string): Stored {
  const [, text] = /<script type="application\/json" class="cell-facts">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(text ?? 'null') as Stored;
}

test('the highest ok rate of the first series is shown first, drawn, with its numbers; all others are at hand', async (t) => {
  const cells = [
    cellAt(4, 10, { id: 'slow' }),
    cellAt(8, 20, { id: 'fast' }),
    cellAt(16, 90, { id: 'bad', state: 'failed', reason: 'it hung' }),
    cellAt(8, 99, { id: 'other', directorySize: 1000 }),
  ];
  const { html } = await renderChosenCell(viewOf(cells, { fast: DETAIL, bad: DETAIL }));
  t.regex(html, /<h3 class="cell-title">20 files, level 8, run 1<\/h3>/);
  t.is([...html.matchAll(/<svg /g)].length, 2);
  t.regex(html, /succeeded: 7 operations/);
  const facts = readFacts(html);
  t.deepEqual(Object.keys(facts).toSorted(), ['bad', 'fast', 'other', 'slow']);
  t.deepEqual(unpackDetail(facts['bad']?.detail as never), DETAIL);
  t.true(facts['bad']?.notes.includes('it hung'));
  t.is(facts['slow']?.detail, null);
});

test('a cell whose course was not kept says so', async (t) => {
  const { html } = await renderChosenCell(viewOf([cellAt(4, 10)], {}));
  t.regex(html, /<div class="cell-drawings"><p>How this cell went was not kept/);
  t.is([...html.matchAll(/<svg /g)].length, 0);
});

test('a campaign without any rate has a cell all the same, with the reason', async (t) => {
  const { html } = await renderChosenCell(viewOf([skippedCell(cellAt(4, 1), 'The service did not recover.')], {}));
  t.regex(html, /The service did not recover\./);
  t.is((await renderChosenCell(viewOf([], {}))).html, '');
});

test('hostile text in a cell ends neither its data nor its element', async (t) => {
  const hostile = `</script><script>alert(1)</script><!--"'`;
  const { html } = await renderChosenCell(
    viewOf([cellAt(4, 10, { id: hostile, state: 'failed', reason: hostile })], {}),
  );
  t.is([...html.matchAll(/<script/g)].length, 2);
  t.is([...html.matchAll(/<\/script/g)].length, 2);
  t.true(readFacts(html)[hostile]?.notes.includes(hostile));
});
