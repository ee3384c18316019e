/** Answers over TLS: the same bytes mean the same, and an end that TLS does not tell of is none. */

import type { ExecutionContext } from 'ava';
import { hang, startLoopbackServer } from '../../../support/loopback-server.ts';
import { testCertificates } from '../../../support/certificates.ts';
import { testSecurity } from '../../../support/secure-server.ts';
import {
  type AnswerCase,
  BROKEN,
  EMPTY,
  LAST,
  MALFORMED_BODY,
  MALFORMED_HEAD,
  TEXT,
  UNUSUAL,
  UNUSUAL_LAST,
  testAnswers,
} from './answer-cases.ts';
import { end, endBeneath, reset, untilRead } from './raw-answer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';
const OK = `${HEAD}Content-Length: 4\r\n\r\ntext`;
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const BIG = 'x'.repeat(200_000);

const byteByByte = (bytes: string) => Array.from(bytes).flatMap((byte) => [byte, untilRead]);

const CASES: AnswerCase[] = [
  ['a length', [OK], TEXT],
  ['a length, byte by byte', byteByByte(OK), TEXT],
  ['a body of several records', [`${HEAD}Content-Length: ${BIG.length}\r\n\r\n${BIG}`], { ...TEXT, body: BIG }],
  ['chunks', [`${CHUNKED}2\r\nte\r\n2\r\nxt\r\n0\r\n\r\n`], TEXT],
  ['chunks, byte by byte', byteByByte(`${CHUNKED}2\r\nte\r\n2\r\nxt\r\n0\r\nX: 1\r\n\r\n`), TEXT],
  ['unusual chunks, byte by byte', byteByByte(`${CHUNKED}2\r\nte\r\n2;a=b\r\nxt\r\n0\r\n\r\n`), UNUSUAL],
  ['a hint', [`HTTP/1.1 103 Early Hints\r\n\r\n`, untilRead, OK], TEXT],
  ['no body', [`${HEAD}Content-Length: 0\r\n\r\n`], EMPTY],
  ['the last answer', [`${HEAD}Connection: close\r\nContent-Length: 4\r\n\r\ntext`], LAST],
  ['until the end', [`${HEAD}\r\ntext`, untilRead, end], LAST],
  ['until an end that comes at once', [`${HEAD}\r\ntext`, end], LAST],
  ['until the end, unusually', [`${HEAD}Transfer-Encoding: identity\r\n\r\ntext`, untilRead, end], UNUSUAL_LAST],
  ['until the end, but a reset', [`${HEAD}\r\ntext`, untilRead, reset], BROKEN],
  // Node takes it for an end of TLS: many servers leave out to tell of theirs.
  ['until an end of TCP alone', [`${HEAD}\r\ntext`, untilRead, endBeneath], LAST],
  ['an end in the body', [`${HEAD}Content-Length: 5\r\n\r\ntext`, untilRead, end], BROKEN],
  ['an end of TCP alone in the body', [`${HEAD}Content-Length: 5\r\n\r\ntext`, untilRead, endBeneath], BROKEN],
  ['a reset in the body', [`${HEAD}Content-Length: 5\r\n\r\ntext`, untilRead, reset], BROKEN],
  ['an end after the answer', [OK, untilRead, end], LAST],
  ['a reset after the answer', [OK, untilRead, reset], LAST],
  ['an answer that nobody asked for', [OK, untilRead, OK, untilRead], LAST],
  ['an end instead of an answer', [end], { ...MALFORMED_HEAD, outcome: 'reset' }],
  ['a reset instead of an answer', [reset], { ...MALFORMED_HEAD, outcome: 'reset' }],
  ['another protocol', ['220 mail.example ESMTP\r\n'], MALFORMED_HEAD],
  ['a chunk without size', [`${CHUNKED}\r\ntext`], MALFORMED_BODY],
];

for (const highestVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  const serve = async (t: ExecutionContext) => {
    const { host } = await testCertificates();
    const server = await startLoopbackServer(t, hang, {
      security: { key: host.privateKey, cert: host.certificateChain },
    });
    const security = await testSecurity({ gsi: false, highestVersion });
    return { server, target: { security, origin: `https://localhost:${server.port}` } };
  };
  testAnswers(
    CASES.map(([what, ...rest]) => [`${what}, over ${highestVersion}`, ...rest]),
    { serve },
  );
}
