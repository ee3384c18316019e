import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import test from 'ava';
import { watchProcessHealth } from '../../../agent/health/process-health.ts';
import { type ThreadHealth, watchThreadHealth } from '../../../agent/health/thread-health.ts';
import { worstOf } from '../../../agent/health/worst-thread.ts';
import { readRunQueue } from '../../../agent/health/run-queue.ts';
import { HealthSchema } from '../../../agent/protocol.ts';

test('a watch tells what has grown since it began, by the clock that it was given', async (t) => {
  let nowMs = 5000;
  const watch = watchProcessHealth(() => nowMs);
  const thread = watchThreadHealth();
  const server = createServer((socket) => socket.end('x')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
  await once(socket, 'close');
  server.close();
  const cpuBefore = process.cpuUsage();
  while (process.cpuUsage(cpuBefore).user < 30_000); // burns 30 ms of a core
  nowMs += 1000;
  const health = { ...thread.stop(), ...watch.stop() };
  t.notThrows(() => HealthSchema.parse(health), 'what a pilot says is what its coordinator takes');
  t.true(health.cpuShare >= 0.03);
  t.true((health.tcp?.sent ?? 0) >= 4, 'a connection takes at least four segments of both ends');
  for (const share of [health.pressureShare, health.stolenShare]) t.true(share === null || (share >= 0 && share <= 1));
});

test('a thread tells how long it waited for a core each time', (t) => {
  const watch = watchThreadHealth();
  const { runQueueShare, runQueueMeanMs } = watch.stop();
  if (readRunQueue() === null) return t.deepEqual([runQueueShare, runQueueMeanMs], [null, null]);
  return t.true((runQueueShare ?? -1) >= 0 && (runQueueMeanMs ?? -1) >= 0);
});

const CALM: ThreadHealth = {
  loopUtilisation: 0.1,
  loopDelayP99Ms: 1,
  gcShare: 0,
  runQueueShare: 0.01,
  runQueueMeanMs: 3,
};

test('the worst of the threads is told, and of the run queue both figures of one thread', (t) => {
  const busy = { ...CALM, loopUtilisation: 0.9 };
  const waiting = { ...CALM, runQueueShare: 0.4, runQueueMeanMs: 0.5, gcShare: 0.2 };
  t.deepEqual(worstOf([CALM, busy, waiting]), { ...waiting, loopUtilisation: 0.9 });
  const unreadable = { ...CALM, runQueueShare: null, runQueueMeanMs: null };
  t.deepEqual(worstOf([unreadable, CALM]), CALM);
  t.deepEqual(worstOf([unreadable]), unreadable);
});
