/** A peer: undici's `dispatch`, one `Client` a connection, one handler object a client. */

import { Client, type Dispatcher } from 'undici';
import { readWish, runPeer } from './peer-main.ts';

const wish = readWish();
const { origin, pathname } = new URL(wish.url);

await runPeer(wish.seconds, async (isOver) => {
  const count = { operations: 0, failed: 0 };
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const client = new Client(origin, { pipelining: 1 });
      const next = (): void => {
        if (isOver()) return void client.destroy().then(resolve);
        client.dispatch({ method: 'GET', path: pathname }, handler);
      };
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {},
        onResponseStart(_controller, status) {
          if (status !== 200) count.failed += 1;
        },
        onResponseData() {},
        onResponseEnd() {
          count.operations += 1;
          next();
        },
        onResponseError() {
          count.failed += 1;
          next();
        },
      };
      next();
    });
  await Promise.all(Array.from({ length: wish.connections }, one));
  return count;
});
