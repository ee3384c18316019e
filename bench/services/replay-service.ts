/**
 * Answers every request with recorded bytes of the real frontend, so that it isn't the limit. Control port: `/answered` is the
 * number of answers, `/good` of those that were as recorded or only varied, `/wrong` of those with a wrong status.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { createRandom } from '../../foundation/random.ts';
import { createRequestCutter } from './raw-requests.ts';
import { LOOPBACK, listenForControl, readOptions, tellListening } from './service-main.ts';

export type ReplayOptions = {
  /** The whole answer, head and body. */
  answerFile: string;
  /** Where in it numbers of four digits stand, one of which is another in every answer; empty: all answers are identical. */
  varyAt: number[];
  /** Every so many answers one comes from `wrongFile`; null: none. */
  wrong: { every: number; file: string } | null;
};

export type ReplayListening = { port: number; control: string };

const BACKLOG = 1024;

const { answerFile, varyAt, wrong } = readOptions() as ReplayOptions;
const answer = readFileSync(answerFile);
const wrongAnswer = wrong === null ? null : readFileSync(wrong.file);
const random = createRandom(1);
const count = { answered: 0, wrong: 0 };
/** Fewer connections are probes, which ask whether the service is one. */
const LOAD_CONNECTIONS = 4;
let connections = 0;

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on(
    'data',
    createRequestCutter(() => socket.write(next())),
  );
  connections += 1;
  socket.on('close', () => (connections -= 1));
  socket.on('error', () => {}); // clients may leave as they like
});
server.listen({ host: LOOPBACK, port: 0, backlog: BACKLOG });
await once(server, 'listening');
const control = await listenForControl(({ url }, response) => {
  if (url === '/wrong') response.end(String(count.wrong));
  else response.end(String(url === '/good' ? count.answered - count.wrong : count.answered));
});
tellListening({ port: (server.address() as AddressInfo).port, control } satisfies ReplayListening);

function next(): Buffer {
  count.answered += 1;
  if (wrong !== null && wrongAnswer !== null && connections >= LOAD_CONNECTIONS && count.answered % wrong.every === 0) {
    count.wrong += 1;
    return wrongAnswer;
  }
  return varyAt.length === 0 ? answer : vary();
}

/** A copy, since an earlier answer may not have left yet. */
function vary(): Buffer {
  const varied = Buffer.from(answer);
  const at = varyAt[Math.floor(random() * varyAt.length)] as number;
  varied.write(String(1000 + Math.floor(random() * 9000)), at, 'latin1');
  return varied;
}
