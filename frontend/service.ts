/** The SRM service: takes requests off the network, counts them and has them answered. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { OPERATION_HEADER, type OperationName, parseOperationHeader } from '../scenarios/server-count.ts';
import { type Access, answerSoap } from './answer-soap.ts';
import { BODY_LIMIT_BYTES, collectBody } from './http-body.ts';
import type { ListingPool } from './listing-pool.ts';
import { createListingRequests } from './listing-requests.ts';
import { DEFAULT_MODES, type Modes } from './modes.ts';
import { type RequestCounter, createRequestCounter } from './open-request.ts';
import type { OperationCounts } from './operation-counts.ts';
import type { OperationRecorder } from './operation-record.ts';
import { refuseHttp } from './replies.ts';
import type { Desk } from './serve-request.ts';

const HEADER_LIMIT_BYTES = 16 * 1024;

export type ServiceParts = {
  pool: ListingPool;
  counts: OperationCounts;
  recorder: OperationRecorder;
  /** Left out: everybody is served, as somebody without an identity. */
  access?: Access | null;
  /** Left out: as BeStMan's gateway, but inline. */
  modes?: Modes;
};

/** Not yet listening. Connections are kept open until their client closes them: Node's own time limits are all off. */
export function createService(parts: ServiceParts): Server {
  const counter = createRequestCounter(parts);
  const { pool, modes = DEFAULT_MODES, access = null } = parts;
  const desk = { pool, modes, access, requests: createListingRequests(pool) };
  const server = createServer(
    {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
      noDelay: true,
    },
    (request, response) => serve(request, response, counter, desk),
  );
  server.timeout = 0;
  server.once('close', () => counter.abandonAll());
  return server;
}

type GuardedDesk = Desk & { access: Access | null };

function serve(request: IncomingMessage, response: ServerResponse, counter: RequestCounter, desk: GuardedDesk): void {
  collectBody(request, (body) => {
    const open = counter.receive(nameOf(request), response);
    if (request.method !== 'POST') return open.answer(refuseHttp(405, 'SOAP requests come by POST.'));
    if (body === null) return open.answer(refuseHttp(413, `A request has at most ${BODY_LIMIT_BYTES} bytes.`));
    answerSoap(body, request.socket, open, desk);
  });
}

function nameOf(request: IncomingMessage): OperationName | null {
  const value = request.headers[OPERATION_HEADER];
  return typeof value === 'string' ? parseOperationHeader(value) : null;
}
