/**
 * A figure as an SVG file of its own, for a paper: black on nothing, in fonts that any converter has, told in words by title and
 * desc. The drawing is written anew element by element, so that nothing of a page is left in it: no inherited colour, no link.
 */

import { SaxesParser } from 'saxes';
import { renderSvg } from '../charts/chart-style.ts';
import type { Figure } from '../figures/figure.ts';
import { dropForbidden, escapeXml, writeAttributes } from './xml-text.ts';

const INK = '#000';
/** The first of them that there is: PostScript's, Windows', and two of Debian's. */
const FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://www.w3.org/2000/svg';

/** A figure that has a drawing. */
export type DrawnFigure = Figure & { spec: NonNullable<Figure['spec']> };

export function hasDrawing(figure: Figure): figure is DrawnFigure {
  return figure.spec !== null;
}

/** The whole file; ends with a newline. */
export async function renderFigureFile(figure: DrawnFigure): Promise<string> {
  return rewriteDrawing(await renderSvg(figure.spec), figure);
}

/** @param drawing an SVG element as vega writes it */
export function rewriteDrawing(drawing: string, { title, sentence }: Pick<Figure, 'title' | 'sentence'>): string {
  const words = `<title>${escapeXml(title)}</title><desc>${escapeXml(sentence)}</desc>`;
  const parser = new SaxesParser();
  let depth = 0;
  let text = XML;
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
    const isRoot = depth === 0;
    depth += 1;
    text += `<${elementOf(name)}${writeAttributes(isRoot ? describeRoot(attributes) : cleanAttributes(attributes))}`;
    text += isRoot ? `>${words}` : isSelfClosing ? '/>' : '>';
  });
  parser.on('text', (content) => (text += escapeXml(content)));
  parser.on('closetag', ({ name, isSelfClosing }) => {
    depth -= 1;
    if (!isSelfClosing || depth === 0) text += `</${elementOf(name)}>`;
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(dropForbidden(drawing)).close();
  return `${text}\n`;
}

/** A link leads to a place in the page. */
function elementOf(name: string): string {
  return name === 'a' ? 'g' : name;
}

/** A parser without namespaces gives plain strings. */
type Attributes = Readonly<Record<string, string>>;

function describeRoot({ width = '', height = '', viewBox = `0 0 ${width} ${height}` }: Attributes) {
  return { xmlns: NAMESPACE, version: '1.1', width, height, viewBox, role: 'img', 'font-family': FONTS };
}

/** Without what leads out of the file or speaks of a page; the page's text colour is ink, the page's fonts are the file's. */
function cleanAttributes(attributes: Attributes): Record<string, string> {
  const kept = Object.entries(attributes).filter(
    ([name]) => !/^(?:on|xmlns|aria-|role)|href$|^(?:class|font-family|tabindex)$/i.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value.replaceAll('currentColor', INK)]));
}
