/** Requests that wait for a server that does not read are sent as they were. */

import { setImmediate } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { OPERATION_HEADER } from '../../../../scenarios/operation-header.ts';
import { answer, answerBytes, hang, startLoopbackServer } from '../../../support/loopback-server.ts';
import { perform } from '../perform.ts';
import { testTransports } from '../transports.ts';
import { type ClientFacts, createClient } from './observe.ts';
import { unsentBytesTo } from './raw-answer.ts';

const BODY = Buffer.alloc(15_000, 'x');
/** More than Linux keeps on the way (tcp_wmem, tcp_rmem). */
const MOST_OPERATIONS = 4_000;

function named(nth: number): string {
  return String(nth).padStart(6, '0');
}

testTransports('requests of clients that send the same are not mixed up', async (t, transport) => {
  const patient = await startLoopbackServer(t, answer('answered'));
  const reluctant = await startLoopbackServer(t, answer('answered'));
  const facts: ClientFacts = { transport, connection: 'new', body: BODY, headers: ['soapaction', 'ls'] };
  const { client, request } = createClient(reluctant.port, facts);
  // They send the same to the name of one service, and reach two.
  const other = createClient(patient.port, { ...facts, target: { origin: `http://127.0.0.1:${reluctant.port}` } });
  request.operation = named(0);
  t.is((await perform(client)).outcome, 'ok');
  const [socket] = reluctant.connections as [Socket];
  socket.pause();
  reluctant.behave(hang);

  const names = [named(0)];
  while (unsentBytesTo(socket) <= 3 * BODY.length && names.length < MOST_OPERATIONS) {
    request.operation = named(names.length);
    names.push(request.operation);
    const { outcome } = await perform(client, async (exchange) => {
      while (Number.isNaN(exchange.startedAtMs)) await setImmediate();
      socket.write(answerBytes('unread'));
    });
    t.is(outcome, 'ok');
  }
  t.true(unsentBytesTo(socket) > 3 * BODY.length, 'the last two requests wait with their heads');
  other.request.operation = 'others';
  t.is((await perform(other.client)).outcome, 'ok');
  socket.resume();
  await reluctant.received(names.length);
  t.deepEqual(
    reluctant.requests.map(({ headers }) => headers[OPERATION_HEADER]),
    names,
  );
  t.true(reluctant.requests.every(({ body }) => body === BODY.toString()));
  t.deepEqual(
    patient.requests.map(({ headers }) => headers[OPERATION_HEADER]),
    ['others'],
  );
  client.close();
  other.client.close();
});
