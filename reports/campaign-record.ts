/** `campaign.json`: what was planned, with the frozen config and the environment that it ran in. */

import { z } from 'zod';
import { CellIdentitySchema } from './evidence.ts';

/** What is expected of a campaign, in words and as checks of the expectation language. */
export const ExpectationsSchema = z.object({
  /** Who expects it: the heading of the report's column. */
  source: z.string(),
  findings: z.array(z.object({ says: z.string(), check: z.string() })),
});

export const ThresholdsSchema = z.record(z.string(), z.enum(['fail', 'abort']));

export const CampaignRecordSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  /** ISO 8601 with zone. */
  startedAt: z.string(),
  /** Null while the campaign runs, and after a crash. */
  finishedAt: z.string().nullable(),
  /** The config as it was after defaults, file, environment and flags; shown in the report. */
  config: z.json(),
  /** Versions, kernel limits, host; shown in the report. */
  environment: z.json(),
  /** Every planned cell, in the order of the plan. */
  cells: z.array(CellIdentitySchema),
  /** Planned cells that will not be measured, and why. */
  skipped: z.array(z.object({ id: z.string(), reason: z.string() })),
  expect: ExpectationsSchema.nullable().default(null),
  thresholds: ThresholdsSchema.default({}),
});

export type CampaignRecord = z.infer<typeof CampaignRecordSchema>;
