/** Whether the load generator, not the service, set the numbers. */

import { formatShare } from '../../foundation/quantity.ts';
import { formatNumber, formatQuantity } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';

const LOOP_UTILISATION_LIMIT = 0.85;
/** Of the p50 service time. */
const LOOP_DELAY_SHARE_LIMIT = 0.1;
/** The delay is sampled by a timer of this period: a shorter one can't be told from the timer's own rounding. */
const LOOP_DELAY_LEAST_MS = 2;
/** Of the clients that could be in flight; turning round takes the rest. */
const IN_FLIGHT_SHARE_LIMIT = 0.9;

/** A wait for a core that is felt more seldom does not move a typical operation; its tail is in the loop's delay. */
const RUN_QUEUE_SHARE_LIMIT = 0.05;
/** Of the p50 service time: what the waits for a core may add to it. */
const RUN_QUEUE_COST_LIMIT = 0.1;
/** Beyond it, more than the slowest hundredth of the operations may have met a pilot that stood still: p99 is the quota's. */
const THROTTLED_SHARE_LIMIT = 0.01;

type Measured = Pick<CellSummary, 'generator' | 'serviceTimeMs' | 'phasesMs' | 'inFlight' | 'held' | 'pausing'>;
type Finding = Omit<Mark, 'code'>;

/** The mark `generator-bound` with a sentence for every limit that was crossed, or null. Value and limit are the first one's. */
export function explainGeneratorBound(measured: Measured): Mark | null {
  const rules = [findBusyLoop, findLateLoop, findCoreWait, findThrottling, findIdleClients];
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

/** Each phase of an operation ends with something that came, which the thread sees only once it has a core. */
function findCoreWait({ generator, serviceTimeMs, phasesMs }: Measured): Finding | null {
  const typicalMs = serviceTimeMs.p50 ?? serviceTimeMs.mean;
  const share = generator?.runQueueShare ?? null;
  const meanMs = generator?.runQueueMeanMs ?? null;
  if (share === null || meanMs === null || typicalMs === null || share <= RUN_QUEUE_SHARE_LIMIT) return null;
  const phases = Object.values(phasesMs).filter((phaseMs) => phaseMs !== null).length;
  const value = phases * meanMs;
  const limit = RUN_QUEUE_COST_LIMIT * typicalMs;
  if (value <= limit) return null;
  const text =
    `A pilot's thread could run but had no core for ${formatShare(share)} of the time, ${formatNumber(meanMs)} ms each time: ` +
    `${formatNumber(value)} ms over the ${formatQuantity(phases, 'phase')} of an operation ` +
    `(limit ${formatNumber(limit)} ms: ${formatShare(RUN_QUEUE_COST_LIMIT)} of the typical service time).`;
  return { value, limit, text };
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
