/** The shape of connection counts on the link and on disk; apart from what counts, which every thread of a pilot loads. */

import { z } from 'zod';
import type { ConnectionCounts } from './connection-counts.ts';

const count = z.number().int().min(0);

export const ConnectionCountsSchema = z.strictObject({
  opened: count,
  secured: count,
  resumed: count,
  byCipher: z.record(z.string(), count),
  // All zero in a result from before this was kept.
  carriedBy: z.strictObject({ direct: count, undici: count }).default({ direct: 0, undici: 0 }),
}) satisfies z.ZodType<ConnectionCounts>;
