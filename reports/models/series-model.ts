/** What a curve was found to be: the fits through the levels of one series, each with its interval, and the verdict in words. */

import { z } from 'zod';

/** A value with its 95 % confidence interval; docs/models.md names the method of each. */
const EstimateSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

const CurvePointSchema = z.object({
  inFlight: z.number(),
  hz: z.number(),
  /** 95 % interval of the fitted mean. */
  low: z.number(),
  high: z.number(),
});

/** How far the rates lie from a fit. */
const Goodness = {
  /** Coefficient of determination, at most 1. */
  r2: z.number(),
  /** Measured less fitted rate in Hz, a level each, in the order of the levels. */
  residualsHz: z.array(z.number()),
};

/** Verdicts over the levels that have an ok run; what fails beyond them is in `limit`. */
export const VERDICTS = [
  /** A straight line through (nearly) the origin. */
  'linear',
  /** Grows, then stays. */
  'plateau',
  /** The same from the first level on. */
  'flat',
  /** Falls by more than the noise after its peak. */
  'retrograde',
  /** Falls to less than half of its peak. */
  'collapse',
  /** Still grows at the last level, but not along a line. */
  'rising',
  'one-level',
  /** No level has an ok run, or the data fit none of these. */
  'none',
] as const;

export const SeriesModelSchema = z.object({
  target: z.string(),
  scenario: z.string(),
  directorySize: z.number().int().nullable(),
  /** Distinct levels with an ok run. */
  levels: z.number().int().min(0),
  verdict: z.enum(VERDICTS),
  /** The verdict as a sentence with its numbers. */
  says: z.string(),
  /** Which rule of docs/models.md chose it, with the figures that it looked at. */
  rule: z.string(),
  /** Least squares line over the levels from `from` to `to` clients in flight. */
  slope: z
    .object({
      hzPerClient: EstimateSchema,
      interceptHz: EstimateSchema,
      from: z.number(),
      to: z.number(),
      ...Goodness,
    })
    .nullable(),
  /** The levels at the end of the curve whose rates do not differ by more than the noise. */
  plateau: z
    .object({
      hz: EstimateSchema,
      from: z.number(),
      to: z.number(),
      levels: z.number().int(),
      test: z.string(),
      /** Null: no test could be made, since a level has one run. */
      p: z.number().nullable(),
    })
    .nullable(),
  /** Universal Scalability Law: X(N) = gamma N / (1 + sigma (N - 1) + kappa N (N - 1)). */
  usl: z
    .object({
      /** Hz of one client alone. */
      gamma: EstimateSchema,
      /** Contention, 0 … 1. */
      sigma: EstimateSchema,
      /** Coherency. */
      kappa: EstimateSchema,
      /** Where the fitted curve is highest; null: it has no maximum, or one beyond what was measured. */
      peak: z.object({ inFlight: EstimateSchema, hz: EstimateSchema }).nullable(),
      ...Goodness,
    })
    .nullable(),
  /** Clients in flight where two straight parts meet: growth in proportion to the clients, and the plateau. */
  knee: EstimateSchema.extend({
    /** Before the knee. */
    hzPerClient: EstimateSchema,
    /** From the knee on. */
    hz: EstimateSchema,
    ...Goodness,
  }).nullable(),
  /** The level with the highest typical rate. */
  peak: z.object({ level: z.number(), inFlight: z.number(), hz: z.number() }).nullable(),
  /** Levels (clients asked for): the last up to which no run failed, and the first above it that did. */
  limit: z.object({ lastGood: z.number().nullable(), firstBad: z.number().nullable() }),
  /** What the charts draw, between the lowest and the highest measured level only; null: nothing, `withheld` says why. */
  drawn: z.object({ model: z.enum(['slope', 'plateau', 'usl', 'knee']), curve: z.array(CurvePointSchema) }).nullable(),
  /** Models that the data don't support, and why, as sentences. */
  withheld: z.array(z.object({ model: z.enum(['slope', 'plateau', 'usl', 'knee']), why: z.string() })),
});

export type Estimate = z.infer<typeof EstimateSchema>;
export type SeriesModel = z.infer<typeof SeriesModelSchema>;
