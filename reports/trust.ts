/** Whether to believe a campaign: each check with its outcome, and what was not checked. */

import { formatShare } from '../foundation/quantity.ts';
import { combineTcpCounts, countLost } from '../foundation/tcp-counts.ts';
import { describeIdentities } from './connection-lines.ts';
import type { GeneratorHealth } from './evidence.ts';
import { formatCount, formatNumber, formatQuantity } from './format-number.ts';
import { sumConnections } from './measures/connections.ts';
import { adviseAgainst, listLocal } from './measures/local-failures.ts';
import { describeTcp } from './measures/retransmissions.ts';
import { groupSeries } from './series.ts';
import type { CellSummary, Mark, Summary } from './summary.ts';

/** `look`: something is wrong in some cells. `not checked`: nothing could be compared. */
export type TrustCheck = { name: string; verdict: 'ok' | 'look' | 'not checked'; text: string };

/** First sends further from their due time than this, and than a typical service time, were not together. */
const START_LIMIT_MS = 100;

/** Its requests meet on one thread, which has one core. */
const SERVICE_CPU_LIMIT = 0.85;

/** Shares that a host without trouble has too. */
const WAITED_WORTH_A_WORD = 0.05;
const STOLEN_WORTH_A_WORD = 0.01;

/** The checks in the order of their weight; a check that holds by arithmetic is not among them. */
export function checkTrust(summary: Summary): TrustCheck[] {
  const measured = summary.cells.filter(({ windowMs }) => windowMs !== null);
  if (measured.length === 0) return [{ name: 'cells', verdict: 'not checked', text: 'no cell was measured' }];
  return [
    checkServerCount(measured),
    checkGenerator(measured),
    ...checkOwnSide(measured),
    ...checkNetwork(measured),
    ...checkService(measured),
    checkHeld(measured),
    checkStart(measured),
    checkLittle(measured),
    checkRows(measured),
    ...checkHandshakes(measured),
    ...checkRest(measured),
  ];
}

/** Cells by state, in one line: '16 ok, 0 degraded, 1 failed, 37 not run'. */
export function countStates({ cells }: Summary): string {
  const count = (state: CellSummary['state']): number => cells.filter((cell) => cell.state === state).length;
  const states = [`${count('ok')} ok`, `${count('degraded')} degraded`, `${count('failed')} failed`];
  return [...states, ...(count('skipped') > 0 ? [`${count('skipped')} not run`] : [])].join(', ');
}

function checkServerCount(cells: readonly CellSummary[]): TrustCheck {
  const name = 'server’s count';
  const compared = cells.flatMap(({ server }) => (server === null ? [] : [server]));
  if (compared.length === 0) return { name, verdict: 'not checked', text: 'the service’s own count was not asked for' };
  const differing = compared.filter(({ difference }) => difference !== 0);
  const counted = formatQuantity(
    compared.reduce((sum, server) => sum + server.counted, 0),
    'operation',
  );
  const of = `${formatQuantity(compared.length, 'cell')}${compared.length < cells.length ? ` of ${formatCount(cells.length)}` : ''}`;
  if (differing.length === 0) return { name, verdict: 'ok', text: `equal to ours in ${of} (${counted})` };
  const worst = Math.max(...differing.map(({ difference }) => Math.abs(difference)));
  return {
    name,
    verdict: 'look',
    text: `differs in ${formatCount(differing.length)} of ${of}, by ${formatCount(worst)} at worst`,
  };
}

function checkGenerator(cells: readonly CellSummary[]): TrustCheck {
  const name = 'generator';
  const known = cells.flatMap(({ generator }) => (generator === null ? [] : [generator]));
  const bound = countMarked(cells, 'generator-bound');
  const starved = describeStarvation(known);
  if (bound > 0) {
    const text = [`may have set the numbers in ${formatQuantity(bound, 'cell')}`, ...starved].join('; ');
    return { name, verdict: 'look', text };
  }
  if (known.length === 0) return { name, verdict: 'not checked', text: 'no pilot told its health' };
  const busiest = Math.max(...known.map(({ loopUtilisation }) => loopUtilisation));
  const latest = Math.max(...known.map(({ loopDelayP99Ms }) => loopDelayP99Ms));
  return {
    name,
    verdict: 'ok',
    text: [`at most ${formatShare(busiest)} busy, loop late by ${formatNumber(latest)} ms at p99`, ...starved].join(
      '; ',
    ),
  };
}

