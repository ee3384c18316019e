/** What a report shows of a cell beyond its summary, from the same pass over its rows. */

import type { CellDetail } from '../cell-detail.ts';
import type { CellEvidence } from '../evidence.ts';
import { measureCourse } from './course.ts';
import { createLogarithmicCounts } from './logarithmic-counts.ts';
import { KIND, type Measure, type Span } from './rows.ts';
import { hasStartedIn } from './service-time.ts';

/** The spreads are of the same operations as the summary's service times, failure times and first cohort. */
export function measureDetail({ gauges }: Pick<CellEvidence, 'gauges'>, span: Span | null): Measure<CellDetail> {
  const ok = createLogarithmicCounts();
  const failed = createLogarithmicCounts();
  const firstCohort = createLogarithmicCounts();
  const course = measureCourse(gauges);
  return {
    take(rows) {
      course.take(rows);
      const { count, kind, sequence, startUs, durationUs } = rows;
      for (let row = 0; row < count; row += 1) {
        const us = durationUs[row] as number;
        if (kind[row] === KIND.ok && sequence[row] === 0) firstCohort.add(us);
        if (span === null || !hasStartedIn(startUs[row] as number, span)) continue;
        if (kind[row] === KIND.ok) ok.add(us);
        else if (kind[row] === KIND.failed) failed.add(us);
      }
    },
    result: () => ({
      serviceTimes: {
        ok: ok.histogram(),
        failed: failed.histogram(),
        firstCohort: firstCohort.histogram(),
      },
      course: course.result(),
    }),
  };
}
