/** How a service can count for itself: one request header, and the shape of the frontend's answer about a cell. */

import { z } from 'zod';
import type { OperationLabels } from './scenario.ts';

/** `GlideTester-Operation: <campaign>/<cell>/<attempt>/<client>/<sequence>`; no part holds a slash. */
export const OPERATION_HEADER = 'glidetester-operation';

/** The header's value up to the sequence number, which the client appends. */
export function operationHeaderPrefix(labels: NonNullable<OperationLabels>, client: number | string): string {
  return `${labels.campaign}/${labels.cell}/${labels.attempt}/${client}/`;
}

/** One operation as its header names it. */
export type OperationName = { campaign: string; cell: string; attempt: number; client: string; sequence: number };

/** The parts of a header value, or null when it is none of ours. */
export function parseOperationHeader(value: string): OperationName | null {
  const parts = value.split('/');
  if (parts.length !== 5) return null;
  const [campaign, cell, attempt, client, sequence] = parts as [string, string, string, string, string];
  if (!/^\d+$/.test(attempt) || !/^\d+$/.test(sequence)) return null;
  return { campaign, cell, attempt: Number(attempt), client, sequence: Number(sequence) };
}

/** Answer of `GET <metrics>/cells/<campaign>/<cell>/<attempt>`: cumulative counters of one cell. */
export const CellCountSchema = z.object({
  /** Requests whose header and body had come. */
  received: z.number().int(),
  /** Answers written whole, per outcome. */
  answered: z.record(z.string(), z.number().int()),
  /** Requests whose client left before the answer was written whole. */
  abandoned: z.number().int(),
  /** Requests not yet ended. */
  open: z.number().int(),
  /** The last answer written whole to each client: [sequence, outcome]. A cut operation is always its client's last. */
  lastAnswered: z.record(z.string(), z.tuple([z.number().int(), z.string()])),
});

export type CellCount = z.infer<typeof CellCountSchema>;
