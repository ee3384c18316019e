/** A peer: undici's `request`, one `Client` a connection, each body read whole. */

import { Client } from 'undici';
import { readWish, runPeer } from './peer-main.ts';

const wish = readWish();
const { origin, pathname } = new URL(wish.url);

await runPeer(wish.seconds, async (isOver) => {
  const count = { operations: 0, failed: 0 };
  const one = async (): Promise<void> => {
    const client = new Client(origin, { pipelining: 1 });
    while (!isOver()) {
      const { statusCode, body } = await client.request({ method: 'GET', path: pathname });
      await body.arrayBuffer();
      count.operations += 1;
      if (statusCode !== 200) count.failed += 1;
    }
    await client.close();
  };
  await Promise.all(Array.from({ length: wish.connections }, one));
  return count;
});
