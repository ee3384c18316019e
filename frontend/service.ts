/** The SRM service: takes requests off the network, answers srmPing itself and hands srmLs to the listing threads. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { decideLsOutcome } from '../scenarios/srm/ls-answer.ts';
import { type SrmRequest, readSrmRequest } from '../scenarios/srm/read-request.ts';
import { SOAP_CONTENT_TYPE } from '../scenarios/srm/wire.ts';
import { writeFault, writePingAnswer } from '../scenarios/srm/write-answer.ts';
import { UnreadableSoapError } from '../scenarios/srm/xml-reader.ts';
import { OPERATION_HEADER, type OperationName, parseOperationHeader } from '../scenarios/server-count.ts';
import { BODY_LIMIT_BYTES, collectBody } from './http-body.ts';
import type { ListingPool, ListingResult } from './listing-pool.ts';
import { type Operation, type Reply, receiveOperation } from './operation.ts';
import type { OperationCounts } from './operation-counts.ts';
import type { OperationRecorder } from './operation-record.ts';

const HEADER_LIMIT_BYTES = 16 * 1024;

export type ServiceParts = { pool: ListingPool; counts: OperationCounts; recorder: OperationRecorder };

const PING_REPLY: Reply = {
  httpStatus: 200,
  contentType: SOAP_CONTENT_TYPE,
  body: Buffer.from(
    writePingAnswer('v2.2', [
      ['backend_type', 'BeStMan'],
      ['backend_version', 'GlideTester'],
      ['GatewayMode', 'Enabled'],
    ]),
  ),
  outcome: 'ok',
};

/** Not yet listening. Connections are kept open until their client closes them: Node's own time limits are all off. */
export function createService(parts: ServiceParts): Server {
  const server = createServer(
    {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
      noDelay: true,
    },
    (request, response) => serve(request, response, parts),
  );
  server.timeout = 0;
  return server;
}

function serve(request: IncomingMessage, response: ServerResponse, parts: ServiceParts): void {
  collectBody(request, (body) => {
    const operation = receiveOperation(nameOf(request), response, parts);
    if (request.method !== 'POST') return operation.answer(refuse(405, 'SOAP requests come by POST.'));
    if (body === null) return operation.answer(refuse(413, `A request has at most ${BODY_LIMIT_BYTES} bytes.`));
    answerSoap(body, operation, parts.pool);
  });
}

function nameOf(request: IncomingMessage): OperationName | null {
  const value = request.headers[OPERATION_HEADER];
  return typeof value === 'string' ? parseOperationHeader(value) : null;
}

function answerSoap(body: Buffer, operation: Operation, pool: ListingPool): void {
  let request: SrmRequest;
  try {
    request = readSrmRequest(body);
  } catch (error) {
    if (!(error instanceof UnreadableSoapError)) throw error;
    return operation.answer(createFault('Client', `The request cannot be read: ${error.message}`));
  }
  switch (request.kind) {
    case 'ping':
      return operation.answer(PING_REPLY);
    case 'unknown':
      return operation.answer(createFault('Client', `No such operation '${request.operation}'`));
    case 'ls': {
      // BeStMan's gateway ignores offset and count on purpose, since srmcp always sends them.
      const { surls, detail, levels } = request;
      const withdraw = pool.submit({ surls, detail, levels }, (result) => operation.answer(replyOf(result)));
      operation.onAbandoned(withdraw);
    }
  }
}

function replyOf(result: ListingResult): Reply {
  if ('failure' in result) return createFault('Server', `The listing failed: ${result.failure}`);
  return { httpStatus: 200, contentType: SOAP_CONTENT_TYPE, body: result.body, outcome: result.outcome };
}

function createFault(party: 'Client' | 'Server', text: string): Reply {
  return {
    httpStatus: 500,
    contentType: SOAP_CONTENT_TYPE,
    body: writeFault(party, text),
    outcome: decideLsOutcome({ kind: 'fault', code: `soapenv:${party}`, text }, { expectEntries: null }),
  };
}

function refuse(httpStatus: number, text: string): Reply {
  return { httpStatus, contentType: 'text/plain', body: `${text}\n`, outcome: `status/http-${httpStatus}` };
}
