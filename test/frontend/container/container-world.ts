/** A frontend with a container, a mapping service whose answers the test gives by hand, and clients that want a listing each. */

import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, connect as connectRaw } from 'node:net';
import { type TLSSocket, connect } from 'node:tls';
import type { ExecutionContext } from 'ava';
import type { ContainerCounts } from '../../../frontend/container/container-counts.ts';
import { type Frontend, type FrontendOptions, startFrontend } from '../../../frontend/main.ts';
import { testCertificates } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { makeCertificates } from '../secure-client.ts';
import { writePathRequest } from '../soap-client.ts';

export type MappingByHand = {
  url: string;
  /** Questions that have not been answered. */
  waiting(): number;
  /** The most that ever waited at once. */
  most(): number;
  /** Questions so far. */
  asked(): number;
  /** Answers the one that has waited longest, once there is one. */
  answerNext(): Promise<void>;
  /** From now on answers at once, and all that wait. */
  answerAll(): void;
};

export async function startMappingByHand(t: ExecutionContext): Promise<MappingByHand> {
  const waiting: ServerResponse[] = [];
  let [asked, most, isByHand] = [0, 0, true];
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    if (!isByHand) return answer(response);
    waiting.push(response);
    most = Math.max(most, waiting.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    waiting: () => waiting.length,
    most: () => most,
    asked: () => asked,
    async answerNext() {
      await eventually('a question', () => (waiting.length > 0 ? true : undefined));
      answer(waiting.shift());
    },
    answerAll() {
      isByHand = false;
      for (const response of waiting.splice(0)) answer(response);
    },
  };
}

function answer(response: ServerResponse | undefined): void {
  response?.end('{"localUser":"load001"}');
}

export type World = { frontend: Frontend; mapping: MappingByHand; options: FrontendOptions };

export async function startWorld(t: ExecutionContext, options: Partial<FrontendOptions>): Promise<World> {
  const mapping = await startMappingByHand(t);
  const whole: FrontendOptions = {
    root: makeDirectory(t, { 'd1/f': '' }),
    port: 0,
    fsConcurrency: 1,
    httpg: true,
    certificates: await makeCertificates(t),
    gumsServiceUrl: mapping.url,
    ...options,
  };
  return { frontend: await startAgain(t, whole), mapping, options: whole };
}

export async function startAgain(t: ExecutionContext, options: FrontendOptions): Promise<Frontend> {
  const frontend = await startFrontend(options);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= frontend.stop());
  t.teardown(stop);
  return { ...frontend, stop };
}

export type Client = {
  socket: TLSSocket;
  /** Resolves when the handshake is done. */
  secured: Promise<unknown>;
  /** Sends its request; by itself it does so after the handshake, unless it was told to wait. */
  ask(): void;
  /** `ok`, `refused-user`, the code of the error that ended it, or `closed`. */
  outcome: Promise<string>;
  /** By RST, resolves when it is done. */
  leave(): Promise<void>;
};

/** A connection for one listing, which the service is to close after its answer. */
export async function startClient(url: string, { waits = false } = {}): Promise<Client> {
  const { authority, user } = await testCertificates();
  const raw = connectRaw(Number(new URL(url).port), '127.0.0.1');
  const socket = connect({
    socket: raw,
    servername: 'localhost',
    ca: authority.certificate,
    cert: user.certificateChain,
    key: user.privateKey,
  });
  let heard = '';
  let failure: string | undefined;
  const ask = (): void => void socket.write(`0${writeLsPost()}`);
  const secured = new Promise((done) => socket.once('secureConnect', done));
  if (!waits) void secured.then(ask);
  raw.on('error', () => {}); // the TLS socket tells of it
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => (failure = error.code));
  const closed = new Promise<void>((done) => socket.once('close', () => done()));
  return {
    socket,
    secured,
    ask,
    outcome: closed.then(() => readOutcome(heard, failure)),
    async leave() {
      raw.resetAndDestroy();
      await closed;
    },
  };
}

function readOutcome(heard: string, failure: string | undefined): string {
  if (heard.includes('SRM_AUTHORIZATION_FAILURE')) return 'refused-user';
  return heard.includes('SRM_SUCCESS') ? 'ok' : (failure ?? 'closed');
}

function writeLsPost(): string {
  const body = writePathRequest('/d1');
  return `POST /srm/v2/server HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

export function startClients(url: string, howMany: number): Promise<Client[]> {
  return Promise.all(Array.from({ length: howMany }, () => startClient(url)));
}

/** All have their thread before the first asks, as where clients connect and then start together. */
export async function startTogether(url: string, howMany: number): Promise<Client[]> {
  const clients = await Promise.all(Array.from({ length: howMany }, () => startClient(url, { waits: true })));
  await Promise.all(clients.map(({ secured }) => secured));
  for (const client of clients) client.ask();
  return clients;
}

export function outcomesOf(clients: readonly Client[]): Promise<string[]> {
  return Promise.all(clients.map(({ outcome }) => outcome));
}

/** What a frontend's counts are now, in short. */
export function stateOf({ counts }: Pick<Frontend, 'counts'>): Record<string, number> {
  const { threads, waiting, waitingNested, waitingForLock } = counts;
  return { held: threads.held, nested: threads.nested, waiting, waitingNested, waitingForLock };
}

const IDLE = { held: 0, nested: 0, waiting: 0, waitingNested: 0, waitingForLock: 0 };

/** Resolves once the counts that are named are so; those that are not named are to be 0. */
export async function awaitState(frontend: Pick<Frontend, 'counts'>, wanted: Partial<typeof IDLE>): Promise<void> {
  const whole = JSON.stringify({ ...IDLE, ...wanted });
  let seen = '';
  await eventually(whole, () => {
    seen = JSON.stringify(stateOf(frontend));
    return seen === whole ? true : undefined;
  }).catch((error: unknown) => {
    throw new Error(`wanted ${whole}, last seen ${seen}`, { cause: error });
  });
}

/** What was turned away, in short. */
export function turnedAway({ counts }: { counts: Readonly<ContainerCounts> }): Record<string, number> {
  const { refusedByQueue, refusedByHeap, exhaustedDescriptors } = counts;
  return { queue: refusedByQueue, heap: refusedByHeap, descriptors: exhaustedDescriptors };
}
