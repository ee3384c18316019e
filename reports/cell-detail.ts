/** What a report shows of one cell beyond its summary: how its service times are spread, and how it went over time. */

import { z } from 'zod';

/**
 * Counts in bins of equal ratio: bin i holds the times from `fromUs * ratio ** i` up to `fromUs * ratio ** (i + 1)`. The first
 * and the last bin are not empty.
 */
const HistogramSchema = z.object({
  fromUs: z.number().positive(),
  ratio: z.number().gt(1),
  counts: z.array(z.number().int().min(0)),
});

const CourseSchema = z.object({
  /** Length of a step; the first begins at T0. */
  everyMs: z.number().positive(),
  /** Operations that ended in each step: successes but those of the first cohort, the first operation of every client, failures. */
  ok: z.array(z.number().int().min(0)),
  firstCohort: z.array(z.number().int().min(0)),
  failed: z.array(z.number().int().min(0)),
  /** Clients in flight, average over each step, from the gauges; null where they do not reach. */
  inFlight: z.array(z.number().nullable()),
});

export const CellDetailSchema = z.object({
  /** Null where there was no such operation. The first two: of those that started in the window, first cohort or not. */
  serviceTimes: z.object({
    ok: HistogramSchema.nullable(),
    failed: HistogramSchema.nullable(),
    firstCohort: HistogramSchema.nullable(),
  }),
  /** From T0 to drained; null: the cell was never drained. */
  course: CourseSchema.nullable(),
});

export type Histogram = z.infer<typeof HistogramSchema>;
export type Course = z.infer<typeof CourseSchema>;
export type CellDetail = z.infer<typeof CellDetailSchema>;
