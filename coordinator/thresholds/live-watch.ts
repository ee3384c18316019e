/**
 * Watches the `abort` thresholds of a cell while it runs: its rows are counted as they come in, and a threshold is crossed
 * once what lies beyond its limit can't be chance any more (chance.ts).
 *
 * | measure | counted | beyond the limit | from | to |
 * | --- | --- | --- | --- | --- |
 * | failed | operations that ended, but for those that we cut | those not ok, but for failures of our own side | T0: the warm-up counts too | the last row |
 * | p50 … p99 | ok operations that started in the window | those slower | the window's opening | the window's closing |
 *
 * What fails fast ends before what works: a client that has not ended any operation yet counts as one that is ok. What the
 * watch says depends on the rows alone, not on the order in which they come or on when the window was known.
 */

import { outcomeClassOf } from '../../foundation/outcome.ts';
import { formatDuration } from '../../foundation/quantity.ts';
import type { CellIdentity } from '../../reports/evidence.ts';
import { isProblem } from '../../reports/expectations/check.ts';
import { type LiveLimit, isSelected, liveLimitsOf } from '../../reports/expectations/live-limit.ts';
import { parseCheck } from '../../reports/expectations/parse-check.ts';
import { formatCount, formatNumber } from '../../reports/format-number.ts';
import type { OperationBlock } from '../../reports/operation.ts';
import type { Config } from '../config/schema.ts';
import { isBeyondChance } from './chance.ts';
import type { Crossing } from './crossing.ts';

export type LiveThreshold = { check: string; limit: LiveLimit };

export type LiveWatch = {
  /** The rows of a block, in any order, each once. */
  count(block: OperationBlock): void;
  /** The window opens there, a multiple of the grid; it may lie behind what has been counted. */
  opened(openMs: number): void;
  closed(closeMs: number): void;
  /** The first threshold, in their order, that is crossed by what has been counted; null: none. */
  crossed(): Crossing | null;
};

/** The thresholds with `abort` that speak of this cell and can be judged while it runs. */
export function liveThresholdsFor(thresholds: Config['thresholds'], cell: CellIdentity): LiveThreshold[] {
  return Object.entries(thresholds).flatMap(([text, otherwise]) => {
    const check = parseCheck(text);
    const limit = otherwise === 'abort' && !isProblem(check) ? liveLimitsOf(check) : null;
    return limit !== null && isSelected(limit, cell) ? [{ check: text, limit }] : [];
  });
}

const ALLOWED_BEYOND = { p50: 0.5, p90: 0.1, p95: 0.05, p99: 0.01 } as const;

/** @param cell its clients are numbered from 0, and its window lies on a grid of `gridMs` */
export function createLiveWatch(
  thresholds: readonly LiveThreshold[],
  { clients, gridMs }: { clients: number; gridMs: number },
): LiveWatch {
  const failures = createFailureCount(clients);
  const inWindow = createWindowCount(
    thresholds.map(({ limit }) => limit),
    gridMs,
  );
  return {
    count(block) {
      if (thresholds.length === 0) return;
      const classes = block.outcomes.map(outcomeClassOf);
      for (let row = 0; row < block.rows; row += 1) {
        const outcome = classes[block.outcome[row] as number];
        if (outcome === 'cut') continue;
        failures.add(block.client[row] as number, outcome !== 'ok' && outcome !== 'local');
        if (outcome === 'ok') inWindow.add(block.startUs[row] as number, block.durationUs[row] as number);
      }
    },
    opened: inWindow.open,
    closed: inWindow.close,
    crossed() {
      for (const [index, { check, limit }] of thresholds.entries()) {
        if (limit.measure === 'failed') {
          const { failed, ended, waiting } = failures;
          const isCrossed = isBeyondChance(failed(), ended() + waiting(), limit.limit);
          if (isCrossed) return { check, text: describeFailures(failed(), ended(), limit) };
          continue;
        }
        const { beyond, total } = inWindow.counts(index);
        if (isBeyondChance(beyond, total, ALLOWED_BEYOND[limit.measure]))
          return { check, text: describeSlow(beyond, total, limit) };
      }
      return null;
    },
  };
}

