/** One operation over a transport as its owner sees it, and what is left of the connection for the next one. */

import { setImmediate } from 'node:timers/promises';
import type { Outcome } from '../../../../foundation/outcome.ts';
import { createHttpClient } from '../../../../scenarios/http/create-http-client.ts';
import type { AnswerReader, HttpClient, HttpMethod, RepeatedRequest } from '../../../../scenarios/http/http-client.ts';
import type { Exchange, ResolvedTarget } from '../../../../scenarios/scenario.ts';
import { type Behaviour, type LoopbackServer, answerBytes, loopbackTarget } from '../../../support/loopback-server.ts';
import { clientContext, perform } from '../perform.ts';
import type { Transport } from '../transports.ts';
import { type Step, prepareAnswer } from './raw-answer.ts';

/** On which connection an operation asks: one that it opens, one on which another operation has asked before, one of its own. */
export const CONNECTIONS = ['new', 'used', 'perOperation'] as const;
export type ConnectionKind = (typeof CONNECTIONS)[number];

export type Observation = {
  outcome: Outcome;
  /** Of all heads that the reader was told of. */
  statuses: number[];
  /** Latin-1. */
  body: string;
  answerBytes: number;
  /** The operation after it: which connection it asked on, how it ended, what it read. */
  next: { connection: 'same' | 'new'; outcome: Outcome; body: string };
  /** Times that the requests of both came to the server. */
  requests: number;
};

const NEXT_BODY = 'the answer to the next one';

/** A whole answer; to HEAD its head alone. */
const answerPlainly =
  (body: string): Behaviour =>
  (socket, { line }) => {
    const bytes = answerBytes(body);
    socket.write(line.startsWith('HEAD') ? bytes.subarray(0, bytes.length - body.length) : bytes);
  };

/** What is always so for an operation whose predecessor left it in peace. */
export const NEXT_IS_WELL = { outcome: 'ok', body: NEXT_BODY };

export type RecordingReader = AnswerReader & { statuses: number[]; body: string; clear(): void };

/** Judges by the status; keeps all that it is told. */
export function createRecordingReader(): RecordingReader {
  return {
    statuses: [],
    body: '',
    clear() {
      this.statuses = [];
      this.body = '';
    },
    begin(status) {
      this.statuses.push(status);
    },
    write(chunk, start, end) {
      this.body += chunk.toString('latin1', start, end);
    },
    end(): Outcome {
      const status = this.statuses.at(-1);
      return status === 200 ? 'ok' : `status/http-${status}`;
    },
  };
}

export type ClientUnderTest = {
  client: HttpClient;
  /** Its owner names the operation here before each one. */
  request: RepeatedRequest;
  reader: RecordingReader;
  /** Operations per transport that they began with. */
  carriedBy: Record<Transport, number>;
};

export type ClientFacts = {
  transport: Transport;
  connection: ConnectionKind;
  method?: HttpMethod;
  body?: Buffer;
  headers?: string[];
  target?: Partial<Omit<ResolvedTarget, 'transport' | 'connection'>>;
};

export function createClient(port: number, facts: ClientFacts): ClientUnderTest {
  const { transport, connection, method = 'POST', body = Buffer.from('asked'), headers = [], target = {} } = facts;
  const reader = createRecordingReader();
  const plain = loopbackTarget(port);
  const context = clientContext({
    ...plain,
    transport,
    connection: { ...plain.connection, perOperation: connection === 'perOperation' },
    ...target,
  });
  const request: RepeatedRequest = {
    method,
    path: context.target.path,
    headers,
    operation: null,
    body: method === 'HEAD' ? null : body,
  };
  return {
    client: createHttpClient({ context, request, reader }),
    request,
    reader,
    carriedBy: context.connections.carriedBy,
  };
}

/** A client of this kind does two operations: the first gets these bytes, the second a plain answer. */
export async function observe(
  server: LoopbackServer,
  steps: readonly Step[],
  facts: ClientFacts,
): Promise<{ observed: Observation; exchange: Exchange; carriedBy: ClientUnderTest['carriedBy'] }> {
  const { client, reader, carriedBy } = createClient(server.port, facts);
  server.behave(answerPlainly('before'));
  if (facts.connection === 'used') await perform(client);
  const already = server.requests.length;
  let underWay: Exchange | undefined;
  const raw = prepareAnswer(steps, () => !Number.isNaN(underWay?.endedAtMs));
  server.behave((socket, request) => {
    server.behave(answerPlainly(NEXT_BODY));
    raw.behaviour(socket, request);
  });
  reader.clear();
  const exchange = await perform(client, (begun) => (underWay = begun));
  const { statuses, body } = reader;
  await raw.done;
  await setImmediate();
  reader.clear();
  const next = await perform(client);
  const observed: Observation = {
    outcome: exchange.outcome,
    statuses,
    body,
    answerBytes: exchange.answerBytes,
    next: {
      connection: server.requests[already]?.connection === server.requests.at(-1)?.connection ? 'same' : 'new',
      outcome: next.outcome,
      body: reader.body,
    },
    requests: server.requests.length - already,
  };
  client.close();
  return { observed, exchange, carriedBy };
}
