/** What an operation's record says of its time and bytes. */

import type { ExecutionContext } from 'ava';
import { monotonicNowMs } from '../../../../foundation/clock.ts';
import { hang, startLoopbackServer } from '../../../support/loopback-server.ts';
import { testCertificates } from '../../../support/certificates.ts';
import { testSecurity } from '../../../support/secure-server.ts';
import { isNested, testTransports } from '../transports.ts';
import { CONNECTIONS, type ClientFacts, observe } from './observe.ts';
import { type Step, end, untilRead } from './raw-answer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const BIG = 'x'.repeat(150_000);

const ANSWERS: [what: string, steps: Step[], bytes: number][] = [
  ['a length, in pieces', [HEAD, untilRead, 'Content-Length: 4\r\n\r\n', untilRead, 'te', untilRead, 'xt'], 4],
  ['nothing', [`${HEAD}Content-Length: 0\r\n\r\n`], 0],
  ['chunks and trailers', [`${CHUNKED}2\r\nte\r\n`, untilRead, '0002\r\nxt\r\n0\r\nX-Sum: 1\r\n\r\n'], 4],
  ['unusual chunks', [`${CHUNKED}2;a=b\r\nte\r\n`, untilRead, '2\r\nxt\r\n0;c=d\r\n\r\n'], 4],
  ['several reads', [`${HEAD}Content-Length: ${BIG.length}\r\n\r\n${BIG}`], BIG.length],
  ['what lasts until the end', [`${HEAD}\r\n`, untilRead, 'text', untilRead, end], 4],
  ['half of it', [`${HEAD}Content-Length: 9\r\n\r\nhalf`, untilRead, end], 4],
  ['a hint before', ['HTTP/1.1 103 Early\r\n\r\n', untilRead, `${HEAD}Content-Length: 4\r\n\r\ntext`], 4],
];

async function serve(t: ExecutionContext, isSecure: boolean) {
  if (!isSecure) return { server: await startLoopbackServer(t, hang), target: {} };
  const { host } = await testCertificates();
  const server = await startLoopbackServer(t, hang, {
    security: { key: host.privateKey, cert: host.certificateChain },
  });
  const target: ClientFacts['target'] = {
    security: await testSecurity({ gsi: false }),
    origin: `https://localhost:${server.port}`,
  };
  return { server, target };
}

for (const isSecure of [false, true]) {
  for (const connection of CONNECTIONS) {
    const where = `${isSecure ? 'https' : 'http'}, ${connection}`;
    testTransports(`instants come in order, and bytes are those of bodies (${where})`, async (t, transport) => {
      const { server, target } = await serve(t, isSecure);
      for (const [what, steps, bytes] of ANSWERS) {
        const beforeMs = monotonicNowMs();
        const { exchange } = await observe(server, steps, { transport, connection, target });
        const { startedAtMs, connectedAtMs, securedAtMs, firstByteAtMs, endedAtMs } = exchange;
        // An operation on a connection that stands has neither of these.
        const opening = connection === 'used' ? [] : isSecure ? [connectedAtMs, securedAtMs] : [connectedAtMs];
        isNested(t, [beforeMs, startedAtMs, ...opening, firstByteAtMs, endedAtMs, monotonicNowMs()]);
        t.is(Number.isNaN(connectedAtMs), connection === 'used', what);
        t.is(Number.isNaN(securedAtMs), connection === 'used' || !isSecure, what);
        t.is(exchange.answerBytes, bytes, what);
      }
    });
  }
}
