/** One srmLs of one directory, judged by its whole answer. */

import { z } from 'zod';
import type { Outcome } from '../foundation/outcome.ts';
import type { ClientContext, ScenarioClient } from './scenario.ts';
import { OPERATION_HEADER, operationHeaderPrefix } from './server-count.ts';
import { decideLsOutcome } from './srm/ls-answer.ts';
import { createLsAnswerReader } from './srm/read-answer.ts';
import { LS_SOAP_ACTION, SOAP_CONTENT_TYPE } from './srm/wire.ts';
import { writeLsRequest } from './srm/write-request.ts';
import { UnreadableSoapError } from './srm/xml-reader.ts';
import { type AnswerReader, createHttpClient } from './transport.ts';

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

export function createSrmLsClient(spec: SrmLsSpec, { target, labels, client }: ClientContext): ScenarioClient {
  const headers = ['content-type', SOAP_CONTENT_TYPE, 'soapaction', LS_SOAP_ACTION, 'user-agent', target.userAgent];
  const prefix = labels === null ? null : operationHeaderPrefix(labels, client);
  // The header's value is the last of the list: it alone changes between operations.
  if (prefix !== null) headers.push(OPERATION_HEADER, '');
  const body = Buffer.from(
    writeLsRequest({
      surls: [surlOf(target.origin, target.path, spec.directory)],
      detail: spec.detail,
      levels: spec.levels,
    }),
  );
  const http = createHttpClient({
    target,
    client,
    request: { method: 'POST', path: target.path, headers, body },
    reader: createReader(spec.expectEntries),
  });
  return {
    open: () => http.open(),
    perform(sequence, exchange, ended, started) {
      if (prefix !== null) headers[headers.length - 1] = prefix + sequence;
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
  const authority = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  return `srm://${authority}${servicePath}?SFN=${encodeURI(directory).replaceAll('#', '%23').replaceAll('?', '%3F')}`;
}

/**
 * HTTP 200 and 500 carry SOAP (500: a fault); any other status is an outcome by itself, whatever its body says.
 *
 * The answer is kept and read once it is whole: reading a large listing takes milliseconds, and done between its pieces it
 * would delay the moment at which we see the last byte. So it counts as the client's turning round, not as service time.
 */
function createReader(expectEntries: number | null): AnswerReader {
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
      const answer = chunks;
      chunks = [];
      const unread: Outcome = status === 200 ? 'malformed' : `status/http-${status}`;
      return status === 200 || status === 500 ? readOutcome(answer, expectEntries, unread) : unread;
    },
  };
}

/** An answer that can't be read is the service's failure; anything else thrown is a bug of ours. */
function readOutcome(answer: readonly Buffer[], expectEntries: number | null, unread: Outcome): Outcome {
  const reader = createLsAnswerReader();
  try {
    for (const chunk of answer) reader.write(chunk);
    return decideLsOutcome(reader.end(), { expectEntries });
  } catch (thrown) {
    if (thrown instanceof UnreadableSoapError) return unread;
    throw thrown;
  }
}
