/** On paper: black on white, without what is for hands, and what is folded unfolded as far as it matters. */

export const PRINT = `
@media print {
  :root { color-scheme: light; --page: #fff; --ink: #000; --soft: #333; --line: #999; --box: #fff; --ok: #000; --look: #000;
    --link: #000; --mark: #fff; }
  @page { margin: 12mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip, .hands, .choices { display: none; }
  .model > summary { list-style: none; }
  a { text-decoration: none; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding: 1px 4px; white-space: normal; }
  th button::after { content: none; }
  thead { display: table-header-group; }
  tr, dt, dd, figure, .drawing, .model > .tables > * { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .pair { break-inside: avoid; }
  .figures { display: block; }
  figure { margin-bottom: 16px; }
  .box details::details-content, .model::details-content { content-visibility: visible; display: block; block-size: auto; }
  .box summary, figcaption details, #environment details:not([open]) { display: none; }
}
`;
