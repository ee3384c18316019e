/** An answer may come in any pieces: in two, parted at each of its bytes, and byte by byte. */

import test from 'ava';
import type { HttpMethod } from '../../../../scenarios/http/http-client.ts';
import { hang, startLoopbackServer } from '../../../support/loopback-server.ts';
import { perform } from '../perform.ts';
import { TRANSPORTS, type Transport } from '../transports.ts';
import {
  EMPTY,
  LAST,
  MALFORMED_BODY,
  MALFORMED_HEAD,
  type Meaning,
  TEXT,
  UNUSUAL,
  UNUSUAL_LAST,
  toObservation,
} from './answer-cases.ts';
import { type ConnectionKind, createClient, observe } from './observe.ts';
import { type Step, end, prepareAnswer, untilRead } from './raw-answer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const OK = `${HEAD}Content-Length: 4\r\n\r\ntext`;

type Divided = { what: string; bytes: string; method?: HttpMethod; meaning: Meaning; after?: Step[] };

/** Of all of these, any number can follow each other on one connection. */
const PLAIN: Divided[] = [
  { what: 'a length', bytes: OK, meaning: TEXT },
  { what: 'a body of CRLF', bytes: `${HEAD}Content-Length: 4\r\n\r\n\r\n\r\n`, meaning: { ...TEXT, body: '\r\n\r\n' } },
  { what: 'no body', bytes: `${HEAD}X-Long: value\r\nContent-Length: 0\r\n\r\n`, meaning: EMPTY },
  {
    what: 'chunks with trailers',
    bytes: `${CHUNKED}01\r\nt\r\n003\r\next\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\nX: 2\r\n\r\n`,
    meaning: { ...TEXT, body: 'text0123456789' },
  },
  { what: 'a hint', bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`, meaning: TEXT },
  { what: 'HEAD', bytes: `${HEAD}Content-Length: 400\r\n\r\n`, method: 'HEAD', meaning: EMPTY },
];

const OTHERS: Divided[] = [
  { what: 'until the end', bytes: `${HEAD}\r\ntext`, meaning: LAST, after: [untilRead, end] },
  { what: 'the last answer', bytes: `${HEAD}Connection: close\r\nContent-Length: 4\r\n\r\ntext`, meaning: LAST },
  { what: 'chunk extensions', bytes: `${CHUNKED}2;a\r\nte\r\n2;b="c"\r\nxt\r\n0;d\r\nX: 1\r\n\r\n`, meaning: UNUSUAL },
  { what: 'an extension after a plain chunk', bytes: `${CHUNKED}2\r\nte\r\n2;a\r\nxt\r\n0\r\n\r\n`, meaning: UNUSUAL },
  { what: 'a line end before', bytes: `\r\n${OK}`, meaning: UNUSUAL },
  { what: 'an unusual head', bytes: `${HEAD}Connection: x, y\r\nContent-Length: 4\r\n\r\ntext`, meaning: UNUSUAL },
  {
    what: 'an unusual head until the end',
    bytes: `${HEAD}Transfer-Encoding: identity\r\n\r\ntext`,
    meaning: UNUSUAL_LAST,
    after: [untilRead, end],
  },
  { what: '100', bytes: `HTTP/1.1 100 Continue\r\n\r\n${OK}`, meaning: MALFORMED_HEAD },
  { what: 'two lengths', bytes: `${HEAD}Content-Length: 4\r\nContent-Length: 4\r\n\r\ntext`, meaning: MALFORMED_HEAD },
  { what: 'a space before a colon', bytes: `${HEAD}X : 1\r\nContent-Length: 4\r\n\r\ntext`, meaning: MALFORMED_HEAD },
  { what: 'lines that end with LF', bytes: 'HTTP/1.1 200 OK\nContent-Length: 4\n\ntext', meaning: MALFORMED_HEAD },
  { what: 'another protocol', bytes: '220 mail.example ESMTP\r\n', meaning: MALFORMED_HEAD },
  { what: 'a chunk without size', bytes: `${CHUNKED}2\r\nte\r\nxt\r\n`, meaning: { ...MALFORMED_BODY, body: 'te' } },
  {
    what: 'a chunk too long',
    bytes: `${CHUNKED}4\r\ntexts\r\n0\r\n\r\n`,
    meaning: { ...MALFORMED_BODY, body: 'text' },
  },
  {
    what: 'a trailer that is none',
    bytes: `${CHUNKED}4\r\ntext\r\n0\r\nno colon\r\n\r\n`,
    meaning: { ...MALFORMED_BODY, body: 'text' },
  },
];

/** Each has the answer parted once, at another byte; the last one at all of them. */
function* divide(bytes: string): Generator<Step[]> {
  for (let at = 1; at < bytes.length; at += 1) yield [bytes.slice(0, at), untilRead, bytes.slice(at)];
  yield Array.from(bytes).flatMap((byte) => [byte, untilRead]);
}

const partsOf = (steps: readonly Step[]): string => JSON.stringify(steps.filter((step) => typeof step === 'string'));

const readsOnAndOn = test.macro<[Transport, ConnectionKind, Divided]>({
  async exec(t, transport, connection, { bytes, method = 'POST', meaning }) {
    const server = await startLoopbackServer(t, hang);
    const { client, reader, carriedBy } = createClient(server.port, { transport, connection, method });
    for (const steps of divide(bytes)) {
      const { behaviour, done } = prepareAnswer(steps);
      server.behave(behaviour);
      reader.clear();
      const { outcome, answerBytes } = await perform(client);
      const { statuses, body } = reader;
      await done;
      const { length } = meaning.body;
      const read = { outcome, statuses, body, answerBytes };
      const { next: _, isUnusual: __, ...expected } = meaning;
      if (!t.deepEqual(read, { ...expected, answerBytes: length }, partsOf(steps))) break;
    }
    t.is(server.requests.length, bytes.length);
    t.is(server.connections.length, connection === 'perOperation' ? bytes.length : 1);
    t.is(carriedBy[transport], bytes.length, 'no other transport had to help');
    client.close();
  },
  title: (_, transport, connection, { what }) => `${transport}: ${what}, in pieces (${connection})`,
});

const readsOnce = test.macro<[Transport, Divided]>({
  async exec(t, transport, { bytes, meaning, after = [] }) {
    const server = await startLoopbackServer(t, hang);
    const facts = { transport, connection: 'used', method: 'POST' } as const;
    for (const steps of divide(bytes)) {
      const { observed } = await observe(server, [...steps, ...after], facts);
      if (!t.deepEqual(observed, toObservation(meaning, facts), partsOf(steps))) break;
    }
  },
  title: (_, transport, { what }) => `${transport}: ${what}, in pieces`,
});

for (const transport of TRANSPORTS) {
  for (const connection of ['new', 'perOperation'] as const) {
    for (const answer of PLAIN) test(readsOnAndOn, transport, connection, answer);
  }
  for (const answer of OTHERS) test(readsOnce, transport, answer);
}