/** What kept cores from the pilots, in the worst cell, as far as it is worth a word. */
function describeStarvation(known: readonly GeneratorHealth[]): string[] {
  const most = (read: (health: GeneratorHealth) => number | null): number =>
    Math.max(0, ...known.map((health) => read(health) ?? 0));
  const waited = most(({ runQueueShare }) => runQueueShare);
  const throttled = most(({ throttledShare }) => throttledShare);
  const stolen = most(({ stolenShare }) => stolenShare);
  return [
    ...(waited > WAITED_WORTH_A_WORD ? [`without a core for up to ${formatShare(waited)} of the time`] : []),
    ...(throttled > 0 ? [`throttled for up to ${formatShare(throttled)} of it`] : []),
    ...(stolen > STOLEN_WORTH_A_WORD ? [`up to ${formatShare(stolen)} of their cores stolen by the hypervisor`] : []),
  ];
}

/** Shown when anything was lost or turned away; what is not known is told with the rest. */
function checkNetwork(cells: readonly CellSummary[]): TrustCheck[] {
  const counts = cells.flatMap(({ generator }) => generator?.tcp ?? []);
  const [first] = counts;
  if (first === undefined) return [];
  const sum = counts.slice(1).reduce((one, other) => combineTcpCounts(one, other, (a, b) => a + b), first);
  if (countLost(sum) + sum.listenDrops + sum.listenOverflows === 0) return [];
  const marked = countMarked(cells, 'retransmitted');
  const text = [describeTcp(sum), ...(marked === 0 ? [] : [`enough to count in ${formatQuantity(marked, 'cell')}`])];
  return [{ name: 'network', verdict: marked === 0 ? 'ok' : 'look', text: text.join('; ') }];
}

/** Shown when anything failed on our side, with what helps. */
function checkOwnSide(cells: readonly CellSummary[]): TrustCheck[] {
  const sums = new Map<string, number>();
  for (const [outcome, count] of cells.flatMap(({ operations }) => listLocal(operations.byOutcome)))
    sums.set(outcome, (sums.get(outcome) ?? 0) + count);
  if (sums.size === 0) return [];
  const failures = [...sums].toSorted(([, one], [, other]) => other - one);
  const which = failures.map(([outcome, count]) => `${formatCount(count)} ${outcome}`).join(', ');
  const text = `${which} in ${formatQuantity(countMarked(cells, 'local-failures'), 'cell')}. ${adviseAgainst(failures)}`;
  return [{ name: 'own side', verdict: 'look', text: text.trimEnd() }];
}

/** An embedded service shares this machine: one that fills a core shows the core. */
function checkService(cells: readonly CellSummary[]): TrustCheck[] {
  const shares = cells.flatMap(({ service }) => (service === null ? [] : [service.cpuShare]));
  if (shares.length === 0) return [];
  const most = Math.max(...shares);
  const text = `the service says that it took at most ${formatShare(most)} of a core`;
  return [{ name: 'service', verdict: most <= SERVICE_CPU_LIMIT ? 'ok' : 'look', text }];
}

function checkHeld(cells: readonly CellSummary[]): TrustCheck {
  const name = 'held';
  const lost = countMarked(cells, 'pilot-lost');
  const least = Math.min(...cells.map(({ held, level }) => held / level));
  const text = `${formatShare(least)} of the clients at worst`;
  if (lost > 0) return { name, verdict: 'look', text: `${text}; pilots lost in ${formatQuantity(lost, 'cell')}` };
  return { name, verdict: least >= 0.99 ? 'ok' : 'look', text };
}

