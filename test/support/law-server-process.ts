/**
 * An SRM service that obeys a law and nothing else: a canned answer after a hold. Its argument is a LawServerOptions as JSON;
 * it prints where it listens, and ends when its standard input ends.
 */

import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monotonicNowMs } from '../../foundation/clock.ts';
import { type Random, createRandom } from '../../foundation/random.ts';
import { OPERATION_HEADER, parseOperationHeader } from '../../scenarios/operation-header.ts';
import { SOAP_CONTENT_TYPE, SRM_SERVICE_PATH } from '../../scenarios/srm/wire.ts';
import type { PathDetail } from '../../scenarios/srm/ls-reply.ts';
import { writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import type { Law, LawServerOptions, Stamp } from './law.ts';

/** What belongs to no cell (probes, the one operation first) is held so long that a late timer does not double it. */
const OTHERWISE: Law = { service: 'constant', holdMs: 20, places: null };
/** More than the clients that may arrive all together. */
const BACKLOG = 4096;

const { entries, laws } = JSON.parse(process.argv[2] as string) as LawServerOptions;
const stamps: Stamp[] = [];
const cells = new Map<string, Hold>();

/** Calls back when the operation has its place, and again when its hold is over. */
type Hold = (taken: () => void, over: () => void) => void;

function createHold({ service, holdMs, places }: Law): Hold {
  const random = createRandom(1);
  const waiting: (() => void)[] = [];
  let free = places ?? Infinity;
  const begin = (taken: () => void, over: () => void): void => {
    free -= 1;
    taken();
    setTimeout(
      () => {
        free += 1;
        waiting.shift()?.();
        over();
      },
      service === 'constant' ? holdMs : exponential(random, holdMs),
    );
  };
  return (taken, over) => {
    if (free > 0) begin(taken, over);
    else waiting.push(() => begin(taken, over));
  };
}

function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean;
}

function holdOf(cell: string): Hold {
  const known = cells.get(cell);
  if (known !== undefined) return known;
  const level = /-l(\d+)-/.exec(cell)?.[1];
  const hold = createHold((level === undefined ? undefined : laws[Number(level)]) ?? OTHERWISE);
  cells.set(cell, hold);
  return hold;
}

function describe(path: string, type: 'FILE' | 'DIRECTORY', subPaths: PathDetail[] | null): PathDetail {
  const nothing = { explanation: null, modifiedAtMs: null, checksum: null, top: null };
  return { path, status: 'SRM_SUCCESS', type, bytes: type === 'FILE' ? 1024 : 0, subPaths, ...nothing };
}

const files = Array.from({ length: entries }, (_, index) => describe(`/law/file-${index}`, 'FILE', null));
const paths = [describe('/law', 'DIRECTORY', files)];
const answer = Buffer.from(writeLsAnswer({ requestStatus: 'SRM_SUCCESS', explanation: null, paths }));

function stampOf(request: IncomingMessage): Stamp | null {
  const name = parseOperationHeader(String(request.headers[OPERATION_HEADER]));
  if (name === null) return null;
  const { cell, client, sequence } = name;
  return { cell, client: Number(client), sequence, receivedMs: monotonicNowMs(), servedMs: null, answeredMs: null };
}

const service = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
  request.resume().once('end', () => {
    const stamp = stampOf(request);
    if (stamp !== null) stamps.push(stamp);
    holdOf(stamp?.cell ?? '')(
      () => {
        if (stamp !== null) stamp.servedMs = monotonicNowMs();
      },
      () => {
        if (response.destroyed) return;
        if (stamp !== null) stamp.answeredMs = monotonicNowMs();
        response.writeHead(200, { 'Content-Type': SOAP_CONTENT_TYPE, 'Content-Length': answer.length });
        response.end(answer);
      },
    );
  });
});

const evidence = createServer((request, response) => {
  const cell = decodeURIComponent((request.url ?? '').slice('/stamps/'.length));
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(stamps.filter((stamp) => stamp.cell === cell)));
});

async function listen(server: Server): Promise<string> {
  server.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const url = `${await listen(service)}${SRM_SERVICE_PATH}`;
process.stdout.write(`${JSON.stringify({ url, stampsUrl: `${await listen(evidence)}/stamps` })}\n`);
process.stdin.once('end', () => process.exit()).resume();
