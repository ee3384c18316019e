/** What a report shows of one cell beyond its summary: how its service times are spread, and how it went over time. */

import { z } from 'zod';

/**
 * Counts in bins of equal ratio: bin i holds the times from `fromUs * ratio ** i` up to, but without, `fromUs * ratio ** (i + 1)`.
 * The first and the last bin are not empty, there are at most 60. Times are whole microseconds; shorter ones count as one.
 */
const HistogramSchema = z.object({
  fromUs: z.number().positive(),
  ratio: z.number().gt(1),
  counts: z.array(z.number().int().min(0)),
});

const CourseSchema = z.object({
  /** Length of a step: 1, 2 or 5 times a power of ten; the first begins at T0, there are at most 120. */
  everyMs: z.number().positive(),
  /** When the last operation ended, or the gauges did: so long is the last step. */
  endMs: z.number().positive(),
  /**
   * Operations that ended in each step: successes but those of the first cohort (the first operation of every client), those of the
   * first cohort, and failures, local ones and those of the first cohort included. Added up they are `operations.ok`, of which
   * `firstCohort.ok`, and `operations.failed` of the cell's summary. Cut ones are in none.
   */
  ok: z.array(z.number().int().min(0)),
  firstCohort: z.array(z.number().int().min(0)),
  failed: z.array(z.number().int().min(0)),
  /** Clients in flight, average over each step, from the gauges; null where they do not reach over all of it. */
  inFlight: z.array(z.number().nullable()),
});

export const CellDetailSchema = z.object({
  /**
   * Null where there was no such operation. The first two: of those that started in the window, first cohort or not, as many as
   * `serviceTimeMs.count` and `failureTimeMs.count` say; the third: of the first cohort's successes, whenever they started.
   */
  serviceTimes: z.object({
    ok: HistogramSchema.nullable(),
    failed: HistogramSchema.nullable(),
    firstCohort: HistogramSchema.nullable(),
  }),
  /** From T0 to the end of the last operation; null: there was none, and no gauges. */
  course: CourseSchema.nullable(),
});

export type Histogram = z.infer<typeof HistogramSchema>;
export type Course = z.infer<typeof CourseSchema>;
export type CellDetail = z.infer<typeof CellDetailSchema>;
