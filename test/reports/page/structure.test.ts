import test, { type ExecutionContext } from 'ava';
import { renderPage } from '../../../reports/page.ts';
import { cellAt } from '../../support/summary-cells.ts';
import { type PageTag, isWithin, readTags } from '../../support/page-tags.ts';
import { pilotOf, viewOf } from '../../support/report-view.ts';

const CELLS = [
  ...[1, 2, 4, 8, 16, 32].flatMap((level) => [1, 2].map((run) => cellAt(level, level * 10 + run, { run }))),
  cellAt(64, 0.5, {
    state: 'failed',
    reason: 'Hung.',
    marks: [{ code: 'short', value: 1, limit: 2, text: 'Too short.' }],
  }),
];

async function readPage(): Promise<PageTag[]> {
  const view = viewOf(CELLS, { pilots: [pilotOf('p1'), pilotOf('p2', { lostIn: 'd20-c64-r1' })] });
  return readTags(await renderPage(view));
}

const named =
  (name: string) =>
  (tag: PageTag): boolean =>
    tag.name === name;

test('a page is well formed, in one language, with one of each landmark and a link over the head', async (t) => {
  const tags = await readPage();
  t.is(tags.find(named('html'))?.attributes['lang'], 'en');
  t.is(tags.find(named('title'))?.text, 'n – GlideTester');
  for (const landmark of ['header', 'nav', 'main', 'h1']) t.is(tags.filter(named(landmark)).length, 1, landmark);
  const skip = tags.find(named('a'));
  t.is(skip?.attributes['class'], 'skip');
  t.is(skip?.parent?.name, 'body');
});

test('ids are there once, and every link leads to one', async (t) => {
  const tags = await readPage();
  const ids = tags.flatMap(({ attributes: { id } }) => (id === undefined ? [] : [id]));
  t.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
  );
  const links = tags.filter(named('a')).map(({ attributes }) => attributes['href'] ?? attributes['xlink:href'] ?? '');
  t.true(links.length > 20);
  for (const href of links) t.true(href.startsWith('#') && ids.includes(href.slice(1)), href);
  for (const tag of tags) {
    const labels = tag.attributes['aria-labelledby']?.split(' ') ?? [];
    for (const label of labels) t.true(ids.includes(label), label);
  }
});

test('sections come in the order of their weight, each with its heading; no level of heading is left out', async (t) => {
  const tags = await readPage();
  const nav = tags.filter((tag) => tag.name === 'a' && isWithin(tag, 'nav'));
  const shown = nav.map(({ text }) => text).filter((text) => text !== 'Figures' && text !== 'One cell');
  t.deepEqual(shown, ['Finding', 'Curves', 'Models', 'Pilots', 'Cells', 'Environment']);
  const levels = tags.filter(({ name }) => /^h[1-6]$/.test(name)).map(({ name }) => Number(name[1]));
  t.is(levels[0], 1);
  for (const [index, level] of levels.entries()) t.true(level - (levels[index - 1] ?? 0) <= 1, `heading ${index}`);
  for (const section of tags.filter(named('section'))) t.truthy(section.attributes['aria-labelledby']);
});

function hasName(tags: readonly PageTag[], { attributes }: PageTag): boolean {
  const label = attributes['aria-label'] ?? '';
  const by = attributes['aria-labelledby'] ?? '';
  return label !== '' || tags.some((tag) => tag.attributes['id'] === by && tag.text !== '');
}

test('what a screen reader meets has a name: regions, drawings, buttons; heads of tables say what they are heads of', async (t) => {
  const tags = await readPage();
  const needing = tags.filter(
    ({ name, attributes }) =>
      ['nav', 'section', 'figure'].includes(name) || ['region', 'img'].includes(attributes['role'] ?? ''),
  );
  for (const tag of needing) t.true(hasName(tags, tag), `${tag.name} ${JSON.stringify(tag.attributes)}`);
  for (const button of tags.filter(named('button'))) t.not(button.text, '');
  for (const head of tags.filter(named('th'))) t.truthy(head.attributes['scope']);
  for (const table of tags.filter(named('table')))
    t.true(
      tags.some((tag) => tag.name === 'caption' && tag.parent === table && tag.text !== '') ||
        hasName(tags, table.parent as PageTag),
    );
  for (const scroll of tags.filter(({ attributes }) => attributes['class'] === 'scroll'))
    t.like(scroll.attributes, { tabindex: '0', role: 'region' });
});

async function checkPolicy(t: ExecutionContext, page: string): Promise<void> {
  const tags = readTags(page);
  const policy = tags.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
  const content = policy?.attributes['content'] ?? '';
  t.true(content.startsWith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"), content);
  t.notRegex(content, /unsafe-eval|https?:|\*/);
  for (const tag of tags) {
    t.false(['link', 'img', 'iframe', 'object', 'embed', 'base', 'form'].includes(tag.name), tag.name);
    for (const attribute of Object.keys(tag.attributes)) t.notRegex(attribute, /^(on|src)/);
  }
  for (const style of tags.filter(named('style'))) t.notRegex(style.text, /@import|url\(/);
  const scripts = tags.filter(named('script')).filter(({ attributes }) => attributes['type'] !== 'application/json');
  t.true(scripts.length >= 3);
  for (const script of scripts) {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script.text));
    t.true(content.includes(`'sha256-${Buffer.from(digest).toString('base64')}'`));
  }
}

test('nothing is loaded from elsewhere, and only the scripts that the policy names may run', async (t) => {
  await checkPolicy(t, await renderPage(viewOf(CELLS)));
});

test('twice the same page for the same results', async (t) => {
  // Not t.is: it would print both.
  t.true((await renderPage(viewOf(CELLS))) === (await renderPage(viewOf(CELLS))));
});
