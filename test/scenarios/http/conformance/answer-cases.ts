/** Tables of answers: each is given to each transport on every kind of connection, and means the same to all of them. */

import test, { type ExecutionContext } from 'ava';
import type { HttpMethod } from '../../../../scenarios/http/http-client.ts';
import { type LoopbackServer, hang, startLoopbackServer } from '../../../support/loopback-server.ts';
import { TRANSPORTS, type Transport } from '../transports.ts';
import {
  CONNECTIONS,
  type ClientFacts,
  type ConnectionKind,
  NEXT_IS_WELL,
  type Observation,
  observe,
} from './observe.ts';
import type { Step } from './raw-answer.ts';

export type Meaning = Pick<Observation, 'outcome' | 'statuses' | 'body'> & {
  /** Of the next operation, where connections are kept. */
  next: 'same' | 'new';
  /** It is more than the lean transport reads by itself: from then on another one has its place. Undefined: no matter. */
  isUnusual?: boolean;
};

/** A good answer whose connection can be used again; most cases are this but for what they are about. */
export const TEXT: Meaning = { outcome: 'ok', statuses: [200], body: 'text', next: 'same', isUnusual: false };
export const EMPTY: Meaning = { ...TEXT, body: '' };
/** A good answer, and no other on its connection. */
export const LAST: Meaning = { ...TEXT, next: 'new' };
export const UNUSUAL: Meaning = { ...TEXT, isUnusual: true };
export const UNUSUAL_LAST: Meaning = { ...LAST, isUnusual: true };
export const MALFORMED_HEAD: Meaning = { outcome: 'malformed', statuses: [], body: '', next: 'new' };
export const MALFORMED_BODY: Meaning = { ...MALFORMED_HEAD, statuses: [200] };
/** The head came, and of the body the text. */
export const BROKEN: Meaning = { outcome: 'reset', statuses: [200], body: 'text', next: 'new' };

export type AnswerCase = [what: string, steps: Step[], meaning: Meaning];

type Service = { server: LoopbackServer; target: NonNullable<ClientFacts['target']> };

type Circumstances = {
  method?: HttpMethod;
  transports?: readonly Transport[];
  /** Who answers; nothing said: a plain server. */
  serve?: (t: ExecutionContext) => Promise<Service>;
};

/** One test a case and transport: its first operation gets this answer, its second a plain one. */
export function testAnswers(
  cases: readonly AnswerCase[],
  { method = 'POST', transports = TRANSPORTS, serve = servePlainly }: Circumstances = {},
): void {
  for (const [what, steps, meaning] of cases) {
    for (const transport of transports) {
      test(`${transport}: ${what}`, async (t) => {
        const { server, target } = await serve(t);
        for (const connection of CONNECTIONS) {
          const facts = { transport, connection, method, target };
          const { observed, carriedBy } = await observe(server, steps, facts);
          t.deepEqual(observed, toObservation(meaning, facts), connection);
          if (transport === 'direct' && meaning.isUnusual !== undefined)
            t.is(carriedBy.undici, meaning.isUnusual ? 1 : 0, 'which transport carries the next operation');
        }
      });
    }
  }
}

async function servePlainly(t: ExecutionContext): Promise<Service> {
  return { server: await startLoopbackServer(t, hang), target: {} };
}

/** What is observed of an answer with this meaning. */
export function toObservation(
  { outcome, statuses, body, next, isUnusual }: Meaning,
  { transport, connection, method }: { transport: Transport; connection: ConnectionKind; method: HttpMethod },
): Observation {
  const isLeft = connection === 'perOperation' || (transport === 'direct' && isUnusual === true);
  return {
    outcome,
    statuses,
    body,
    answerBytes: body.length,
    next: { ...NEXT_IS_WELL, body: method === 'HEAD' ? '' : NEXT_IS_WELL.body, connection: isLeft ? 'new' : next },
    requests: 2,
  };
}
