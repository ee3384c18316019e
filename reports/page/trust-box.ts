/** Whether to believe it: the verdict, the cells in doubt, and a row a check with a link to the cells to look at. */

import { formatCount, formatQuantity } from '../format-number.ts';
import type { Summary } from '../summary.ts';
import { type DoubtfulCell, type TrustVerdict, checkTrust, judgeTrust } from '../trust.ts';
import type { TrustCheck } from '../trust/trust-check.ts';
import { type Html, NOTHING, html } from './html.ts';

/** More links than these help no one: the table has every mark, and sorts by them. */
const LINKS_AT_MOST = 40;

const ORDER: readonly TrustCheck['verdict'][] = ['look', 'ok', 'not checked'];

export function renderTrust(summary: Summary): Html {
  const checks = checkTrust(summary);
  const verdict = judgeTrust(summary, checks);
  const rows = checks.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict)).map(renderCheck);
  return html`<section id="trust" class="box trust" aria-labelledby="trust-title">
    <h2 id="trust-title">Believe it? <span class="${toneOf(verdict)}">${verdict.says}</span></h2>
    ${renderDoubtful(verdict.doubtful)}
    <dl>${rows}</dl>
  </section>`;
}

function toneOf({ ran, believed }: TrustVerdict): string {
  return ran > 0 && ran === believed ? 'ok' : 'look';
}

/** The first by name, the others behind a fold: the curves have their place on the first screen. */
function renderDoubtful([first, ...others]: readonly DoubtfulCell[]): Html {
  if (first === undefined) return NOTHING;
  const links = others.map(({ id, why }) => html`<li>${linkCell(id, id)} (${why})</li>`);
  return html`<div class="doubtful">
    Not for ${linkCell(first.id, first.id)} (${first.why}) ${foldLinks(`and ${formatCount(others.length)} more`, links)}
  </div>`;
}

function renderCheck({ name, verdict, text, cells }: TrustCheck): Html {
  const [first] = cells;
  const word = `[${verdict}]`;
  const links = cells.map((id) => html`<li>${linkCell(id, id)}</li>`);
  return html`<dt>${name}</dt>
    <dd class="verdict ${verdict.replace(' ', '-')}">${first === undefined ? word : linkCell(first, word)}</dd>
    <dd>${text} ${cells.length < 2 ? NOTHING : foldLinks(`the ${formatQuantity(cells.length, 'cell')}`, links)}</dd>`;
}

function foldLinks(title: string, links: readonly Html[]): Html {
  if (links.length === 0) return NOTHING;
  const rest = links.length - LINKS_AT_MOST;
  return html`<details class="links">
    <summary>${title}</summary>
    <ul>
      ${links.slice(0, LINKS_AT_MOST)}
      ${rest <= 0 ? NOTHING : html`<li><a href="#cells">${formatCount(rest)} more in the table</a></li>`}
    </ul>
  </details>`;
}

/** A link to the row of a cell; a script shows the cell itself. */
function linkCell(id: string, text: string): Html {
  return html`<a href="#cell-${id}">${text}</a>`;
}
