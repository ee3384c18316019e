/** The SRM service: takes requests off the network, counts them and has them answered. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { OPERATION_HEADER, type OperationName, parseOperationHeader } from '../scenarios/operation-header.ts';
import { type Access, answerSoap } from './requests/answer-soap.ts';
import { BODY_LIMIT_BYTES, type BodyCollector, type BodyRefusal, createBodyCollector } from './requests/http-body.ts';
import type { ListingPool } from './listing/listing-pool.ts';
import { createListingRequests } from './requests/listing-requests.ts';
import { DEFAULT_MODES, type Modes } from './requests/modes.ts';
import { type Reply, type RequestCounter, createRequestCounter } from './counting/open-request.ts';
import type { OperationCounts } from './counting/operation-counts.ts';
import type { OperationRecorder } from './counting/operation-record.ts';
import type { CallLog } from './event-log/call-log.ts';
import { refuseHttp } from './requests/replies.ts';
import type { Desk } from './requests/serve-request.ts';

const HEADER_LIMIT_BYTES = 16 * 1024;

export type ServiceParts = {
  pool: ListingPool;
  counts: OperationCounts;
  recorder: OperationRecorder;
  /** Left out: everybody is served, as somebody without an identity. */
  access?: Access | null;
  /** Left out: no event log. */
  callLog?: CallLog | null;
  /** Left out: as BeStMan's gateway, but inline. */
  modes?: Modes;
  /** From the first byte of a request to the last; the first one is counted from when its connection was given to the service. */
  requestWithinMs: number;
};

/** How often slow senders are looked for; at most so much later than they should be they are dropped. */
const LOOK_EVERY_MS = 10_000;

/**
 * Not yet listening. Connections are kept open between requests until their client closes them; who takes too long over a
 * request is answered 408 and dropped.
 */
export function createService(parts: ServiceParts): Server {
  const counter = createRequestCounter(parts);
  const { pool, modes = DEFAULT_MODES, access = null, callLog = null, requestWithinMs } = parts;
  const requests = createListingRequests(pool);
  const desk = { pool, modes, access, callLog, requests, collectBody: createBodyCollector() };
  const server = createServer(
    {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      requestTimeout: requestWithinMs,
      headersTimeout: requestWithinMs,
      connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, requestWithinMs),
      keepAliveTimeout: 0,
      noDelay: true,
    },
    (request, response) => serve(request, response, counter, desk),
  );
  server.timeout = 0;
  server.once('close', () => counter.abandonAll());
  return server;
}

type FrontDesk = Desk & { access: Access | null; callLog: CallLog | null; collectBody: BodyCollector };

const BODY_REFUSALS: Record<BodyRefusal, Reply> = {
  'too-large': refuseHttp(413, `A request has at most ${BODY_LIMIT_BYTES} bytes.`),
  'too-many': refuseHttp(503, 'Too many requests are on their way at once.'),
};

function serve(request: IncomingMessage, response: ServerResponse, counter: RequestCounter, desk: FrontDesk): void {
  desk.collectBody(request, (body) => {
    const open = counter.receive(nameOf(request), response);
    if (request.method !== 'POST') return open.answer(refuseHttp(405, 'SOAP requests come by POST.'));
    if (typeof body === 'string') return open.answer(BODY_REFUSALS[body]);
    answerSoap(body, request.socket, open, desk);
  });
}

function nameOf(request: IncomingMessage): OperationName | null {
  const value = request.headers[OPERATION_HEADER];
  return typeof value === 'string' ? parseOperationHeader(value) : null;
}
