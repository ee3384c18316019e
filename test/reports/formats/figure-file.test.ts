import test from 'ava';
import { SaxesParser } from 'saxes';
import { collectFigures } from '../../../reports/figures/collect-figures.ts';
import { hasDrawing, renderFigureFile, rewriteDrawing } from '../../../reports/formats/figure-file.ts';
import { loadReport } from '../../../reports/load-report.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { writeSyntheticCampaign } from '../../support/synthetic-campaign.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

type Found = { elements: Set<string>; attributes: [name: string, value: string][]; texts: string[] };

/** @throws Error when it is not well-formed, or a prefix is not declared */
function readSvg(svg: string): Found {
  const found: Found = { elements: new Set(), attributes: [], texts: [] };
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, uri, attributes }) => {
    if (uri !== 'http://www.w3.org/2000/svg') throw new Error(`${name} is of ${uri}`);
    found.elements.add(name);
    for (const { name: attribute, value } of Object.values(attributes)) found.attributes.push([attribute, value]);
  });
  parser.on('text', (text) => found.texts.push(text));
  parser.write(svg).close();
  return found;
}

const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" class="marks" width="30" height="20" viewBox="0 0 30 20"><a xlink:href="#cell-1" tabindex="-1"><path aria-label="a point" role="graphics-symbol" d="M0,0h1" stroke="currentColor" onclick="x()"/></a><text font-family="system-ui" fill="currentColor">1 &lt; 2</text></svg>`;

test('a drawing becomes a file that speaks of no page: black ink, no link, title and desc', (t) => {
  const file = rewriteDrawing(DRAWING, { title: 'Rate & time', sentence: 'It <rises>.' });
  t.true(
    file.startsWith(
      '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="30" height="20" viewBox="0 0 30 20"',
    ),
  );
  t.true(
    file.endsWith(
      '><title>Rate &amp; time</title><desc>It &lt;rises&gt;.</desc><g><path d="M0,0h1" stroke="#000"/></g><text fill="#000">1 &lt; 2</text></svg>\n',
    ),
  );
});

test('hostile words stay words, and what XML has no place for does not end the drawing', (t) => {
  for (const text of HOSTILE_TEXTS) {
    const { elements, texts } = readSvg(rewriteDrawing(DRAWING, { title: text, sentence: text }));
    t.deepEqual([...elements], ['svg', 'title', 'desc', 'g', 'path', 'text']);
    t.is(texts.filter((each) => each !== '\n').length, text === '' ? 1 : 3);
  }
  t.notThrows(() =>
    readSvg(rewriteDrawing(DRAWING.replace('1 &lt; 2', 'a\u0001\uFFFF\uD800b'), { title: '', sentence: '' })),
  );
});

test('every figure of a campaign is well-formed SVG that needs nothing from elsewhere', async (t) => {
  const directory = await makeTemporaryFolder(t);
  await writeSyntheticCampaign({ directory, sizes: [20, 1000], levels: [1, 4, 32], runs: 2 });
  const figures = collectFigures(await loadReport(directory)).filter(hasDrawing);
  t.true(figures.length > 0);
  for (const figure of figures) {
    const { elements, attributes, texts } = readSvg(await renderFigureFile(figure));
    t.regex(figure.id, /^[a-z0-9-]+$/);
    t.true(texts.includes(figure.title) && texts.includes(figure.sentence));
    for (const element of ['script', 'image', 'foreignObject', 'style', 'a']) t.false(elements.has(element), element);
    for (const [name, value] of attributes) {
      t.notRegex(name, /href|^on/);
      t.notRegex(value, /currentColor|var\(|system-ui|javascript|url\((?!#)/i);
      if (name !== 'xmlns') t.notRegex(value, /\/\//);
    }
  }
});
