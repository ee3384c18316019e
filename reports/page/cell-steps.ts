/** Buttons that step from cell to cell; shown by the script that they are for. */

import { type Html, html } from './html.ts';

export function renderCellSteps(): Html {
  return html`<p class="cell-steps hands" hidden>
    <button type="button" data-cell-step="previous">← previous cell</button>
    <button type="button" data-cell-step="next">next cell →</button>
    <button type="button" data-cell-step="row">its row in the table</button>
  </p>`;
}
