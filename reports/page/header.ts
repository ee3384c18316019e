/** The head of the page: which campaign, when, where, how many cells of which state, and how its clients connected. */

import { describeConnections } from '../connection-lines.ts';
import { formatCount, formatQuantity } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import type { Summary } from '../summary.ts';
import { countStates } from '../trust.ts';
import { type Html, html } from './html.ts';

/** More targets or addresses than these push the finding off the first screen. */
const NAMES_AT_MOST = 4;

export function renderHeader({ summary, facts: { addresses } }: ReportView): Html {
  const targets = listSome([...new Set(summary.cells.map(({ target }) => target))]);
  const where = addresses.length === 0 ? targets : `${targets} (${listSome(addresses)})`;
  const state = summary.complete ? '' : ' – incomplete';
  return html`<header>
    <h1>${summary.name}</h1>
    <p>${describeTime(summary)}${state}</p>
    <p>${where}</p>
    <p>${formatQuantity(summary.cells.length, 'cell')}: ${countStates(summary)}</p>
    ${renderConnections(describeConnections(summary))}
  </header>`;
}

/** Lines of several targets are behind a fold: the finding has its place on the first screen. */
function renderConnections(lines: readonly string[]): Html {
  const paragraphs = lines.map((line) => html`<p>${line}</p>`);
  if (lines.length < 2) return html`${paragraphs}`;
  return html`<details class="hint">
    <summary>connections of each target</summary>
    ${paragraphs}
  </details>`;
}

function listSome(names: readonly string[]): string {
  if (names.length <= NAMES_AT_MOST) return names.join(', ');
  const others = names.length - NAMES_AT_MOST + 1;
  return `${names.slice(0, NAMES_AT_MOST - 1).join(', ')} and ${formatCount(others)} more`;
}

/** Start and end, in UTC until a script puts them into the reader's zone. */
function describeTime({ startedAt, finishedAt }: Summary): Html {
  if (finishedAt === null) return html`${timeAt(startedAt)} <span class="zone">UTC</span>, not finished`;
  return html`${timeAt(startedAt)} to ${timeAt(finishedAt, startedAt)} <span class="zone">UTC</span>`;
}

/** @param after the day is left out when it is the same */
function timeAt(iso: string, after = ''): Html {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return html`${iso}`;
  const minute = time.toISOString().slice(0, 16);
  const text = minute.slice(0, 10) === after.slice(0, 10) ? minute.slice(11) : minute.replace('T', ' ');
  return html`<time datetime="${time.toISOString()}" data-after="${after}">${text}</time>`;
}
