/** What coordinator and pilots tell each other of an `srm-ls`. */

import { z } from 'zod';

export const SrmLsSpecSchema = z.strictObject({
  kind: z.literal('srm-ls'),
  /** Path of the directory as the service knows it. */
  directory: z.string().startsWith('/'),
  detail: z.enum(['full', 'brief']),
  /** numOfLevels. */
  levels: z.number().int().min(0),
  /** Another number of entries is the outcome `status/entry-count`; null: not looked at. */
  expectEntries: z.number().int().min(0).nullable(),
});

export type SrmLsSpec = z.infer<typeof SrmLsSpecSchema>;
