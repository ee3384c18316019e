/** Whether the load generator, not the service, set the numbers. */

import { formatShare } from '../../foundation/quantity.ts';
import { formatNumber } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';

const LOOP_UTILISATION_LIMIT = 0.85;
/** Of the p50 service time. */
const LOOP_DELAY_SHARE_LIMIT = 0.1;
/** The delay is sampled by a timer of this period: a shorter one can't be told from the timer's own rounding. */
const LOOP_DELAY_LEAST_MS = 2;
/** Of the clients that could be in flight; turning round takes the rest. */
const IN_FLIGHT_SHARE_LIMIT = 0.9;

/** Of the p50 service time: what the loop's lateness may make of it. */
const LATE_ANSWERS_LIMIT = 0.1;
/** A thread that waits for a core more seldom was late by its own work. */
const RUN_QUEUE_SHARE_LIMIT = 0.05;
/** Beyond it, more than the slowest hundredth of the operations may have met a pilot that stood still: p99 is the quota's. */
const THROTTLED_SHARE_LIMIT = 0.01;

type Measured = Pick<CellSummary, 'generator' | 'serviceTimeMs' | 'phasesMs' | 'inFlight' | 'held' | 'pausing'>;
type Finding = Omit<Mark, 'code'>;

/** The mark `generator-bound` with a sentence for every limit that was crossed, or null. Value and limit are the first one's. */
export function explainGeneratorBound(measured: Measured): Mark | null {
  const rules = [findBusyLoop, findLateLoop, findLateAnswers, findWantOfCore, findThrottling, findIdleClients];
  const findings = rules.map((find) => find(measured)).filter((finding) => finding !== null);
  const [first] = findings;
  if (first === undefined) return null;
  return { ...first, code: 'generator-bound', text: findings.map(({ text }) => text).join(' ') };
}

function findBusyLoop({ generator }: Measured): Finding | null {
  if (generator === null || generator.loopUtilisation <= LOOP_UTILISATION_LIMIT) return null;
  const value = generator.loopUtilisation * 100;
  const limit = LOOP_UTILISATION_LIMIT * 100;
  return { value, limit, text: `A pilot's event loop was ${formatNumber(value)} % busy (limit ${limit} %).` };
}

function findLateLoop({ generator, serviceTimeMs }: Measured): Finding | null {
  const typicalMs = serviceTimeMs.p50 ?? serviceTimeMs.mean;
  if (generator === null || typicalMs === null) return null;
  const value = generator.loopDelayP99Ms;
  const limit = Math.max(LOOP_DELAY_LEAST_MS, LOOP_DELAY_SHARE_LIMIT * typicalMs);
  if (value <= limit) return null;
  const text =
    `A pilot's event loop was late by ${formatNumber(value)} ms at p99 (limit ${formatNumber(limit)} ms: ` +
    `${formatShare(LOOP_DELAY_SHARE_LIMIT)} of the typical service time, at least ${LOOP_DELAY_LEAST_MS} ms).`;
  return { value, limit, text };
}

/**
 * Each phase of an operation ends with something that came, which the loop sees late; a phase can hide no more of that than it
 * is long.
 */
function findLateAnswers({ generator, serviceTimeMs, phasesMs }: Measured): Finding | null {
  const typicalMs = serviceTimeMs.p50 ?? serviceTimeMs.mean;
  const lateMs = generator?.loopLateMeanMs ?? null;
  if (lateMs === null || typicalMs === null) return null;
  const value = Object.values(phasesMs).reduce<number>((sum, phaseMs) => sum + Math.min(phaseMs ?? 0, lateMs), 0);
  const limit = LATE_ANSWERS_LIMIT * typicalMs;
  if (value <= limit) return null;
  const text =
    `What came for a pilot waited ${formatNumber(lateMs)} ms for its event loop on average, which makes ` +
    `${formatNumber(value)} ms of an operation ` +
    `(limit ${formatNumber(limit)} ms: ${formatShare(LATE_ANSWERS_LIMIT)} of the typical service time).`;
  return { value, limit, text };
}

/** A loop is late by its own work, or because its thread had no core: only a late one is asked why. */
function findWantOfCore(measured: Measured): Finding | null {
  const share = measured.generator?.runQueueShare ?? null;
  if (share === null || share <= RUN_QUEUE_SHARE_LIMIT) return null;
  if (findLateLoop(measured) === null && findLateAnswers(measured) === null) return null;
  const text =
    `A pilot's thread could run but had no core for ${formatShare(share)} of the time ` +
    `(limit ${formatShare(RUN_QUEUE_SHARE_LIMIT)}).`;
  return { value: share * 100, limit: RUN_QUEUE_SHARE_LIMIT * 100, text };
}

function findThrottling({ generator }: Measured): Finding | null {
  const share = generator?.throttledShare ?? null;
  if (share === null || share <= THROTTLED_SHARE_LIMIT) return null;
  const text =
    `A CPU quota of its cgroup stopped a pilot for ${formatShare(share)} of the time, added up over cores ` +
    `(limit ${formatShare(THROTTLED_SHARE_LIMIT)}).`;
  return { value: share * 100, limit: THROTTLED_SHARE_LIMIT * 100, text };
}

function findIdleClients({ inFlight, held, pausing }: Measured): Finding | null {
  if (inFlight === null) return null;
  const limit = IN_FLIGHT_SHARE_LIMIT * (held - (pausing ?? 0));
  if (inFlight >= limit) return null;
  const text =
    `Only ${formatNumber(inFlight)} of ${formatNumber(held - (pausing ?? 0))} clients that were neither lost nor pausing ` +
    `were in flight (limit ${formatNumber(limit)}).`;
  return { value: inFlight, limit, text };
}