function checkStart(cells: readonly CellSummary[]): TrustCheck {
  const name = 'start';
  const skews = cells.flatMap(({ startSkewMs: { p99, clockErrorMs }, serviceTimeMs: { p50 } }) =>
    p99 === null ? [] : [{ p99, clockErrorMs, limitMs: Math.max(START_LIMIT_MS, p50 ?? 0) }],
  );
  if (skews.length === 0) return { name, verdict: 'not checked', text: 'no first send is known' };
  const worst = skews.reduce((most, each) => (each.p99 > most.p99 ? each : most));
  const error = worst.clockErrorMs === null ? '' : ` ± ${formatNumber(worst.clockErrorMs)} ms`;
  const text = `first sends within ${formatNumber(worst.p99)} ms${error} of when they were due (p99, worst cell)`;
  return { name, verdict: skews.every(({ p99, limitMs }) => p99 <= limitMs) ? 'ok' : 'look', text };
}

function checkLittle(cells: readonly CellSummary[]): TrustCheck {
  const name = 'rows and gauges';
  const ratios = cells.flatMap(({ littleErrorRatio }) =>
    littleErrorRatio === null ? [] : [Math.abs(littleErrorRatio)],
  );
  if (ratios.length === 0) return { name, verdict: 'not checked', text: 'no gauges over a window' };
  const wrong = countMarked(cells, 'little');
  const text = `in flight differs by at most ${formatShare(Math.max(...ratios))}`;
  return wrong === 0
    ? { name, verdict: 'ok', text }
    : { name, verdict: 'look', text: `${text} (${formatQuantity(wrong, 'cell')})` };
}

function checkRows(cells: readonly CellSummary[]): TrustCheck {
  const name = 'rows';
  const rows = formatCount(
    cells.reduce((sum, { operations }) => sum + operations.ok + operations.failed + operations.cut, 0),
  );
  const missing = countMarked(cells, 'rows-missing');
  if (missing > 0)
    return {
      name,
      verdict: 'look',
      text: `${rows} stored; not all that were sent in ${formatQuantity(missing, 'cell')}`,
    };
  const lost = countMarked(cells, 'pilot-lost');
  const but = lost === 0 ? '' : ', but for those that lost pilots kept';
  return { name, verdict: 'ok', text: `${rows} sent = stored${but}` };
}

/** Where TLS was spoken: whether the handshakes were those of fresh clients, and how many identities there were. */
function checkHandshakes(cells: readonly CellSummary[]): TrustCheck[] {
  const counts = sumConnections(cells);
  if (counts === null || counts.secured === 0) return [];
  const resumedIn = countMarked(cells, 'sessions-resumed');
  const verdict = resumedIn > 0 ? 'look' : 'ok';
  const but = resumedIn > 0 ? `: in ${formatQuantity(resumedIn, 'cell')} they are not those of fresh clients` : '';
  const resumed = `${formatCount(counts.resumed)} of ${formatCount(counts.secured)} cut short by resuming a session${but}`;
  return [{ name: 'handshakes', verdict, text: [resumed, ...describeIdentities(cells)].join('; ') }];
}

/** What nothing here looks at, so that nobody takes silence for a yes. */
function checkRest(cells: readonly CellSummary[]): TrustCheck[] {
  const withoutCount = cells.filter(({ server }) => server === null).length;
  const runs = Math.min(...groupSeries(cells).flatMap(({ levels }) => levels.map(({ cells: each }) => each.length)));
  const parts = [
    ...(cells.every(({ service }) => service === null) ? ['the server’s CPU'] : []),
    ...(cells.every(({ generator }) => generator?.tcp === undefined || generator.tcp === null) ? ['lost packets'] : []),
    ...(runs < 3 ? [`spread between runs (${formatQuantity(runs, 'run')} a level)`] : []),
    ...(withoutCount > 0 && withoutCount < cells.length
      ? [`server’s count in ${formatQuantity(withoutCount, 'cell')}`]
      : []),
  ];
  return parts.length === 0 ? [] : [{ name: 'also', verdict: 'not checked', text: parts.join('; ') }];
}

function countMarked(cells: readonly CellSummary[], code: Mark['code']): number {
  return cells.filter(({ marks }) => marks.some((mark) => mark.code === code)).length;
}
