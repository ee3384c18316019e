/** The answers that need no listing. */

import { decideLsOutcome } from '../../scenarios/srm/ls-answer.ts';
import { SOAP_CONTENT_TYPE } from '../../scenarios/srm/wire.ts';
import { writeFault, writePingAnswer } from '../../scenarios/srm/write-answer.ts';
import type { ListingResult } from '../listing/listing-pool.ts';
import type { LsAnswer } from './ls-answer.ts';
import type { Reply } from '../counting/open-request.ts';

/** An answer that was written here, on the network thread. */
export function replyWith({ xml, ...turn }: LsAnswer): Reply {
  return { httpStatus: 200, contentType: SOAP_CONTENT_TYPE, body: xml, ...turn };
}

/** An answer that a listing thread has written, or its failure. */
export function replyWithListing(result: ListingResult): Reply {
  if ('failure' in result) return createFault('Server', `The listing failed: ${result.failure}`);
  const { body, outcome, next } = result;
  return { httpStatus: 200, contentType: SOAP_CONTENT_TYPE, body, outcome, next };
}

/** srmPing has no status: whoever asks is answered, and shown who he is taken for. */
export function createPing(asker: readonly (readonly [key: string, value: string])[]): Reply {
  const xml = writePingAnswer('v2.2', [
    ['backend_type', 'BeStMan'],
    ['backend_version', 'GlideTester'],
    ['GatewayMode', 'Enabled'],
    ...asker,
  ]);
  return replyWith({ xml, outcome: 'ok', next: null });
}

export function createFault(party: 'Client' | 'Server', text: string): Reply {
  return {
    httpStatus: 500,
    contentType: SOAP_CONTENT_TYPE,
    body: writeFault(party, text),
    outcome: decideLsOutcome({ kind: 'fault', code: `soapenv:${party}`, text }, { expectEntries: null }),
    next: null,
  };
}

export function refuseHttp(httpStatus: number, text: string): Reply {
  return {
    httpStatus,
    contentType: 'text/plain',
    body: `${text}\n`,
    outcome: `status/http-${httpStatus}`,
    next: null,
  };
}
