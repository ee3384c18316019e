/** Whether the lines of evidence agree: the server's count, gauges and rows, rows sent and stored, windows, handshakes. */

import { formatShare } from '../../foundation/quantity.ts';
import { describeIdentities } from '../connection-lines.ts';
import { formatCount, formatQuantity } from '../format-number.ts';
import { sumConnections } from '../measures/connections.ts';
import { groupSeries } from '../series.ts';
import type { CellSummary, Mark } from '../summary.ts';
import { type TrustCheck, listMarked, look, notChecked, ok } from './trust-check.ts';

/** Its requests meet on one thread, which has one core. */
const SERVICE_CPU_LIMIT = 0.85;

/** Runs of a level from which their spread says something. */
const LEAST_RUNS = 3;

export function checkServerCount(cells: readonly CellSummary[]): TrustCheck {
  const name = 'server’s count';
  const compared = cells.flatMap((cell) => (cell.server === null ? [] : [{ cell, ...cell.server }]));
  if (compared.length === 0) return notChecked(name, 'the service’s own count was not asked for');
  const differing = compared.filter(({ difference }) => difference !== 0);
  const counted = formatQuantity(
    compared.reduce((sum, server) => sum + server.counted, 0),
    'operation',
  );
  const of = `${formatQuantity(compared.length, 'cell')}${compared.length < cells.length ? ` of ${formatCount(cells.length)}` : ''}`;
  if (differing.length === 0) return ok(name, `equal to ours in ${of} (${counted})`);
  const worst = Math.max(...differing.map(({ difference }) => Math.abs(difference)));
  const text = `differs in ${formatCount(differing.length)} of ${of}, by ${formatCount(worst)} at worst`;
  return look(
    name,
    text,
    differing.map(({ cell }) => cell),
  );
}

/** An embedded service shares this machine: one that fills a core shows the core. */
export function checkService(cells: readonly CellSummary[]): TrustCheck[] {
  const name = 'service';
  const shares = cells.flatMap(({ service }) => (service === null ? [] : [service.cpuShare]));
  if (shares.length === 0) return [];
  const text = `the service says that it took at most ${formatShare(Math.max(...shares))} of a core`;
  const full = cells.filter(({ service }) => service !== null && service.cpuShare > SERVICE_CPU_LIMIT);
  return [full.length === 0 ? ok(name, text) : look(name, text, full)];
}

export function checkLittle(cells: readonly CellSummary[]): TrustCheck {
  const name = 'rows and gauges';
  const ratios = cells.flatMap(({ littleErrorRatio }) =>
    littleErrorRatio === null ? [] : [Math.abs(littleErrorRatio)],
  );
  if (ratios.length === 0) return notChecked(name, 'no gauges over a window');
  const wrong = listMarked(cells, 'little');
  const text = `in flight differs by at most ${formatShare(Math.max(...ratios))}`;
  return wrong.length === 0 ? ok(name, text) : look(name, `${text} (${formatQuantity(wrong.length, 'cell')})`, wrong);
}

export function checkRows(cells: readonly CellSummary[]): TrustCheck {
  const name = 'rows';
  const rows = formatCount(
    cells.reduce((sum, { operations }) => sum + operations.ok + operations.failed + operations.cut, 0),
  );
  const missing = listMarked(cells, 'rows-missing');
  if (missing.length > 0)
    return look(name, `${rows} stored; not all that were sent in ${formatQuantity(missing.length, 'cell')}`, missing);
  const but = listMarked(cells, 'pilot-lost').length === 0 ? '' : ', but for those that lost pilots kept';
  return ok(name, `${rows} sent = stored${but}`);
}

const WINDOW_MARKS = {
  transient: 'opened too early',
  short: 'too short',
  unsteady: 'the rate drifts',
  'rate-disagreement': 'the two rates disagree',
  cut: 'operations cut',
} as const satisfies Partial<Record<Mark['code'], string>>;

/** Shown when the window of a cell is not one to measure a steady rate in. */
export function checkWindow(cells: readonly CellSummary[]): TrustCheck[] {
  const codes = Object.keys(WINDOW_MARKS) as (keyof typeof WINDOW_MARKS)[];
  const marked = listMarked(cells, ...codes);
  if (marked.length === 0) return [];
  const parts = codes.flatMap((code) => {
    const count = listMarked(cells, code).length;
    return count === 0 ? [] : [`${WINDOW_MARKS[code]} in ${formatQuantity(count, 'cell')}`];
  });
  return [look('window', parts.join('; '), marked)];
}

/** Where TLS was spoken: whether the handshakes were those of fresh clients, and how many identities there were. */
export function checkHandshakes(cells: readonly CellSummary[]): TrustCheck[] {
  const name = 'handshakes';
  const counts = sumConnections(cells);
  if (counts === null || counts.secured === 0) return [];
  const resumedIn = listMarked(cells, 'sessions-resumed');
  const but =
    resumedIn.length > 0 ? `: in ${formatQuantity(resumedIn.length, 'cell')} they are not those of fresh clients` : '';
  const resumed = `${formatCount(counts.resumed)} of ${formatCount(counts.secured)} cut short by resuming a session${but}`;
  const text = [resumed, ...describeIdentities(cells)].join('; ');
  return [resumedIn.length === 0 ? ok(name, text) : look(name, text, resumedIn)];
}

/** The name of the last check. */
export const REST = 'also';

/** What nothing here looks at, so that nobody takes silence for a yes. */
export function checkRest(cells: readonly CellSummary[]): TrustCheck[] {
  const withoutCount = cells.filter(({ server }) => server === null).length;
  const runs = Math.min(...groupSeries(cells).flatMap(({ levels }) => levels.map(({ cells: each }) => each.length)));
  const parts = [
    ...(cells.every(({ service }) => service === null) ? ['the server’s CPU'] : []),
    ...(cells.every(({ generator }) => generator?.tcp === undefined || generator.tcp === null) ? ['lost packets'] : []),
    ...(runs < LEAST_RUNS ? [`spread between runs (${formatQuantity(runs, 'run')} a level)`] : []),
    ...(withoutCount > 0 && withoutCount < cells.length
      ? [`server’s count in ${formatQuantity(withoutCount, 'cell')}`]
      : []),
  ];
  return parts.length === 0 ? [] : [notChecked(REST, parts.join('; '))];
}
