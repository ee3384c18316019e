/** Whether to believe it: the verdict, the cells in doubt, and a row a check with a link to the cells to look at. */

import { formatCount } from '../format-number.ts';
import type { Summary } from '../summary.ts';
import { type DoubtfulCell, type TrustVerdict, checkTrust, judgeTrust } from '../trust.ts';
import type { TrustCheck } from '../trust/trust-check.ts';
import { type Html, NOTHING, html } from './html.ts';

/** More links than these fill the first screen; the table has every mark. */
const LINKS_AT_MOST = 3;

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

function renderDoubtful(doubtful: readonly DoubtfulCell[]): Html {
  if (doubtful.length === 0) return NOTHING;
  const links = doubtful
    .slice(0, LINKS_AT_MOST)
    .map(({ id, why }, index) => html`${index === 0 ? '' : ', '}${linkCell(id, id)} (${why})`);
  return html`<p class="doubtful">Not for ${links}${describeOthers(doubtful.length)}.</p>`;
}

function renderCheck({ name, verdict, text, cells }: TrustCheck): Html {
  const [first] = cells;
  const word = `[${verdict}]`;
  return html`<dt>${name}</dt>
    <dd class="verdict ${verdict.replace(' ', '-')}">${first === undefined ? word : linkCell(first, word)}</dd>
    <dd>${text}${renderCells(cells)}</dd>`;
}

/** Where several cells are concerned, the next ones: the sign leads to the first. */
function renderCells(cells: readonly string[]): Html {
  if (cells.length < 2) return NOTHING;
  const links = cells.slice(0, LINKS_AT_MOST).map((id, index) => html`${index === 0 ? '' : ', '}${linkCell(id, id)}`);
  return html` <span class="cells">${links}${describeOthers(cells.length)}</span>`;
}

function describeOthers(cells: number): Html {
  if (cells <= LINKS_AT_MOST) return NOTHING;
  return html` and <a href="#cells">${formatCount(cells - LINKS_AT_MOST)} more</a>`;
}

/** A link to the row of a cell; a script shows the cell itself. */
function linkCell(id: string, text: string): Html {
  return html`<a href="#cell-${id}">${text}</a>`;
}
