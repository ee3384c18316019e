/** What a figure draws, read back from its SVG. */

import { renderSvg } from '../../reports/charts/chart-style.ts';
import type { Figure } from '../../reports/figures/figure.ts';

export type Marks = {
  /** Points, crosses and the squares beside bars. */
  symbols: string[];
  /** Bars and bands. */
  rects: string[];
  lines: string[];
  rules: string[];
  /** Labels, without those of axes. */
  texts: string[];
  titles: string[];
};

const MARK = /<g class="mark-(symbol|rect|line|rule|text) (role-[\w-]+)[^"]*"[^>]*(?<!\/)>(.*?)<\/g>/gs;

/** The elements of each kind, as they stand in the SVG; texts as people read them. */
export async function readMarks({ spec }: Figure): Promise<Marks> {
  if (spec === null) throw new Error('this figure has no drawing');
  const groups = [...(await renderSvg(spec)).matchAll(MARK)].map(([, kind, role, content = '']) => ({
    kind,
    role,
    content,
  }));
  const elements = (kind: string): string[] =>
    groups
      .filter((group) => group.kind === kind && group.role === 'role-mark')
      .flatMap(({ content }) => [...content.matchAll(/<(path|line|rect|text)[^>]*>/g)].map(([element]) => element))
      .filter((element) => !/ d=""/.test(element));
  const texts = (role: string): string[] =>
    groups
      .filter((group) => group.kind === 'text' && group.role === role)
      .flatMap(({ content }) => [...content.matchAll(/>([^<]+)<\/text>/g)].map(([, text = '']) => text));
  return {
    symbols: elements('symbol'),
    rects: elements('rect'),
    lines: elements('line'),
    rules: elements('rule'),
    texts: texts('role-mark'),
    titles: texts('role-title-text'),
  };
}

/** How many of the elements have this colour, as stroke or fill. */
export function countColour(elements: readonly string[], colour: string): number {
  return elements.filter((element) => element.includes(`"${colour}"`)).length;
}
