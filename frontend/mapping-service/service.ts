/**
 * Says over HTTP as which local user an identity works, after a latency of its own: what a storage service asks at every
 * request, like GUMS. `POST /` with `{"dn": "…"}` or `GET /?dn=…` gives 200 `{"localUser": "…"}` or 404; `GET /metrics` its counts.
 */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { z } from 'zod';
import { type BodyRefusal, createBodyCollector } from '../requests/http-body.ts';
import { METRICS_CONTENT_TYPE, type MetricFamily, writeMetricsText } from '../counting/metrics-text.ts';

export type MappingAnswers = {
  /** The local user of each identity. */
  localUsers: ReadonlyMap<string, string>;
  /** How long each identity takes; identities asked for at once wait side by side. */
  latencyMs: number;
};

/** How calls ended: `refused` says that no identity could be read in it. */
type CallCounts = { mapped: number; unmapped: number; refused: number };

const QuestionSchema = z.object({ dn: z.string().min(1) });

/** Not yet listening. Connections are kept open until their client closes them. */
export function createMappingServer(answers: MappingAnswers): Server {
  const counts: CallCounts = { mapped: 0, unmapped: 0, refused: 0 };
  const collectBody = createBodyCollector();
  const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (request, response) => {
    collectBody(request, (body) => {
      if (request.method === 'GET' && request.url === '/metrics') {
        response.writeHead(200, { 'Content-Type': METRICS_CONTENT_TYPE });
        response.end(writeMetricsText([describeCalls(counts)]));
      } else {
        answerCall(readIdentity(request, body), response, { ...answers, counts });
      }
    });
  });
  server.timeout = 0;
  return server;
}

function answerCall(
  identity: string | null,
  response: ServerResponse,
  { localUsers, latencyMs, counts }: MappingAnswers & { counts: CallCounts },
): void {
  if (identity === null) {
    counts.refused += 1;
    return send(response, 400, { error: 'POST {"dn": "/DC=…"} or GET /?dn=/DC=…' });
  }
  const localUser = localUsers.get(identity);
  counts[localUser === undefined ? 'unmapped' : 'mapped'] += 1;
  const answer = (): void => {
    if (localUser === undefined) send(response, 404, { error: 'not mapped' });
    else send(response, 200, { localUser });
  };
  if (latencyMs === 0) return answer();
  const timer = setTimeout(answer, latencyMs);
  response.once('close', () => clearTimeout(timer));
}

function send(response: ServerResponse, status: number, body: object): void {
  const json = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) });
  response.end(json);
}

function readIdentity(request: IncomingMessage, body: Buffer | BodyRefusal): string | null {
  if (request.method === 'GET') return URL.parse(request.url ?? '', 'http://h')?.searchParams.get('dn') ?? null;
  if (request.method !== 'POST' || typeof body === 'string') return null;
  try {
    return QuestionSchema.parse(JSON.parse(body.toString())).dn;
  } catch {
    return null;
  }
}

function describeCalls(counts: CallCounts): MetricFamily {
  return {
    name: 'glidetester_mapping_service_calls_total',
    type: 'counter',
    help: 'Identities asked for, by what was found.',
    samples: Object.entries(counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
  };
}
