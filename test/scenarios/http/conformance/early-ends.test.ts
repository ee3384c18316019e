/** A connection that ends, or is reset, at each byte of an answer. */

import test from 'ava';
import { hang, startLoopbackServer } from '../../../support/loopback-server.ts';
import { TRANSPORTS, type Transport } from '../transports.ts';
import { type Meaning, toObservation } from './answer-cases.ts';
import { CONNECTIONS, observe } from './observe.ts';
import { type Step, end, reset, untilRead } from './raw-answer.ts';

/** Pieces of an answer by turns: what frames the body, the body itself. The first is the head. */
type Pieces = string[];

type Broken = { what: string; pieces: Pieces; isWholeAtAnyEnd?: boolean };

const HEAD = 'HTTP/1.1 200 OK\r\n';
const CHUNKS = ['', '03\r\n', 'tex', '\r\n1;a=b\r\n', 't', '\r\n0\r\n\r\n'];

const ANSWERS: Broken[] = [
  { what: 'a length', pieces: [`${HEAD}Content-Length: 4\r\n\r\n`, 'text'] },
  { what: 'a length and close', pieces: [`${HEAD}Connection: close\r\nContent-Length: 4\r\n\r\n`, 'text'] },
  { what: 'chunks', pieces: [`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, ...CHUNKS] },
  { what: 'chunks and close', pieces: [`${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`, ...CHUNKS] },
  { what: 'nothing that frames it', pieces: [`${HEAD}\r\n`, 'text'], isWholeAtAnyEnd: true },
  { what: 'identity', pieces: [`${HEAD}Transfer-Encoding: identity\r\n\r\n`, 'text'], isWholeAtAnyEnd: true },
];

const ENDS: Record<string, Step[]> = {
  'an end': [untilRead, end],
  'an end at once': [end],
  'a reset': [untilRead, reset],
};

/** What the first `length` bytes mean when the connection ends there. */
function meaningOf({ pieces, isWholeAtAnyEnd = false }: Broken, length: number, isReset: boolean): Meaning {
  const whole = pieces.join('').length;
  let body = '';
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 1) body += piece.slice(0, Math.max(0, length - at));
    at += piece.length;
  }
  const hasHead = length >= (pieces[0] as string).length;
  const isWhole = isWholeAtAnyEnd ? hasHead && !isReset : length === whole;
  return { outcome: isWhole ? 'ok' : 'reset', statuses: hasHead ? [200] : [], body, next: 'new' };
}

const endsEarly = test.macro<[Transport, string, Broken]>({
  async exec(t, transport, how, answer) {
    const server = await startLoopbackServer(t, hang);
    const bytes = answer.pieces.join('');
    for (let length = 0; length <= bytes.length; length += 1) {
      const connection = CONNECTIONS[length % CONNECTIONS.length] ?? 'new';
      const facts = { transport, connection, method: 'POST' } as const;
      const steps = [bytes.slice(0, length), ...(ENDS[how] as Step[])];
      const { observed } = await observe(server, steps, facts);
      const meaning = meaningOf(answer, length, how === 'a reset');
      if (!t.deepEqual(observed, toObservation(meaning, facts), `after ${bytes.slice(0, length)}`)) break;
    }
  },
  title: (_, transport, how, { what }) => `${transport}: ${how} at each byte of an answer with ${what}`,
});

for (const transport of TRANSPORTS) {
  for (const how of Object.keys(ENDS)) {
    for (const answer of ANSWERS) test(endsEarly, transport, how, answer);
  }
}
