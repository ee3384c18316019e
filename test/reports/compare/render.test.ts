import test from 'ava';
import { renderComparison } from '../../../reports/compare/compare-format.ts';
import { compareResults } from '../../../reports/compare/compare-results.ts';
import type { Comparison } from '../../../reports/compare/comparison.ts';
import type { FailIfOutcome } from '../../../reports/compare/judge-fail-if.ts';
import { compareMarkdown } from '../../../reports/compare/render-markdown.ts';
import type { CompareInput } from '../../../reports/compare/read-result.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';

const HOSTILE = '<script>alert(1)</script> | `x` @octo [a](http://evil.example) **b** </details>\n# c\u001B[31m';

type Shape = { levels: number; target?: string; factor?: number; sizes?: number };

function resultOf(path: string, { levels, target = 'embedded', factor = 1, sizes = 1 }: Shape): CompareInput {
  const cells = Array.from({ length: levels * sizes * 4 }, (_, index) => {
    const level = 1 + (Math.floor(index / 4) % levels);
    const rate = factor * (100 * level + (index % 4));
    return cellAt(level, rate, { run: 1 + (index % 4), target, directorySize: 1 + Math.floor(index / (4 * levels)) });
  });
  return {
    path,
    summary: { ...summaryOf(...cells), name: path },
    record: { config: { scenario: path }, environment: { host: path } },
  };
}

const paint = (_: string, text: string): string => text;
const OUTCOME: FailIfOutcome = { expression: HOSTILE, verdict: 'holds', reasons: [HOSTILE] };

function compareHostile(): Comparison {
  const shape = { levels: 3, target: HOSTILE, sizes: 2 };
  return compareResults(resultOf(HOSTILE, shape), [
    resultOf('b', { ...shape, factor: 0.8 }),
    resultOf('c', { ...shape, levels: 4 }),
  ]);
}

test('hostile names stay text in Markdown: no tag, link, mention, table cell or line of their own', (t) => {
  const text = compareMarkdown(compareHostile(), [OUTCOME]);
  const outside = text.replaceAll(/(`+) .*? \1(?!`)/g, '');
  t.false(/(?<!\\)<(?!\/?(?:details|summary|sub)>)/.test(outside), outside);
  t.is(text.match(/(?<!\\)<\/details>/g)?.length, 1);
  t.false(/^# c/m.test(text));
  t.false(/@octo/.test(outside));
  t.false(/(?<!\\)\]\(/.test(outside));
  t.false(text.includes('\u001B'));
  for (const line of text.split('\n').filter((each) => each.startsWith('|'))) {
    t.true([8, 12].includes(line.replaceAll(String.raw`\|`, '').match(/\|/g)?.length ?? 0) || /^\| .* \|$/.test(line));
  }
});

test('a comparison of 400 cells and nine results still fits a comment, and says what has no room', (t) => {
  const shape = { levels: 40, sizes: 10 };
  const others = Array.from({ length: 9 }, (_, index) => resultOf(`other-${index}`, { ...shape, factor: 0.9 }));
  const text = compareMarkdown(compareResults(resultOf('a'.repeat(5000), shape), others), []);
  t.true(Buffer.byteLength(text) < 60_000);
  t.regex(text, /more rows have no room here/);
  t.is(text.match(/<details>/g)?.length, 1);
  t.is(text.match(/<\/details>/g)?.length, 1);
});

test('the page has no script, asks for nothing, and shows hostile names as text', async (t) => {
  const page = await renderComparison(compareHostile(), [OUTCOME], { format: 'html', paint });
  t.regex(page, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
  t.false(/<script/i.test(page));
  t.false(/\son\w+=/i.test(page.replaceAll(/<style>[\s\S]*?<\/style>/g, '')));
  t.false(/(?:src|href)="(?!#)/.test(page));
  t.true(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  t.is(page.match(/<svg/g)?.length, 2, 'a chart a series');
  t.notRegex(page, />\d+e\+\d+</, 'levels are written out');
});

test('the terminal gets no control characters of others', async (t) => {
  const text = await renderComparison(compareHostile(), [OUTCOME], { format: 'text', paint });
  t.false(/(?!\n)\p{Cc}/u.test(text));
  t.regex(text, /^B-A {6}rate: slower in 6 of 6 cells \(-20\.0 %\)$/m);
  t.regex(text, /^C-A {6}rate: no difference shown in 6 of 6 cells$/m);
  t.regex(text, /Only in C, not in A/);
  t.regex(text, /Environment differs: host is/);
});

test('cells that one of three has not are shown as missing beside those of the others', async (t) => {
  const comparison = compareResults(resultOf('a', { levels: 3 }), [
    resultOf('b', { levels: 2 }),
    resultOf('c', { levels: 3 }),
  ]);
  const text = await renderComparison(comparison, [], { format: 'text', paint });
  t.regex(text, /^level 3 .* no such cell .* no difference shown$/m);
  const page = await renderComparison(comparison, [], { format: 'html', paint });
  t.true(page.includes('no such cell'));
});

test('JSON is the comparison as it is, with what --fail-if came to', async (t) => {
  const comparison = compareHostile();
  const text = await renderComparison(comparison, [OUTCOME], { format: 'json', paint });
  t.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify({ ...comparison, failIf: [OUTCOME] })));
});