type FailureCount = {
  add(client: number, isFailed: boolean): void;
  failed(): number;
  ended(): number;
  /** Clients that have not ended any operation. */
  waiting(): number;
};

function createFailureCount(clients: number): FailureCount {
  const hasEnded = new Uint8Array(clients);
  let waiting = clients;
  let failed = 0;
  let ended = 0;
  return {
    add(client, isFailed) {
      if (hasEnded[client] === 0) {
        hasEnded[client] = 1;
        waiting -= 1;
      }
      ended += 1;
      if (isFailed) failed += 1;
    },
    failed: () => failed,
    ended: () => ended,
    waiting: () => waiting,
  };
}

type WindowCount = {
  /** An ok operation. */
  add(startUs: number, durationUs: number): void;
  open(openMs: number): void;
  close(closeMs: number): void;
  /** Ok operations that started in the window so far, and those beyond the limit with this index; none before it opens. */
  counts(index: number): { beyond: number; total: number };
};

/** Keeps counts for each step of the grid, since rows come before it is known where the window begins and ends. */
function createWindowCount(limits: readonly LiveLimit[], gridMs: number): WindowCount {
  const bins: { total: number; beyond: number[] }[] = [];
  const sum = { total: 0, beyond: limits.map(() => 0) };
  let openBin = Infinity;
  let closeBin = Infinity;
  const sumUp = (): void => {
    const counted = bins.slice(openBin, closeBin).filter((bin) => bin !== undefined);
    sum.total = counted.reduce((total, bin) => total + bin.total, 0);
    sum.beyond = limits.map((_, index) => counted.reduce((total, bin) => total + (bin.beyond[index] as number), 0));
  };
  return {
    add(startUs, durationUs) {
      const number = Math.floor(startUs / (gridMs * 1000));
      if (number < 0) return; // by its clock's error a pilot may start before T0, which is in no window
      const bin = (bins[number] ??= { total: 0, beyond: limits.map(() => 0) });
      const isInWindow = number >= openBin && number < closeBin;
      for (const counts of isInWindow ? [bin, sum] : [bin]) {
        counts.total += 1;
        for (const [index, limit] of limits.entries()) {
          if (isBeyond(durationUs, limit)) counts.beyond[index] = (counts.beyond[index] as number) + 1;
        }
      }
    },
    open(openMs) {
      openBin = Math.round(openMs / gridMs);
      sumUp();
    },
    close(closeMs) {
      closeBin = Math.round(closeMs / gridMs);
      sumUp();
    },
    counts: (index) => ({ beyond: sum.beyond[index] as number, total: sum.total }),
  };
}

function isBeyond(durationUs: number, { limit, isInclusive }: LiveLimit): boolean {
  return isInclusive ? durationUs > limit * 1000 : durationUs >= limit * 1000;
}

function describeFailures(failed: number, ended: number, { limit, isInclusive }: LiveLimit): string {
  const may = `${isInclusive ? '' : 'less than '}${formatNumber(limit * 100)} % may`;
  return `${describeShare(failed, ended)} failed so far, where ${may}`;
}

function describeSlow(beyond: number, total: number, { measure, limit, isInclusive }: LiveLimit): string {
  const time = formatDuration(limit);
  const allowed = formatNumber(ALLOWED_BEYOND[measure as keyof typeof ALLOWED_BEYOND] * 100);
  const slow = isInclusive ? `longer than ${time}` : `${time} or longer`;
  return `${describeShare(beyond, total)} took ${slow} in the window so far, where ${allowed} % may`;
}

function describeShare(count: number, total: number): string {
  return `${formatCount(count)} of ${formatCount(total)} operations (${formatNumber((count / total) * 100)} %)`;
}
