/**
 * Says over HTTP as which local user an identity works, after a latency of its own: what a storage service asks at every
 * request, like GUMS. `POST /` with `{"dn": "…"}` or `GET /?dn=…` gives 200 `{"localUser": "…"}` or 404; `GET /metrics` its counts
 * and how long its answers really took.
 */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { z } from 'zod';
import { type BodyRefusal, createBodyCollector } from '../requests/http-body.ts';
import { monotonicNowMs } from '../../foundation/clock.ts';
import type { DelayQueue } from '../../foundation/delay-queue.ts';
import { METRICS_CONTENT_TYPE, type MetricFamily, writeMetricsText } from '../counting/metrics-text.ts';

export type MappingAnswers = {
  /** The local user of each identity. */
  localUsers: ReadonlyMap<string, string>;
  /** Answers leave it as long after an identity was asked for whole as each takes; null: at once. */
  delay: DelayQueue | null;
};

/** How calls ended: `refused` says that no identity could be read in it. */
type CallCounts = { mapped: number; unmapped: number; refused: number };

/** Answers that came after the latency, handed over: how many, and how long all together took from when they were asked for. */
type AnswerTimes = { answers: number; sumMs: number };

type Desk = MappingAnswers & { counts: CallCounts; times: AnswerTimes };

const QuestionSchema = z.object({ dn: z.string().min(1) });

/** Not yet listening. Connections are kept open until their client closes them. */
export function createMappingServer(answers: MappingAnswers): Server {
  const desk: Desk = {
    ...answers,
    counts: { mapped: 0, unmapped: 0, refused: 0 },
    times: { answers: 0, sumMs: 0 },
  };
  const collectBody = createBodyCollector();
  const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (request, response) => {
    collectBody(request, (body) => {
      if (request.method === 'GET' && request.url === '/metrics') {
        response.writeHead(200, { 'Content-Type': METRICS_CONTENT_TYPE });
        response.end(writeMetricsText([describeCalls(desk.counts), describeTimes(desk.times)]));
      } else {
        answerCall(readIdentity(request, body), response, desk);
      }
    });
  });
  server.timeout = 0;
  return server;
}

function answerCall(identity: string | null, response: ServerResponse, desk: Desk): void {
  const { localUsers, delay, counts, times } = desk;
  const askedMs = monotonicNowMs();
  if (identity === null) {
    counts.refused += 1;
    return send(response, 400, { error: 'POST {"dn": "/DC=…"} or GET /?dn=/DC=…' });
  }
  const localUser = localUsers.get(identity);
  counts[localUser === undefined ? 'unmapped' : 'mapped'] += 1;
  const answer = (): void => {
    // Who asked may have left meanwhile.
    if (response.destroyed) return;
    if (localUser === undefined) send(response, 404, { error: 'not mapped' });
    else send(response, 200, { localUser });
    times.answers += 1;
    times.sumMs += monotonicNowMs() - askedMs;
  };
  if (delay === null) answer();
  else delay.push(answer);
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

function describeTimes({ answers, sumMs }: AnswerTimes): MetricFamily {
  return {
    name: 'glidetester_mapping_service_answer_seconds',
    type: 'summary',
    help: 'Time from an identity asked for whole to its answer handed over, in seconds; without refused calls.',
    samples: [
      { suffix: '_sum', labels: {}, value: sumMs / 1000 },
      { suffix: '_count', labels: {}, value: answers },
    ],
  };
}
