/** How a service can count for itself: one request header, and the shape of the frontend's answer about a cell. */

import { z } from 'zod';
import { ExhaustedSchema } from '../foundation/exhausted.ts';
import type { OperationLabels } from './scenario.ts';

/**
 * `GlideTester-Operation: <campaign>/<cell>/<attempt>/<client>/<sequence>[/<step>]`; no part holds a slash. The first request of
 * an operation has no step, those that belong to it (polls, further pages) count 1, 2, ….
 */
export const OPERATION_HEADER = 'glidetester-operation';

/** The header's value up to the sequence number. */
export function operationHeaderPrefix(labels: NonNullable<OperationLabels>, client: number | string): string {
  return `${labels.campaign}/${labels.cell}/${labels.attempt}/${client}/`;
}

/** The header's whole value. `prefix`: of {@link operationHeaderPrefix}; `step`: 0 for the operation's first request. */
export function operationHeader(prefix: string, sequence: number, step: number): string {
  return step === 0 ? prefix + sequence : `${prefix}${sequence}/${step}`;
}

/** One request as its header names it. */
export type OperationName = {
  campaign: string;
  cell: string;
  attempt: number;
  client: string;
  sequence: number;
  /** 0: the first request of the operation. */
  step: number;
};

/** As many digits as a whole number keeps exactly. */
const WHOLE = /^\d{1,15}$/;

/** The parts of a header value, or null when it is none of ours. */
export function parseOperationHeader(value: string): OperationName | null {
  const parts = value.split('/');
  if (parts.length !== 5 && parts.length !== 6) return null;
  const [campaign, cell, attempt, client, sequence, step = '0'] = parts as [string, string, string, string, string];
  if (![attempt, sequence, step].every((part) => WHOLE.test(part))) return null;
  return { campaign, cell, attempt: Number(attempt), client, sequence: Number(sequence), step: Number(step) };
}

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
