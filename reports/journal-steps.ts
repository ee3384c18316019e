/** The steps of `journal.ndjson` that tell how pilots were acquired. Steps that are not named here are passed over. */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { GlideTesterError, messageOf, systemCodeOf } from '../foundation/error.ts';

const Line = {
  v: z.literal(1),
  /** ISO 8601. */
  at: z.string(),
  /** On the clock of the coordinator's host, which begins anew when that is started anew. */
  monotonicMs: z.number(),
};

const AcquisitionLineSchema = z.discriminatedUnion('step', [
  /** Slots that each site needs from now on; results from before this was written have it in `pilots-asked` alone. */
  z.object({ ...Line, step: z.literal('slots-needed'), sites: z.record(z.string(), z.number()) }),
  z.object({
    ...Line,
    step: z.literal('pilots-asked'),
    site: z.string(),
    pilots: z.array(z.string()),
    neededSlots: z.number(),
  }),
  z.object({
    ...Line,
    step: z.literal('pilot-joined'),
    pilot: z.string(),
    slots: z.number().nullable().default(null),
    askedAtMs: z.number().nullable().default(null),
  }),
  /** Without a pilot: it never said who it was. */
  z.object({ ...Line, step: z.literal('pilot-refused'), pilot: z.string().nullable().default(null) }),
  z.object({ ...Line, step: z.literal('pilot-lost'), pilot: z.string() }),
  z.object({ ...Line, step: z.literal('pilot-ended'), pilot: z.string() }),
  z.object({ ...Line, step: z.literal('cell-started'), cell: z.string() }),
  z.object({ ...Line, step: z.literal('cell-fired'), cell: z.string(), t0Ms: z.number() }),
]);

export type AcquisitionLine = z.infer<typeof AcquisitionLineSchema>;

/**
 * Lines of the journal that tell of the acquisition, in their order, with the moment of its first line, of whatever step. What is
 * no whole line, as the last one after a crash, and what this version can't read is passed over.
 */
export type JournalReading = { first: { at: string; monotonicMs: number } | null; lines: AcquisitionLine[] };

const AnyLineSchema = z.object(Line);

/**
 * Null: there is no journal.
 *
 * @throws GlideTesterError GT_RESULT_NOT_READABLE
 */
export async function readJournal(file: string): Promise<JournalReading | null> {
  const reading: JournalReading = { first: null, lines: [] };
  try {
    const stream = createReadStream(file);
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) takeLine(reading, text);
    return reading;
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null;
    throw new GlideTesterError('GT_RESULT_NOT_READABLE', `expected readable lines in ${file}: ${messageOf(cause)}`, {
      hint: 'make the file readable, or move it away: a report can do without it',
      cause,
    });
  }
}

function takeLine(reading: JournalReading, text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  reading.first ??= AnyLineSchema.safeParse(value).data ?? null;
  const { data } = AcquisitionLineSchema.safeParse(value);
  if (data !== undefined) reading.lines.push(data);
}
