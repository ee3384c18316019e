/** What the frontend answers about a cell, and about itself. */

import { z } from 'zod';
import { ExhaustedSchema } from '../foundation/exhausted.ts';

/**
 * Answer of `GET <metrics>/cells/<campaign>/<cell>/<attempt>`: cumulative counters of one cell. An operation may take several
 * requests. At any time `received` is the sum of `answered`, `abandoned`, `open` and `between`.
 *
 * A client that leaves while a request of its operation is open is noticed at once. One that leaves between two requests (it was
 * told to ask again and never does) is noticed when it begins its next operation; one that never begins another stays in
 * `between`.
 */
export const CellCountSchema = z.object({
  /** Operations whose first request had come, header and body. */
  received: z.number().int(),
  /** Operations whose last answer was written whole, per outcome. */
  answered: z.record(z.string(), z.number().int()),
  /** Answers after which the client asks again, written whole. */
  interim: z.number().int(),
  /** Operations whose client left before the last answer was written whole. */
  abandoned: z.number().int(),
  /** Operations with a request that has not ended. */
  open: z.number().int(),
  /** Operations whose client has its answer and was to ask again: neither open nor ended. */
  between: z.number().int(),
  /** The last operation answered whole to each client: [sequence, outcome]. A cut operation is always its client's last. */
  lastAnswered: z.record(z.string(), z.tuple([z.number().int(), z.string()])),
});

/**
 * Answer of `GET <metrics>/service`: what the frontend says of itself, cumulative since its start.
 */
export const ServiceStateSchema = z.object({
  /** CPU time of its process, user and system, all threads, in ms. */
  cpuMs: z.number().min(0),
  /** Requests to the mapping service. */
  callOuts: z.number().int().min(0),
  /** Connections that did not get a container thread at once. */
  waitedForThread: z.number().int().min(0),
  /** What was turned away, by what had run out. */
  exhausted: ExhaustedSchema,
  /** Container threads now: how many are held, by connections and by nested work, and how many there are (null: no container). */
  threads: z.object({ held: z.number().int(), nested: z.number().int(), most: z.number().int().nullable() }),
});

export type ServiceState = z.infer<typeof ServiceStateSchema>;
export type CellCount = z.infer<typeof CellCountSchema>;
