/** Whether our side could make the load that the cells ask for: pilots, ports, network, clients held, first sends. */

import { formatShare } from '../../foundation/quantity.ts';
import { combineTcpCounts, countLost } from '../../foundation/tcp-counts.ts';
import type { GeneratorHealth } from '../evidence.ts';
import { formatCount, formatNumber, formatQuantity } from '../format-number.ts';
import { adviseAgainst, listLocal } from '../measures/local-failures.ts';
import { describeTcp } from '../measures/retransmissions.ts';
import type { CellSummary } from '../summary.ts';
import { type TrustCheck, listMarked, look, notChecked, ok } from './trust-check.ts';

/** First sends further from their due time than this, and than a typical service time, were not together. */
const START_LIMIT_MS = 100;

const HELD_SHARE_LIMIT = 0.99;

/** Shares that a host without trouble has too. */
const WAITED_WORTH_A_WORD = 0.05;
const STOLEN_WORTH_A_WORD = 0.01;

export function checkGenerator(cells: readonly CellSummary[]): TrustCheck {
  const name = 'generator';
  const known = cells.flatMap(({ generator }) => (generator === null ? [] : [generator]));
  const bound = listMarked(cells, 'generator-bound');
  const starved = describeStarvation(known);
  if (bound.length > 0) {
    const text = [`may have set the numbers in ${formatQuantity(bound.length, 'cell')}`, ...starved].join('; ');
    return look(name, text, bound);
  }
  if (known.length === 0) return notChecked(name, 'no pilot told its health');
  const busiest = Math.max(...known.map(({ loopUtilisation }) => loopUtilisation));
  const latest = Math.max(...known.map(({ loopDelayP99Ms }) => loopDelayP99Ms));
  const health = `at most ${formatShare(busiest)} busy, loop late by ${formatNumber(latest)} ms at p99`;
  return ok(name, [health, ...starved].join('; '));
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

/** Shown when anything failed on our side, with what helps. */
export function checkOwnSide(cells: readonly CellSummary[]): TrustCheck[] {
  const sums = new Map<string, number>();
  for (const [outcome, count] of cells.flatMap(({ operations }) => listLocal(operations.byOutcome)))
    sums.set(outcome, (sums.get(outcome) ?? 0) + count);
  if (sums.size === 0) return [];
  const failures = [...sums].toSorted(([, one], [, other]) => other - one);
  const which = failures.map(([outcome, count]) => `${formatCount(count)} ${outcome}`).join(', ');
  const marked = listMarked(cells, 'local-failures');
  const text = `${which} in ${formatQuantity(marked.length, 'cell')}. ${adviseAgainst(failures)}`;
  return [look('own side', text.trimEnd(), marked)];
}

/** Shown when anything was lost or turned away; what is not known is told with the rest. */
export function checkNetwork(cells: readonly CellSummary[]): TrustCheck[] {
  const counts = cells.flatMap(({ generator }) => generator?.tcp ?? []);
  const [first] = counts;
  if (first === undefined) return [];
  const sum = counts.slice(1).reduce((one, other) => combineTcpCounts(one, other, (a, b) => a + b), first);
  if (countLost(sum) + sum.listenDrops + sum.listenOverflows === 0) return [];
  const marked = listMarked(cells, 'retransmitted');
  if (marked.length === 0) return [ok('network', describeTcp(sum))];
  return [look('network', `${describeTcp(sum)}; enough to count in ${formatQuantity(marked.length, 'cell')}`, marked)];
}

export function checkHeld(cells: readonly CellSummary[]): TrustCheck {
  const name = 'held';
  const lost = listMarked(cells, 'pilot-lost');
  const fewer = cells.filter((cell) => lost.includes(cell) || cell.held / cell.level < HELD_SHARE_LIMIT);
  const least = Math.min(...cells.map(({ held, level }) => held / level));
  const text = `${formatShare(least)} of the clients at worst`;
  if (lost.length > 0) return look(name, `${text}; pilots lost in ${formatQuantity(lost.length, 'cell')}`, fewer);
  return fewer.length === 0 ? ok(name, text) : look(name, text, fewer);
}

export function checkStart(cells: readonly CellSummary[]): TrustCheck {
  const name = 'start';
  const skews = cells.flatMap((cell) => {
    const { p99, clockErrorMs } = cell.startSkewMs;
    const limitMs = Math.max(START_LIMIT_MS, cell.serviceTimeMs.p50 ?? 0);
    return p99 === null ? [] : [{ cell, p99, clockErrorMs, limitMs }];
  });
  if (skews.length === 0) return notChecked(name, 'no first send is known');
  const worst = skews.reduce((most, each) => (each.p99 > most.p99 ? each : most));
  const error = worst.clockErrorMs === null ? '' : ` ± ${formatNumber(worst.clockErrorMs)} ms`;
  const text = `first sends ${formatNumber(worst.p99)} ms${error} from due at worst (p99)`;
  const apart = skews.filter(({ p99, limitMs }) => p99 > limitMs).map(({ cell }) => cell);
  return apart.length === 0 ? ok(name, text) : look(name, text, apart);
}
