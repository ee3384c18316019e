import test from 'ava';
import { renderPage } from '../../../reports/page.ts';
import { escapeText, html } from '../../../reports/page/html.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { cellAt } from '../../support/summary-cells.ts';
import { readTags } from '../../support/page-tags.ts';
import { pilotOf, viewOf } from '../../support/report-view.ts';

const HOSTILE = `<script>alert(1)</script>"'&</td>\u0000\u202Egnp.exe\u2066\uD800 onload="x" --> <!--`;
/** What is left of it, as text: everything, with replacement characters for what HTML forbids or reverses. */
const SHOWN = `<script>alert(1)</script>"'&</td>\uFFFD\uFFFDgnp.exe\uFFFD\uFFFD onload="x" --> <!--`;

function hostileCells(): CellSummary[] {
  const marks: CellSummary['marks'] = [{ code: 'short', value: 1, limit: 2, text: HOSTILE }];
  const names = { target: HOSTILE, scenario: HOSTILE };
  const operations = { ok: 1, failed: 3, cut: 0, byOutcome: { ok: 1, [HOSTILE]: 3 } };
  return [1, 2, 4, 8, 16].map((level) =>
    level < 16
      ? cellAt(level, level * 10, names)
      : cellAt(level, 1, { ...names, state: 'failed', reason: HOSTILE, marks, operations }),
  );
}

function countScripts(page: string): number {
  return readTags(page).filter(({ name }) => name === 'script').length;
}

test('whatever text says, it stays text, in every part of the page', async (t) => {
  const view = viewOf([...hostileCells(), cellAt(1, 1, { id: 'other' })], {
    record: { config: { [HOSTILE]: HOSTILE }, environment: { host: HOSTILE } },
    addresses: [HOSTILE],
    timeouts: [{ targets: [HOSTILE], timeoutsMs: { connect: 1, handshake: 1, answer: 1 } }],
    pilots: [pilotOf(HOSTILE, { site: HOSTILE, host: HOSTILE }), pilotOf('p2', { host: 'other' })],
  });
  const summary = {
    ...view.summary,
    name: HOSTILE,
    findings: {
      source: HOSTILE,
      rows: [{ says: HOSTILE, check: HOSTILE, verdict: 'met' as const, measured: HOSTILE }],
    },
    thresholds: [{ check: HOSTILE, verdict: 'not met' as const, measured: HOSTILE, otherwise: 'fail' as const }],
    models: view.summary.models.map((model) => ({
      ...model,
      says: HOSTILE,
      rule: HOSTILE,
      withheld: [{ model: 'usl' as const, why: HOSTILE }],
    })),
  };
  const page = await renderPage({ ...view, summary });
  // The reader throws on any tag that is not ours to the letter.
  const tags = readTags(page);
  const harmless = await renderPage(viewOf([1, 2, 4, 8].map((level) => cellAt(level, level * 10))));
  t.is(countScripts(page), countScripts(harmless));
  for (const { text, attributes, name } of tags) {
    const all = name === 'script' ? '' : [text, ...Object.values(attributes)].join('');
    t.notRegex(all, /(?![\t\n\r])[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
  }
  const shows = (name: string, text = SHOWN): boolean =>
    tags.some((tag) => tag.name === name && tag.text.includes(text));
  for (const name of ['title', 'h1', 'dd', 'td', 'th', 'code', 'li', 'p']) t.true(shows(name), name);
  t.true(shows('h3', `<script>alert(1)</script>"'&</td> gnp.exe`));
  t.true(shows('pre', String.raw`\"'&</td>`));
});

test('values of a template are escaped, in text and in attributes, and blanks of its indentation are left out', (t) => {
  const value = `"><b>'&`;
  // Under another name, so that nothing formats the template.
  const write = html;
  const { html: text } = write`<p title="${value}">
      ${value}
      ${write`<i>${1}</i>`} ${[write`<b></b>`, write`<u></u>`]}
    </p>`;
  t.is(text, `<p title="&quot;&gt;&lt;b&gt;&#39;&amp;">\n&quot;&gt;&lt;b&gt;&#39;&amp;\n<i>1</i> <b></b><u></u>\n</p>`);
  t.is(escapeText('tab\tline\nreturn\r'), 'tab\tline\nreturn\r');
});
