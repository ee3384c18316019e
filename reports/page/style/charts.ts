/** The charts that a script may draw again: the main one with its words beside it, the chosen cell's, and what points show. */

export const CHARTS = `
.main-chart { display: grid; grid-template-columns: minmax(0, 1fr) 236px; gap: 4px 20px; align-items: start; margin-bottom: 12px; }
.main-chart .drawing { min-width: 0; }
.main-chart svg { max-width: none; }
.main-chart .narrow { display: none; }
.main-chart figcaption h2 { color: var(--ink); margin: 0 0 6px; }
.main-chart figcaption p { margin: 0 0 8px; }
.main-chart details[open] { position: relative; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.choices { display: flex; flex-wrap: wrap; gap: 6px 12px; }
.choices[hidden] { display: none; }
.choices span { display: inline-flex; }
.choices button { font: inherit; font-size: 12.5px; padding: 2px 9px; color: var(--ink); background: var(--box);
  border: 1px solid var(--line); cursor: pointer; }
.choices button:first-child { border-radius: 6px 0 0 6px; } .choices button:last-child { border-radius: 0 6px 6px 0; }
.choices button + button { margin-left: -1px; }
.choices button[aria-pressed="true"] { background: var(--ink); color: var(--page); border-color: var(--ink); }
.chart-tip { position: fixed; z-index: 9; max-width: 340px; padding: 6px 10px; pointer-events: none; font-size: 12.5px;
  line-height: 1.4; color: var(--ink); background: var(--page); border: 1px solid var(--soft); border-radius: 6px;
  box-shadow: 0 2px 10px rgb(0 0 0 / 0.2); overflow-wrap: anywhere; }
.chart-tip div:first-child { font-weight: 600; }
.one-cell h3 { margin: 8px 0; font-size: 15px; overflow-wrap: anywhere; }
.cell-facts { grid-template-columns: max-content minmax(0, 1fr) max-content minmax(0, 1fr); font-size: 14px; margin-bottom: 8px; }
.cell-facts dt { font-weight: 400; color: var(--soft); }
.cell-notes { margin: 0 0 8px; padding-left: 18px; font-size: 14px; overflow-wrap: anywhere; }
.cell-notes:empty { display: none; }
.cell-drawings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 12px 24px; align-items: start; }
.cell-drawings svg { display: block; width: 100%; height: auto; max-width: 600px; }
.cell-tables > div { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 24px; align-items: start; }
@media (max-width: 860px) { .cell-facts { grid-template-columns: max-content minmax(0, 1fr); } }
@media (max-width: 980px) { .main-chart { grid-template-columns: minmax(0, 1fr); } }
@media screen and (max-width: 620px) { .main-chart .wide { display: none; } .main-chart .narrow { display: block; } }
`;
