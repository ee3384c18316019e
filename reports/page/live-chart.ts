/** What a browser needs to draw a chart again: its vega specs as JSON that can't end its element, in every variant. */

import type { TopLevelSpec } from 'vega-lite';
import { compileChart } from '../charts/chart-style.ts';
import { foldParts } from '../charts/fold-parts.ts';
import { type Html, html, trusted } from './html.ts';

/** How data that the charts' scripts read begin in the page's text. */
export const PAGE_DATA = '<script type="application/json"';

/** A variant by the values of its choices, in their order: 'wide log total'. */
export type LiveChart = {
  /** Which choices there are, and what is chosen first. `size` follows the screen, the others their buttons. */
  chosen: Record<string, string>;
  variants: Record<string, TopLevelSpec>;
};

/** Goes inside the figure, whose `.drawing` it is to replace. */
export function renderLiveChart({ chosen, variants }: LiveChart): Html {
  const compiled = Object.entries(variants).map(([name, spec]) => [name, compileChart(spec)]);
  return renderJson('live-chart', { chosen, ...foldParts(Object.fromEntries(compiled)) });
}

/** Data that a script of the page reads; never run. */
export function renderJson(name: string, value: unknown): Html {
  // Every `<`: in a text of JSON it may always be written so.
  const text = JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
  return html`${trusted(PAGE_DATA)} class="${name}">
    ${trusted(text)}
  </script>`;
}
