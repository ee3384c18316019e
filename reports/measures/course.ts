/** How a cell went over time: operations that ended and clients in flight, step by step from T0. */

import type { Course } from '../cell-detail.ts';
import type { GaugeSeries } from '../evidence.ts';
import { integralAt } from './concurrency.ts';
import { KIND, type Measure } from './rows.ts';

const MOST_STEPS = 120;
/** Length of the fine steps at first; they grow by ten times when there is no more room. */
const FINE_MS = 1;
const GROWTH = 10;
/** Room for what is then at least ten times as fine as the steps of the result. */
const FINE_STEPS = MOST_STEPS * GROWTH * GROWTH;
const ROUND = [1, 2, 5];

type Counts = Record<'ok' | 'firstCohort' | 'failed', Float64Array>;

/**
 * Ends are counted in steps that begin after a moment and include their last, as the window does. How long the cell lasts is not
 * known before its last row: the load goes on for a while after the drain. An end that lies before T0, by an error of a clock,
 * is of the first step.
 */
export function measureCourse(gauges: GaugeSeries): Measure<Course | null> {
  const counts = {
    ok: new Float64Array(FINE_STEPS),
    firstCohort: new Float64Array(FINE_STEPS),
    failed: new Float64Array(FINE_STEPS),
  };
  let fineMs = FINE_MS;
  let lastUs = (gauges.inFlight.length - 1) * gauges.everyMs * 1000;
  const makeRoom = (untilUs: number): void => {
    while (untilUs > FINE_STEPS * fineMs * 1000) {
      fineMs *= GROWTH;
      for (const each of Object.values(counts)) joinSteps(each);
    }
  };
  return {
    take({ count, kind, sequence, endUs }) {
      for (let row = 0; row < count; row += 1) lastUs = Math.max(lastUs, endUs[row] as number);
      makeRoom(lastUs);
      const { ok, firstCohort, failed } = counts;
      const stepUs = fineMs * 1000;
      for (let row = 0; row < count; row += 1) {
        if (kind[row] === KIND.cut) continue;
        const chosen = kind[row] !== KIND.ok ? failed : sequence[row] === 0 ? firstCohort : ok;
        const step = Math.max(0, Math.ceil((endUs[row] as number) / stepUs) - 1);
        chosen[step] = (chosen[step] as number) + 1;
      }
    },
    result: () => (lastUs <= 0 ? null : describeCourse({ counts, fineMs }, gauges, lastUs / 1000)),
  };
}

/** Ten steps become one, in place. */
function joinSteps(counts: Float64Array): void {
  for (let step = 0; step < counts.length; step += 1) {
    const first = step * GROWTH;
    counts[step] = counts.subarray(first, first + GROWTH).reduce((sum, each) => sum + each, 0);
  }
}

function describeCourse(
  { counts, fineMs }: { counts: Counts; fineMs: number },
  gauges: GaugeSeries,
  endMs: number,
): Course {
  const everyMs = chooseStepMs(endMs, Math.max(fineMs, gauges.everyMs));
  const steps = Math.ceil(endMs / everyMs);
  const width = everyMs / fineMs;
  const sumUp = (fine: Float64Array): number[] =>
    Array.from({ length: steps }, (_, step) =>
      fine.subarray(step * width, (step + 1) * width).reduce((sum, each) => sum + each, 0),
    );
  return {
    everyMs,
    endMs,
    ok: sumUp(counts.ok),
    firstCohort: sumUp(counts.firstCohort),
    failed: sumUp(counts.failed),
    inFlight: Array.from({ length: steps }, (_, step) =>
      averageBetween(gauges, step * everyMs, Math.min(endMs, (step + 1) * everyMs)),
    ),
  };
}

/** The shortest of 1, 2, 5, 10, 20, … ms that is not shorter than `leastMs` and needs no more than 120 steps. */
function chooseStepMs(lengthMs: number, leastMs: number): number {
  for (let power = 1; ; power *= 10) {
    const found = ROUND.map((round) => round * power).find(
      (stepMs) => stepMs >= leastMs && Math.ceil(lengthMs / stepMs) <= MOST_STEPS,
    );
    if (found !== undefined) return found;
  }
}

/** In thousandths; null unless the gauges reach over all of it. */
function averageBetween({ inFlight, everyMs }: GaugeSeries, fromMs: number, toMs: number): number | null {
  const from = integralAt(inFlight, fromMs / everyMs);
  const to = integralAt(inFlight, toMs / everyMs);
  return from === null || to === null ? null : Math.round(((to - from) / (toMs - fromMs)) * 1000) / 1000;
}
