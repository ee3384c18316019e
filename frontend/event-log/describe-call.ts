/** What the event log says of a request. */

import type { SrmRequest } from '../../scenarios/srm/read-request.ts';
import type { Call } from './call-log.ts';
import { quote } from './event-line.ts';

const OPERATIONS = {
  ls: 'srmLs',
  'status-of-ls': 'srmStatusOfLsRequest',
  abort: 'srmAbortRequest',
  ping: 'srmPing',
} as const;

/** Null: it could not be read. Its token is not told: by that others could ask for the answer. */
export function describeCall(request: SrmRequest | null, identity: string | null): Call {
  if (request === null) return { operation: null, identity };
  if (request.kind === 'unknown') return { operation: quote(request.operation), identity };
  return { operation: OPERATIONS[request.kind], identity, surls: request.kind === 'ls' ? request.surls : [] };
}
