/**
 * Asks the mapping service who an identity is, once for each mapping, as BeStMan asks GUMS: a request over the network. Its
 * answers: 200 with `{"localUser": "…"}`, 404 for an identity that it doesn't map; everything else is a failure.
 */

import { Pool } from 'undici';
import { z } from 'zod';
import { messageOf } from '../../foundation/error.ts';
import { isOutOfDescriptors } from '../container/descriptors.ts';
import type { Authorizer, Mapping } from './authorizer.ts';

/** BeStMan asks from the thread that serves the connection, and has 256 of them: so many questions at once, the others wait. */
export const CALL_OUTS_AT_ONCE = 256;
const ANSWER_LIMIT_BYTES = 64 * 1024;
/** For connecting, for the answer's head and between its pieces. */
const TIMEOUT_MS = 30_000;

const AnswerSchema = z.object({ localUser: z.string().min(1) });

export type MappingCall = Authorizer & { close(): Promise<void> };

export type MappingCallLimits = { callOutsAtOnce?: number; timeoutMs?: number };

/** @param called called for every request that is made */
export function createMappingCall(serviceUrl: URL, called: () => void, limits: MappingCallLimits = {}): MappingCall {
  const { callOutsAtOnce = CALL_OUTS_AT_ONCE, timeoutMs = TIMEOUT_MS } = limits;
  const pool = new Pool(serviceUrl.origin, {
    connections: callOutsAtOnce,
    pipelining: 1,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: ANSWER_LIMIT_BYTES,
  });
  const path = serviceUrl.pathname + serviceUrl.search;
  return {
    async map(identity) {
      called();
      try {
        const { statusCode, body } = await pool.request({
          method: 'POST',
          path,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ dn: identity }),
        });
        return readAnswer(statusCode, await body.text());
      } catch (error) {
        const reason = `the mapping service did not answer: ${messageOf(error)}`;
        return isOutOfDescriptors(error)
          ? { kind: 'failed', reason, outOfDescriptors: true }
          : { kind: 'failed', reason };
      }
    },
    close: () => pool.destroy(),
  };
}

function readAnswer(statusCode: number, body: string): Mapping {
  if (statusCode === 404) return { kind: 'unmapped' };
  if (statusCode !== 200) return { kind: 'failed', reason: `the mapping service answered HTTP ${statusCode}` };
  try {
    const { localUser } = AnswerSchema.parse(JSON.parse(body));
    return { kind: 'mapped', localUser };
  } catch {
    return { kind: 'failed', reason: "the mapping service's answer cannot be read" };
  }
}
