/** A peer: bare `tls.connect`, a new connection with a full mutual handshake for every request, the byte of GSI before it. */

import { type SecureContext, connect } from 'node:tls';
import { createAnswerMeter } from './answer-length.ts';
import { readRequest, readWish, runPeer } from './peer-main.ts';
import { createContexts } from './tls-contexts.ts';

/** GSI: nothing is delegated. */
const NO_DELEGATION = '0';

const wish = readWish();
if (wish.tls === null) throw new Error('this peer needs certificates');
const contexts = createContexts(wish.tls);
const request = readRequest(wish);
const { hostname, port } = new URL(wish.url);

await runPeer(wish.seconds, async (isOver) => {
  const count = { operations: 0, failed: 0 };
  const one = (client: number): Promise<void> =>
    new Promise((resolve) => {
      const secureContext = contexts[client % contexts.length] as SecureContext;
      const next = (): void => {
        if (isOver()) return resolve();
        const isWhole = createAnswerMeter();
        const socket = connect({ host: '127.0.0.1', port: Number(port), servername: hostname, secureContext });
        socket.setNoDelay(true);
        socket.once('secureConnect', () => socket.write(NO_DELEGATION, () => socket.write(request)));
        socket.on('data', (chunk: Buffer) => {
          if (!isWhole(chunk)) return;
          count.operations += 1;
          socket.end();
          socket.destroy();
          next();
        });
        socket.once('error', () => {
          count.failed += 1;
          next();
        });
      };
      next();
    });
  await Promise.all(Array.from({ length: wish.connections }, (_, client) => one(client)));
  return count;
});
