/** The report's style sheet: light and dark by the reader's setting, one column on a phone, plain on paper. */

import { SERIES_COLOURS } from '../charts/chart-style.ts';

/** Lighter variants of the series' colours, in the same order, for a dark page. */
const DARK_COLOURS = ['#5bb4f0', '#ff8a3d', '#2fc79b', '#e39bc6', '#f0b429', '#8ed0f5'] as const;

const BASE = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1c2126; --soft: #5a646e; --line: #d9dee3; --box: #f5f7f9;
  --ok: #00704f; --look: #b34700; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14181c; --ink: #e6eaee; --soft: #9aa6b2; --line: #333c45; --box: #1c2228; --ok: #3ccf9f; --look: #ff9a55; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1280px; padding: 16px 24px 48px; background: var(--page); color: var(--ink);
  font: 15px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 20px; margin-bottom: 12px; }
h1 { font-size: 22px; margin: 0; }
h2 { font-size: 16px; margin: 0 0 8px; }
h1, h2, dd, td, pre { overflow-wrap: anywhere; }
header p, figcaption, .hint { color: var(--soft); margin: 0; font-size: 13px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; margin-bottom: 16px; }
.pair > * { min-width: 0; }
.box { background: var(--box); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 5px 14px; margin: 0; }
dt { font-weight: 600; } dd { margin: 0; }
.trust dl { grid-template-columns: max-content max-content 1fr; font-size: 14px; gap: 2px 14px; }
.verdict { white-space: nowrap; }
.verdict.ok, .verdict.met { color: var(--ok); } .verdict.look, .verdict.not-met { color: var(--look); font-weight: 600; }
.verdict.not-checked, .verdict.not-measured { color: var(--soft); }
main > .verdicts { margin: 0 0 20px; } .verdicts ul { list-style: none; margin: 0; padding: 0 8px; }
.verdicts th, .verdicts td { white-space: normal; } .verdicts tbody th { font-weight: 400; } .verdicts .verdict { white-space: nowrap; }
figure { margin: 0; } figure h2 { font-weight: 600; }
figure svg { display: block; width: 100%; height: auto; max-width: 640px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding-bottom: 6px; }
th, td { padding: 3px 8px; text-align: right; border-top: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
thead th { border-top: 0; border-bottom: 2px solid var(--line); font-weight: 600; vertical-align: bottom; }
.text { text-align: left; }
.note td { border-top: 0; text-align: left; white-space: normal; color: var(--soft); padding: 0 8px 6px 24px; }
.state-failed { color: var(--look); font-weight: 600; } .state-degraded { color: var(--look); } .state-skipped { color: var(--soft); }
main > section, details { margin-top: 24px; }
summary { cursor: pointer; font-weight: 600; }
pre { background: var(--box); border: 1px solid var(--line); border-radius: 8px; padding: 12px; white-space: pre-wrap; font-size: 12.5px; }
@media (max-width: 860px) {
  body { padding: 12px; } .pair { grid-template-columns: 1fr; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 6px; }
  .trust dl { grid-template-columns: max-content 1fr; gap: 0 10px; } .trust dd:not(.verdict) { grid-column: 1 / -1; }
  .verdict { margin: 0; }
}
@media print { body { max-width: none; } .box, pre { background: none; } details { break-inside: avoid; } }
`;

/** Charts carry their colours as attributes; on a dark page each gives way to its lighter variant. */
function recolourForDark(): string {
  const rules = SERIES_COLOURS.map((colour, index) => {
    const dark = DARK_COLOURS[index] as string;
    return `svg [stroke="${colour}"] { stroke: ${dark}; } svg [fill="${colour}"] { fill: ${dark}; }`;
  });
  return `@media (prefers-color-scheme: dark) {\n${rules.join('\n')}\n}\n`;
}

export const STYLE_SHEET = BASE + recolourForDark();
