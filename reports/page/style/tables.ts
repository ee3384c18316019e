/** Tables: numbers under each other, each in a region that scrolls by itself. */

export const TABLES = `
.scroll { overflow-x: auto; max-width: 100%; margin-bottom: 12px; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
#cell-table, .verdicts { width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding-bottom: 4px; }
th, td { padding: 2px 8px; text-align: right; border-top: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
thead th { border-top: 0; border-bottom: 2px solid var(--line); font-weight: 600; vertical-align: bottom; white-space: normal; }
tbody th { font-weight: 400; }
th, td { overflow-wrap: normal; }
.text { text-align: left; }
td.text, tbody th.text { white-space: normal; overflow-wrap: break-word; max-width: 20em; }
td a[href^='#cell-'] { white-space: nowrap; }
.verdicts td.text, .verdicts tbody th.text { min-width: 9em; max-width: 40em; }
.note td { border-top: 0; text-align: left; white-space: normal; color: var(--soft); padding: 0 8px 6px 24px; }
.note div { max-width: 110ch; }
tr:target, tr.chosen { background: var(--mark); }
th button { border: 0; padding: 0; background: none; font-weight: inherit; text-align: inherit; cursor: pointer; }
th button:hover { text-decoration: underline; }
th button::after { content: '\\2195'; margin-left: 3px; color: var(--soft); font-weight: 400; }
th[aria-sort='ascending'] button::after { content: '\\2191'; color: inherit; }
th[aria-sort='descending'] button::after { content: '\\2193'; color: inherit; }
.tables { display: flex; flex-wrap: wrap; gap: 8px 32px; }
.tables > * { flex: 2 1 400px; min-width: 0; }
.tables > :first-child { flex-grow: 3; }
.model { border: 1px solid var(--line); border-radius: 8px; padding: 6px 14px; margin-bottom: 8px; }
.model[open] { padding-bottom: 10px; }
.model h3 { display: inline; }
.model > p { margin: 6px 0; }
.tag { margin-left: 8px; padding: 1px 8px; border-radius: 9px; background: var(--box); border: 1px solid var(--line);
  font-size: 12px; font-weight: 400; }
.withheld { margin: 0; padding-left: 20px; font-size: 13px; }
@media (max-width: 480px) { th, td { padding: 2px 6px; } .note div { max-width: 84vw; } td.text, tbody th.text { max-width: 14em; } }
`;
