/** The two boxes that are read first: what was found, and whether to believe it. */

export const FIRST_LOOK = `
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 12px 16px; margin-bottom: 12px; }
#first-look { grid-template-columns: 10fr 11fr; }
.pair > * { min-width: 0; }
.box { background: var(--box); border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px 10px; }
.box h2 { margin-bottom: 4px; }
.box p { margin: 0 0 4px; font-size: 13px; }
.box details { margin-top: 6px; font-size: 14px; }
dl { display: grid; grid-template-columns: fit-content(40%) 1fr; gap: 3px 14px; margin: 0; }
dt { font-weight: 600; } dd { margin: 0; }
.findings { font-size: 13.5px; line-height: 1.4; }
.trust dl { grid-template-columns: max-content max-content 1fr; gap: 1px 10px; font-size: 12.5px;
  line-height: 1.45; }
.trust dt { font-weight: 400; }
.trust .verdict a { color: inherit; }
.doubtful { margin-bottom: 4px; font-size: 13px; }
.box .links { display: inline; margin: 0; font-size: inherit; }
.links > summary { display: inline; font-weight: 400; color: var(--link); }
.links > summary::before { content: '\\25b8\\00a0'; }
.links[open] > summary::before { content: '\\25be\\00a0'; }
.links ul { display: flex; flex-wrap: wrap; gap: 0 12px; margin: 2px 0 4px; padding: 0; list-style: none; }
@media (max-width: 860px) {
  .pair, #first-look { grid-template-columns: minmax(0, 1fr); }
  .findings { grid-template-columns: 1fr; gap: 0; } .findings dd { margin-bottom: 6px; }
}
@media (max-width: 480px) {
  .trust dl { grid-template-columns: max-content 1fr; gap: 0 10px; } .trust dt { font-weight: 600; }
  .trust dd:not(.verdict) { grid-column: 1 / -1; margin-bottom: 4px; }
}
`;
