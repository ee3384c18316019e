/** A plain HTTP service that counts for itself, in the test's own process. */

import { once } from 'node:events';
import { type IncomingHttpHeaders, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { OPERATION_HEADER, type OperationName, parseOperationHeader } from '../../scenarios/operation-header.ts';

export type CountedRequest = {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Null: the request does not say which operation it is of. */
  operation: OperationName | null;
  /** Level of its cell; 0: it belongs to none. */
  level: number;
};

export type CountingService = {
  origin: string;
  /** In order of arrival, without those for the count. */
  requests: CountedRequest[];
  /** Prints how many requests were answered with success since ever. */
  countCommand: string;
};

/** So long that many clients are in flight at once. */
const HOLD_MS = 5;
const COUNT_PATH = '/how-many';

/** @param answer is to end the response; a status below 300 is a success */
export async function startCountingService(
  t: ExecutionContext,
  answer: (request: CountedRequest, response: ServerResponse) => void,
): Promise<CountingService> {
  const requests: CountedRequest[] = [];
  let succeeded = 0;
  const server = createServer((message, response) => {
    const { method = '', url: path = '', headers } = message;
    const pieces: Buffer[] = [];
    message.on('data', (piece: Buffer) => pieces.push(piece));
    message.once('end', () => {
      if (path === COUNT_PATH) return response.end(String(succeeded));
      const operation = parseOperationHeader(String(headers[OPERATION_HEADER]));
      const level = Number(/-l(\d+)-/.exec(operation?.cell ?? '')?.[1] ?? 0);
      const request = { method, path, headers, body: Buffer.concat(pieces), operation, level };
      requests.push(request);
      response.once('finish', () => (succeeded += response.statusCode < 300 ? 1 : 0));
      return setTimeout(() => answer(request, response), HOLD_MS);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const script = `fetch('${origin}${COUNT_PATH}').then(async (answer) => console.log(await answer.text()))`;
  return { origin, requests, countCommand: `${process.execPath} -e "${script}"` };
}
