import test from 'ava';
import { skippedCell } from '../../../reports/measure.ts';
import { renderCellTable } from '../../../reports/page/cell-table.ts';
import { renderPage } from '../../../reports/page.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';
import { type PageTag, readTags } from '../../support/page-tags.ts';
import { viewOf } from '../../support/report-view.ts';

/** The rows of the table by their ids, each as its cells. */
function readRows(tags: readonly PageTag[]): Map<string, PageTag[]> {
  const rows = tags.filter(({ name, attributes }) => name === 'tr' && attributes['id'] !== undefined);
  return new Map(rows.map((row) => [row.attributes['id'] as string, tags.filter(({ parent }) => parent === row)]));
}

function readTable(...cells: CellSummary[]): Map<string, PageTag[]> {
  return readRows(readTags(renderCellTable(summaryOf(...cells)).html));
}

const exact = (row: readonly PageTag[] | undefined): (string | undefined)[] =>
  (row ?? []).map(({ attributes }) => attributes['data-value']);
const shown = (row: readonly PageTag[] | undefined): string[] => (row ?? []).map(({ text }) => text);

test('a row has the numbers of summary.json, exact for a script and short for people', (t) => {
  const cell = cellAt(40, 1234.5678, {
    held: 39.987654,
    inFlight: 39.876543,
    p50: 2100.4,
    p95: 2500.6,
    recoveryMs: 1234.5,
  });
  const row = readTable(cell).get('cell-d20-c40-r1');
  t.deepEqual(exact(row), [
    '0',
    '40',
    '1',
    '39.987654',
    '39.876543',
    '1234.5678',
    '2100.4',
    '2500.6',
    '2500.6',
    '0',
    '2',
    '1234.5',
    '0',
    '0',
  ]);
  t.deepEqual(shown(row), [
    '20 files',
    '40',
    '1',
    '40',
    '39.9',
    '1,235',
    '2.1',
    '2.5',
    '2.5',
    '0',
    '2 ± 0.1',
    '1.2 s',
    'ok',
    '',
  ]);
});

test('what is not known is a dash without a number, and a service that never came back sorts after all that did', (t) => {
  const skipped = skippedCell(cellAt(2, 1), 'Stopped.');
  const hung = cellAt(4, 1, { state: 'failed', reason: 'Hung.', recoveryMs: null, hung: true });
  const rows = readTable(skipped, hung);
  t.deepEqual(exact(rows.get('cell-d20-c2-r1')).slice(3, 12), Array.from({ length: 9 }));
  t.deepEqual(
    shown(rows.get('cell-d20-c2-r1')).slice(3, 12),
    Array.from({ length: 9 }, () => '–'),
  );
  t.is(rows.get('cell-d20-c4-r1')?.[11]?.text, 'never');
  t.is(Number(rows.get('cell-d20-c4-r1')?.[11]?.attributes['data-value']), Infinity);
});

test('notes follow the row of their cell, and many outcomes or sites do not blow them up', (t) => {
  const byOutcome = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`status ${index}`, 100 - index]));
  const marks: CellSummary['marks'] = [{ code: 'short', value: 1, limit: 2, text: 'Too short.' }];
  const cell = cellAt(4, 1, {
    state: 'failed',
    reason: 'Hung.',
    marks,
    operations: { ok: 0, failed: 1, cut: 0, byOutcome },
  });
  const tags = readTags(renderCellTable(summaryOf(cellAt(2, 1), cell)).html);
  const rows = tags.filter(({ name, parent }) => name === 'tr' && parent?.name === 'tbody');
  t.deepEqual(
    rows.map(({ attributes }) => attributes['id'] ?? attributes['class']),
    ['cell-d20-c2-r1', 'cell-d20-c4-r1', 'note'],
  );
  const outcomes = Array.from({ length: 8 }, (_, index) => `${100 - index} status ${index}`).join(', ');
  const others = Array.from({ length: 22 }, (_, index) => 92 - index).reduce((sum, count) => sum + count, 0);
  t.is(
    rows[2]?.text,
    `Hung.From T0 to drained: ${outcomes}, ${others.toLocaleString('en-US')} others.short: Too short.`,
  );
});

test('a page of 200 cells stays small: the table below 400 kB, what shows without scripts below 1.2 MB, all below 2.5 MB', async (t) => {
  const text = 'The rate drifted by 6.1 % of its mean within the window (limit 5.0 %).';
  const marks: CellSummary['marks'] = [{ code: 'unsteady', value: 6, limit: 5, text }];
  const cells = Array.from({ length: 20 }, (_, size) => size).flatMap((size) =>
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map((level) =>
      cellAt(level, (level * 1000) / (size + 3), {
        directorySize: 50 * (size + 1),
        id: `d${size}-c${level}-r1`,
        marks,
      }),
    ),
  );
  const view = viewOf(cells);
  t.is(view.summary.cells.length, 200);
  t.true(renderCellTable(view.summary).html.length < 400_000);
  const page = await renderPage(view);
  const still = page.replaceAll(/<script\b[\s\S]*?<\/script>/g, '');
  t.true(Buffer.byteLength(still) < 1.2e6, `${Buffer.byteLength(still)} bytes without scripts`);
  t.true(Buffer.byteLength(page) < 2.5e6, `${Buffer.byteLength(page)} bytes`);
});
