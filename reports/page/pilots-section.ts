/** The pilots and their health, worst first: what may have set the numbers instead of the service. */

import { formatShare } from '../../foundation/quantity.ts';
import { countLost } from '../../foundation/tcp-counts.ts';
import { NO_NUMBER, formatCount, formatNumber, formatQuantity } from '../format-number.ts';
import type { PilotLine } from '../pilot-lines.ts';
import { type Html, NOTHING, html } from './html.ts';
import { type Section, scrollable } from './section.ts';

/** More rows than these tell no one anything: the worst come first. */
const ROWS_AT_MOST = 100;

/** Null when no pilot is known. */
export function describePilots(pilots: readonly PilotLine[]): Section | null {
  if (pilots.length === 0) return null;
  const ordered = pilots.toSorted(byTrouble);
  const shown = ordered.slice(0, ROWS_AT_MOST);
  const columns = COLUMNS.filter(({ of }) => shown.some((pilot) => of(pilot) !== null));
  const hosts = new Set(pilots.map(({ host }) => host));
  const where = hosts.size === 1 ? ` All on host ${[...hosts].join('')}.` : '';
  const content = html`<p class="hint">
      Worst first. Each figure is the worst over the pilot’s cells; the link leads to the cell that had it busiest, or
      in which it was lost. Clock: shared with the coordinator, or tied to its by timed exchanges.${where}
    </p>
    ${scrollable('Pilots: table', renderTable(shown, columns))} ${describeRest(ordered.slice(ROWS_AT_MOST))}`;
  return { id: 'pilots', title: 'Pilots and their health', inShort: 'Pilots', content };
}

/** Lost ones first, then by how busy they were; those that never told come between. */
function byTrouble(a: PilotLine, b: PilotLine): number {
  return weigh(b) - weigh(a) || a.id.localeCompare(b.id, 'en', { numeric: true });
}

function weigh({ lostIn, worst }: PilotLine): number {
  if (lostIn !== null) return 3;
  return worst === null ? 2 : Math.min(1, worst.loopUtilisation);
}

type Column = { title: string; of: (pilot: PilotLine) => number | null; write: (value: number) => string };

/** A column of which no pilot tells anything is left out. */
const COLUMNS: readonly Column[] = [
  { title: 'cells', of: ({ cells }) => cells, write: formatCount },
  { title: 'clients at most', of: ({ clientsAtMost }) => clientsAtMost, write: formatCount },
  { title: 'loop busy', of: ({ worst }) => worst?.loopUtilisation ?? null, write: formatShare },
  { title: 'loop delay p99 (ms)', of: ({ worst }) => worst?.loopDelayP99Ms ?? null, write: formatNumber },
  { title: 'CPU (cores)', of: ({ worst }) => worst?.cpuShare ?? null, write: formatNumber },
  { title: 'garbage collection', of: ({ worst }) => worst?.gcShare ?? null, write: formatShare },
  { title: 'waited for a core', of: ({ worst }) => worst?.runQueueShare ?? null, write: formatShare },
  { title: 'throttled', of: ({ worst }) => worst?.throttledShare ?? null, write: formatShare },
  { title: 'stolen', of: ({ worst }) => worst?.stolenShare ?? null, write: formatShare },
  {
    title: 'segments lost (host)',
    of: ({ worst }) => (worst?.tcp == null ? null : countLost(worst.tcp)),
    write: formatCount,
  },
  { title: 'clock ± (ms)', of: ({ clockErrorMsAtMost }) => clockErrorMsAtMost, write: formatNumber },
];

function renderTable(pilots: readonly PilotLine[], columns: readonly Column[]): Html {
  const severalHosts = new Set(pilots.map(({ host }) => host)).size > 1;
  return html`<table class="sortable">
    <caption class="unseen">
      Pilots and their health
    </caption>
    <thead>
      <tr>
        <th scope="col" class="text">pilot</th>
        <th scope="col" class="text">site</th>
        ${severalHosts ? html`<th scope="col" class="text">host</th>` : ''}
        ${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
        <th scope="col" class="text">clock</th>
        <th scope="col" class="text">worst cell</th>
      </tr>
    </thead>
    <tbody>
      ${pilots.map(
        (pilot) =>
          html`<tr>
            <th scope="row" class="text">${pilot.id}</th>
            <td class="text">${pilot.site}</td>
            ${severalHosts ? html`<td class="text">${pilot.host}</td>` : ''}
            ${columns.map((column) => writeCell(column, pilot))}
            <td class="text">${pilot.clockMethod === 'shared-clock' ? 'shared' : 'exchange'}</td>
            <td class="text">${describeWorst(pilot)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function writeCell({ of, write }: Column, pilot: PilotLine): Html {
  const value = of(pilot);
  return value === null ? html`<td>${NO_NUMBER}</td>` : html`<td data-value="${value}">${write(value)}</td>`;
}

function describeWorst({ lostIn, worst }: PilotLine): Html {
  if (lostIn !== null) return html`<a class="state-failed" href="#cell-${lostIn}">lost in ${lostIn}</a>`;
  if (worst === null) return html`never told its health`;
  return html`<a href="#cell-${worst.busiestCell}">${worst.busiestCell}</a>`;
}

/** What the rows that are left out would say, in a sentence. */
function describeRest(rest: readonly PilotLine[]): Html {
  if (rest.length === 0) return NOTHING;
  const lost = rest.filter(({ lostIn }) => lostIn !== null).length;
  const known = rest.flatMap(({ worst }) => (worst === null ? [] : [worst.loopUtilisation]));
  const parts = [
    lost === 0 ? 'none lost' : `${formatCount(lost)} lost`,
    known.length === 0 ? 'none told its health' : `at most ${formatShare(Math.max(...known))} busy`,
    `clocks within ${formatNumber(Math.max(...rest.map(({ clockErrorMsAtMost }) => clockErrorMsAtMost)))} ms`,
  ];
  return html`<p class="hint">${formatQuantity(rest.length, 'further pilot')}: ${parts.join(', ')}.</p>`;
}
