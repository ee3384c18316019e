import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { codeMarkdown, escapeMarkdown, tableMarkdown } from '../../../reports/formats/markdown-text.ts';
import { renderMarkdown } from '../../../reports/formats/render-markdown.ts';
import { modelCampaign } from '../../../reports/models/model-series.ts';
import { putOnOneLine } from '../../../reports/plain-text.ts';
import type { Summary } from '../../../reports/summary.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';

const escapes = test.macro({
  exec: (t: ExecutionContext, text: string, expected: string) => t.is(escapeMarkdown(text), expected),
  title: (_, text) => `Markdown: ${JSON.stringify(text)} stays text`,
});

test(escapes, '39.4 % of 1,204', '39.4 % of 1,204');
test(escapes, '<b> & [a](b) *c* _d_ `e` ~f~ #1 $x$', String.raw`\<b\> \& \[a\](b) \*c\* \_d\_ \`e\` \~f\~ \#1 \$x\$`);
test(escapes, 'a | b', String.raw`a \| b`);
test(escapes, '- no list\n- here', String.raw`\- no list - here`);
test(escapes, '12. no list', String.raw`12\. no list`);
test(escapes, '-3.5 Hz', '-3.5 Hz');
test(escapes, 'http://127.0.0.1:80 and www.example.org', String.raw`http\://127.0.0.1:80 and www\.example.org`);
test(escapes, 'ask @somebody', 'ask @\u200Bsomebody');

test('any text comes back by CommonMark’s rule for the backslash, and nothing in it is left to mean something', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...HOSTILE_TEXTS)), (text) => {
      const escaped = escapeMarkdown(text);
      const shown = escaped.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1').replaceAll('@\u200B', '@');
      t.is(shown, putOnOneLine(text).trim());
      t.notRegex(escaped.replaceAll(/\\[!-/:-@[-`{-~]/g, ''), /[\\`*_[\]<>&|~#$]/);
    }),
  );
});

test('code is between more ticks than it has, and text with a bar is no code', (t) => {
  t.is(codeMarkdown('rate > 1 Hz'), '`rate > 1 Hz`');
  t.is(codeMarkdown('a `b` c'), '``a `b` c``');
  t.is(codeMarkdown('`b`'), '`` `b` ``');
  t.is(codeMarkdown('a | b'), String.raw`a \| b`);
  t.is(codeMarkdown(' '), '');
});

/** Bars that part cells: those without a backslash before them. */
function countBars(line: string): number {
  return line.replaceAll(/\\./g, '').split('|').length - 1;
}

test('a table has as many cells in every row as in its head', (t) => {
  const rows = HOSTILE_TEXTS.map((text) => [escapeMarkdown(text), codeMarkdown(text)]);
  for (const line of tableMarkdown(['a | b', 'c'], rows)) t.is(countBars(line), 3, line);
});

const CELLS = [1, 2, 4, 8, 16].map((level) => cellAt(level, level * 10));

test('the whole: finding, thresholds, expectations, trust, a line a level, and why a cell is not ok', (t) => {
  const cells = [...CELLS, cellAt(32, 0, { state: 'failed', reason: 'service hung' })];
  const text = renderMarkdown({
    ...summaryOf(...cells),
    name: 'first look',
    models: modelCampaign(cells),
    thresholds: [{ check: 'rate > 1 Hz', verdict: 'not met', measured: '0.5 Hz', otherwise: 'fail' }],
    findings: {
      source: 'a paper',
      rows: [{ says: 'It rises', check: 'slope > 0', verdict: 'met', measured: '10 Hz' }],
    },
  });
  t.deepEqual(
    text.split('\n').filter((line) => line.startsWith('#')),
    [
      '# first look',
      '## Finding',
      '## Thresholds',
      '## Expected and measured',
      '## Believe it?',
      '## Levels',
      '## Models',
      '## Not ok',
    ],
  );
  t.regex(text, /^\| ✗ not met \| `rate > 1 Hz` \| 0\.5 Hz \|$/m);
  t.regex(text, /^\| It rises \| ✓ met \| `slope > 0` \| 10 Hz \|$/m);
  t.regex(text, /^\| 20 files \| 16 \| 1 \| 16 \| 160 \| one run \|/m);
  t.regex(text, /^- `d20-c32-r1` failed: service hung$/m);
  t.regex(text, / {2}- Limit between levels 16 and 32\.$/m);
});

test('hostile text makes no line, no table cell, no tag and no command of its own', (t) => {
  for (const hostile of HOSTILE_TEXTS) {
    const cells = [
      cellAt(1, 10, { target: hostile }),
      cellAt(2, 0, { target: hostile, state: 'failed', reason: hostile, id: hostile }),
    ];
    const summary: Summary = {
      ...summaryOf(...cells),
      name: hostile,
      models: modelCampaign(cells),
      thresholds: [{ check: hostile, verdict: 'not met', measured: hostile, otherwise: 'fail' }],
      findings: { source: hostile, rows: [{ says: hostile, check: hostile, verdict: 'met', measured: hostile }] },
    };
    const lines = renderMarkdown(summary).split('\n');
    const harmless = renderMarkdown({ ...summary, name: 'x' }).split('\n');
    t.is(lines.length, harmless.length);
    for (const line of lines) {
      t.regex(line, /^(?:#{1,2} ?|- | {2}- |\||Medians|$)/, line);
      t.notRegex(line.replaceAll(/`[^`]*`/g, '').replaceAll(/\\./g, ''), /[<>]|\]\(/);
    }
    const widths = new Set(lines.filter((line) => line.startsWith('|')).map(countBars));
    t.deepEqual(
      [...widths].toSorted((a, b) => a - b),
      [4, 5, 13],
    );
  }
});
