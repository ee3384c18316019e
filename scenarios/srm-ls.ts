/** One srmLs of one directory, followed through queues and pages, and judged by its whole answer. */

import { z } from 'zod';
import type { Outcome } from '../foundation/outcome.ts';
import { DEFAULT_PORTS } from './connect.ts';
import { type ClientContext, type ScenarioClient, createExchange } from './scenario.ts';
import { OPERATION_HEADER, operationHeader, operationHeaderPrefix } from './server-count.ts';
import type { LsAnswer } from './srm/ls-answer.ts';
import { type LsAsk, createLsConversation } from './srm/ls-conversation.ts';
import { createLsAnswerReader } from './srm/read-answer.ts';
import { SOAP_CONTENT_TYPE } from './srm/wire.ts';
import { UnreadableSoapError } from './srm/unreadable-soap-error.ts';
import { type AnswerReader, type AskAgain, type HttpClientOptions, createHttpClient } from './transport.ts';

/** Where values stand in the list of headers that change from request to request. */
const SOAP_ACTION_VALUE = 5;
const OPERATION_VALUE = 7;

export const SrmLsSpecSchema = z.strictObject({
  kind: z.literal('srm-ls'),
  /** Path of the directory as the service knows it. */
  directory: z.string().startsWith('/'),
  detail: z.enum(['full', 'brief']),
  /** numOfLevels. */
  levels: z.number().int().min(0),
  /** Another number of entries is the outcome `status/entry-count`; null: not looked at. */
  expectEntries: z.number().int().min(0).nullable(),
});

export type SrmLsSpec = z.infer<typeof SrmLsSpecSchema>;

export function createSrmLsClient(spec: SrmLsSpec, context: ClientContext): ScenarioClient {
  const { target, labels, client } = context;
  const prefix = labels === null ? null : operationHeaderPrefix(labels, client);
  const { detail, levels, expectEntries } = spec;
  const conversation = createLsConversation({
    surls: [surlOf(target.origin, target.path, spec.directory)],
    detail,
    levels,
    expectEntries,
  });
  const headers = ['content-type', SOAP_CONTENT_TYPE, 'user-agent', target.userAgent, 'soapaction', ''];
  if (prefix !== null) headers.push(OPERATION_HEADER, '');
  const request: HttpClientOptions['request'] = { method: 'POST', path: target.path, headers, body: null };
  let operation = { sequence: 0, step: 0, exchange: createExchange() };

  const ask = ({ soapAction, body }: LsAsk): void => {
    request.body = body;
    headers[SOAP_ACTION_VALUE] = soapAction;
    if (prefix !== null) headers[OPERATION_VALUE] = operationHeader(prefix, operation.sequence, operation.step);
  };
  const judge = (answer: LsAnswer): Outcome | AskAgain => {
    const turn = conversation.hear(answer);
    if (turn.kind === 'ended') return turn.outcome;
    operation.step += 1;
    if (turn.because === 'poll') operation.exchange.polls += 1;
    else operation.exchange.pages += 1;
    ask(turn.ask);
    return { askAgainInMs: turn.afterMs };
  };

  const http = createHttpClient({ context, request, reader: createReader(judge) });
  return {
    open: () => http.open(),
    perform(sequence, exchange, ended, started) {
      operation = { sequence, step: 0, exchange };
      ask(conversation.begin());
      http.perform(exchange, ended, started);
    },
    enforceDeadline: (nowMs) => http.enforceDeadline(nowMs),
    abort: (outcome) => http.abort(outcome),
    close: () => http.close(),
  };
}

/** `srm://host:port/service?SFN=/path`; what a URI can't hold is percent-encoded (Axis refuses a bare blank). */
export function surlOf(origin: string, servicePath: string, directory: string): string {
  const { hostname, port, protocol } = new URL(origin);
  // Always with its port: what a URL leaves out is not what a SURL stands for without one (8443).
  const authority = `${hostname}:${port || DEFAULT_PORTS[protocol]}`;
  return `srm://${authority}${servicePath}?SFN=${encodeURI(directory).replaceAll('#', '%23').replaceAll('?', '%3F')}`;
}

/**
 * HTTP 200 and 500 carry SOAP (500: a fault); any other status is an outcome by itself, whatever its body says.
 *
 * The answer is kept and read once it is whole: reading a large listing takes milliseconds, and done between its pieces it
 * would delay the moment at which we see the last byte. So it counts as the client's turning round, not as service time.
 */
function createReader(judge: (answer: LsAnswer) => Outcome | AskAgain): AnswerReader {
  let chunks: Buffer[] = [];
  let status = 0;
  return {
    begin(answered) {
      status = answered;
      chunks = [];
    },
    write(chunk) {
      chunks.push(chunk);
    },
    end() {
      const whole = chunks;
      chunks = [];
      const unread: Outcome = status === 200 ? 'malformed' : `status/http-${status}`;
      if (status !== 200 && status !== 500) return unread;
      const answer = readAnswer(whole);
      return answer === null ? unread : judge(answer);
    },
  };
}

/** Null: it can't be read, which is the service's failure; anything else thrown is a bug of ours. */
function readAnswer(chunks: readonly Buffer[]): LsAnswer | null {
  const reader = createLsAnswerReader();
  try {
    for (const chunk of chunks) reader.write(chunk);
    return reader.end();
  } catch (thrown) {
    if (thrown instanceof UnreadableSoapError) return null;
    throw thrown;
  }
}
