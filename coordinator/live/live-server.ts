/**
 * The report of a campaign that runs, on loopback: the page as it is now, and an event each time that there is more of it. Who
 * looks, or stops looking, changes nothing.
 *
 * | request | answer |
 * | --- | --- |
 * | `GET /` | the page, made anew if a cell has finished since |
 * | `GET /events` | server-sent events: `status` (one line of text), `grown` (the page has more), `ended` |
 * | anything else | 404; another method: 405; another host than this one: 403 |
 */

import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../foundation/error.ts';

export type LiveServerOptions = {
  /** On 127.0.0.1; 0: any free one. */
  port: number;
  /** The page of what has been measured so far. */
  render: () => Promise<string>;
};

export type LiveServer = {
  url: string;
  /** The one line about what happens now. */
  tell(status: string): void;
  /** The page has more to show than it had. */
  grow(): void;
  /** Tells every browser that this was all, serves what they still ask for, and closes; at most `withinMs`. */
  end(sentence: string, withinMs: number): Promise<void>;
};

/** A browser has one stream a tab; more than this are not people. */
const MOST_STREAMS = 64;

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** Resolves when it listens. @throws Error of the system when the port can't be had */
export async function startLiveServer({ port, render }: LiveServerOptions): Promise<LiveServer> {
  const streams = new Set<ServerResponse>();
  const page = createCache(render);
  let status = 'starting';
  const server = createServer((request, response) => {
    const problem = refuse(request, server);
    if (problem !== null) return answer(response, problem, 'text/plain', '');
    if (request.url === '/') return void answerPage(response, page.get);
    if (request.url !== '/events' || streams.size >= MOST_STREAMS) return answer(response, 404, 'text/plain', '');
    openStream(response, streams);
    send([response], 'status', status);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}/`,
    tell(line) {
      status = line;
      send(streams, 'status', line);
    },
    grow() {
      page.clear();
      send(streams, 'grown', status);
    },
    async end(sentence, withinMs) {
      page.clear();
      send(streams, 'ended', sentence);
      // A browser closes its stream once it has the last page; one that is gone is not waited for.
      const closed = Promise.all([...streams].map((stream) => once(stream, 'close')));
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, withinMs);
      await Promise.race([closed, late.promise]);
      clearTimeout(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One page for all who ask until there is more to show; who asks meanwhile waits for the same one. */
function createCache(render: () => Promise<string>): { get: () => Promise<string>; clear: () => void } {
  let cached: Promise<string> | null = null;
  return {
    get() {
      const page = cached ?? render();
      cached = page;
      page.catch(() => {
        if (cached === page) cached = null;
      });
      return page;
    },
    clear() {
      cached = null;
    },
  };
}

/** The status of a request that gets no page; null: it may have one. */
function refuse({ method, headers }: IncomingMessage, server: Server): number | null {
  // A page elsewhere that has its name point here must not read results.
  const port = portOf(server);
  if (headers.host !== `127.0.0.1:${port}` && headers.host !== `localhost:${port}`) return 403;
  return method === 'GET' ? null : 405;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function answerPage(response: ServerResponse, page: () => Promise<string>): Promise<void> {
  try {
    answer(response, 200, 'text/html', await page());
  } catch (error) {
    // Before the campaign has written what it will measure there is nothing to show: the browser asks again.
    response.setHeader('refresh', '1');
    answer(response, 503, 'text/plain', `The page can't be made yet: ${messageOf(error)}`);
  }
}

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': `${type}; charset=utf-8` });
  response.end(text);
}

function openStream(response: ServerResponse, streams: Set<ServerResponse>): void {
  streams.add(response);
  response.once('close', () => streams.delete(response));
  response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' });
}

/** A browser that does not read gets no more until it does: the next status says the same anew. */
function send(streams: Iterable<ServerResponse>, event: string, text: string): void {
  const data = text.replaceAll(/[\r\n]+/g, ' ');
  for (const stream of streams) {
    if (event !== 'status' || !stream.writableNeedDrain) stream.write(`event: ${event}\ndata: ${data}\n\n`);
  }
}
