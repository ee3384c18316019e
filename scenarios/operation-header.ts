/** The request header by which a service can count for itself: which operation of which client a request belongs to. */

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
