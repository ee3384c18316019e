/** A peer: bare `net` sockets that send the same bytes again and again, read by `onread` into one buffer. */

import { connect } from 'node:net';
import { createAnswerMeter } from './answer-length.ts';
import { readRequest, readWish, runPeer } from './peer-main.ts';

const READ_BYTES = 64 * 1024;

const wish = readWish();
const request = readRequest(wish);
const { hostname, port } = new URL(wish.url);
const buffer = Buffer.allocUnsafe(READ_BYTES);

await runPeer(wish.seconds, async (isOver) => {
  const count = { operations: 0, failed: 0 };
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const isWhole = createAnswerMeter();
      const socket = connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        onread: {
          buffer,
          callback(bytes, chunk) {
            if (!isWhole((chunk as Buffer).subarray(0, bytes))) return true;
            count.operations += 1;
            if (isOver()) socket.destroy();
            else socket.write(request);
            return true;
          },
        },
      });
      socket.once('connect', () => socket.write(request));
      socket.once('error', () => (count.failed += 1));
      socket.once('close', () => resolve());
    });
  await Promise.all(Array.from({ length: wish.connections }, one));
  return count;
});
