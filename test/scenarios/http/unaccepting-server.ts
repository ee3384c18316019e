/** A port that takes no more connections: its accept queue is full, so that connect() is never answered. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { ExecutionContext } from 'ava';

/** The kernel queues one more than that. */
const BACKLOG = 1;

/** `accept` makes it an ordinary server: the queue is emptied and every request answered with `ok`. */
export async function startUnacceptingServer(t: ExecutionContext): Promise<{ port: number; accept(): void }> {
  const wake = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('../fixtures/unaccepting-server.ts', import.meta.url), {
    workerData: { wake, backlog: BACKLOG },
  });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = Array.from({ length: BACKLOG + 1 }, () => connect({ host: '127.0.0.1', port }));
  t.teardown(async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  });
  await Promise.all(fillers.map((filler) => once(filler, 'connect')));
  for (const filler of fillers) filler.on('error', () => {});
  return {
    port,
    accept() {
      Atomics.store(wake, 0, 1);
      Atomics.notify(wake, 0);
    },
  };
}
