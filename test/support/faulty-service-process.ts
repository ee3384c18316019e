/**
 * The process behind faulty-service.ts. Its argument is a FaultyServiceOptions as JSON; it prints where it listens, and ends
 * when its standard input ends.
 */

import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OPERATION_HEADER, type OperationName, parseOperationHeader } from '../../scenarios/operation-header.ts';
import { SOAP_CONTENT_TYPE, SRM_SERVICE_PATH } from '../../scenarios/srm/wire.ts';
import type { PathDetail } from '../../scenarios/srm/ls-reply.ts';
import { writeFault, writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import type { Fault, FaultyServiceOptions } from './faulty-service.ts';

/** So long that the probes' usual time is not a matter of chance. */
const HOLD_MS = 20;
const REFUSES_FOR_MS = 1000;

const { entries, faults } = JSON.parse(process.argv[2] as string) as FaultyServiceOptions;
const requests: OperationName[] = [];
let isHungForGood = false;

function describe(path: string, type: 'FILE' | 'DIRECTORY', subPaths: PathDetail[] | null): PathDetail {
  const nothing = { explanation: null, modifiedAtMs: null, checksum: null, top: null };
  return { path, status: 'SRM_SUCCESS', type, bytes: type === 'FILE' ? 1024 : 0, subPaths, ...nothing };
}

function listingOf(files: number): Buffer {
  const subPaths = Array.from({ length: files }, (_, index) => describe(`/faulty/file-${index}`, 'FILE', null));
  const paths = [describe('/faulty', 'DIRECTORY', subPaths)];
  return Buffer.from(writeLsAnswer({ requestStatus: 'SRM_SUCCESS', explanation: null, paths }));
}

const SOUND = listingOf(entries);
const ONE_ENTRY_LESS = listingOf(entries - 1);
const SOAP_FAULT = Buffer.from(writeFault('Server', 'the service is at fault'));

function answer(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, { 'Content-Type': SOAP_CONTENT_TYPE, 'Content-Length': body.length });
  response.end(body);
}

/** Nobody is listening for a while; a client that was connected is cut off. */
function refuse(service: Server): void {
  if (!service.listening) return;
  const { port } = service.address() as AddressInfo;
  service.close();
  service.closeAllConnections();
  setTimeout(() => service.listen(port, '127.0.0.1'), REFUSES_FOR_MS);
}

function fail(fault: Fault, response: ServerResponse): void {
  switch (fault) {
    case 'refuse':
      return refuse(service);
    case 'hang-for-good':
      isHungForGood = true;
      return;
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'half':
      response.writeHead(200, { 'Content-Type': SOAP_CONTENT_TYPE, 'Content-Length': SOUND.length });
      response.write(SOUND.subarray(0, SOUND.length / 2), () => response.destroy());
      return;
    case 'not-http':
      response.socket?.end('what is it that you want?\r\n\r\n');
      return;
    case 'not-xml':
      return answer(response, 200, Buffer.from('what is it that you want?'));
    case 'http-503':
      return answer(response, 503, Buffer.from('come back later'));
    case 'soap-fault':
      return answer(response, 500, SOAP_FAULT);
    case 'one-entry-less':
      return answer(response, 200, ONE_ENTRY_LESS);
  }
}

function levelOf({ headers }: IncomingMessage): number {
  const name = parseOperationHeader(String(headers[OPERATION_HEADER]));
  if (name === null) return 0;
  requests.push(name);
  return Number(/-l(\d+)-/.exec(name.cell)?.[1] ?? 0);
}

const service = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
  request.resume().once('end', () => {
    const fault = faults[levelOf(request)];
    if (isHungForGood) return;
    setTimeout(() => {
      if (response.destroyed) return;
      if (fault === undefined) answer(response, 200, SOUND);
      else fail(fault, response);
    }, HOLD_MS);
  });
});

const evidence = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(requests));
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const url = `${await listen(service)}${SRM_SERVICE_PATH}`;
process.stdout.write(`${JSON.stringify({ url, requestsUrl: await listen(evidence) })}\n`);
process.stdin.once('end', () => process.exit()).resume();
