/** Figures: drawings that take the page's colours and its width. */

import { SERIES_COLOURS } from '../../charts/chart-style.ts';
import { CLASS_COLOURS } from '../../figures/class-colours.ts';

/** Lighter variants of the series' colours, in the same order, for a dark page. */
const DARK_COLOURS = ['#5bb4f0', '#ff8a3d', '#2fc79b', '#e39bc6', '#f0b429', '#8ed0f5'] as const;

const LAYOUT = `
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; max-width: 560px; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 540px), 1fr)); gap: 28px 24px; align-items: start; }
.figures + .figures { margin-top: 28px; }
.figures p { margin: 2px 0 6px; font-size: 14px; }
figcaption details { margin-top: 4px; }
`;

/** Charts carry their colours as attributes; on a dark page each gives way to its lighter variant. */
function recolourForDark(): string {
  const series = SERIES_COLOURS.map((light, index) => ({ light, dark: DARK_COLOURS[index] as string }));
  const rules = [...series, ...CLASS_COLOURS].map(
    ({ light, dark }) => `svg [stroke="${light}"] { stroke: ${dark}; } svg [fill="${light}"] { fill: ${dark}; }`,
  );
  return `@media screen and (prefers-color-scheme: dark) {\n${rules.join('\n')}\n}\n`;
}

export const FIGURES = LAYOUT + recolourForDark();
