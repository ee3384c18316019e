import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import * as fc from 'fast-check';
import { watchProcessHealth } from '../../../agent/health/process-health.ts';
import { type ThreadHealth, meanLatenessMs, watchThreadHealth } from '../../../agent/health/thread-health.ts';
import { worstOf } from '../../../agent/health/worst-thread.ts';
import { readRunQueueWaitMs } from '../../../agent/health/run-queue.ts';
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

test('a loop that stood still was late by half of that, for that share of the time', async (t) => {
  const startedMs = performance.now();
  const watch = watchThreadHealth();
  await setTimeout(20); // in which the monitor ticks
  const stalledFromMs = performance.now();
  while (performance.now() < stalledFromMs + 100);
  const stalledMs = performance.now() - stalledFromMs;
  await setTimeout(20);
  const { loopLateMeanMs, runQueueShare } = watch.stop();
  const spanMs = performance.now() - startedMs;
  // The tick that was due in it may have been due two periods after it began.
  t.true(loopLateMeanMs >= (stalledMs - 4) ** 2 / (2 * spanMs), `${loopLateMeanMs} ms, stalled for ${stalledMs} ms`);
  t.is(runQueueShare === null, readRunQueueWaitMs() === null);
});

test('the mean lateness is the sum of the squared delays over twice the span', (t) => {
  const delays = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(delays, (delaysMs) => {
      const count = delaysMs.length;
      const mean = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0) / count;
      const variance = delaysMs.reduce((sum, delayMs) => sum + (delayMs - mean) ** 2, 0) / count;
      const spanMs = delaysMs.reduce((sum, delayMs) => sum + delayMs + 2, 0);
      const ticks = { count, mean: (mean + 2) * 1e6, stddev: Math.sqrt(variance) * 1e6 };
      const expected = delaysMs.reduce((sum, delayMs) => sum + delayMs ** 2, 0) / (2 * spanMs);
      t.true(Math.abs(meanLatenessMs(ticks, spanMs) - expected) <= 1e-6 * Math.max(1, expected));
    }),
  );
  t.is(meanLatenessMs({ count: 0, mean: NaN, stddev: NaN }, 1000), 0);
});

const CALM: ThreadHealth = {
  loopUtilisation: 0.1,
  loopDelayP99Ms: 1,
  loopLateMeanMs: 0.1,
  gcShare: 0,
  runQueueShare: 0.01,
};

test('the worst of the threads is told of each figure', (t) => {
  const busy = { ...CALM, loopUtilisation: 0.9, loopLateMeanMs: 4 };
  const waiting = { ...CALM, runQueueShare: 0.4, gcShare: 0.2 };
  t.deepEqual(worstOf([CALM, busy, waiting]), { ...waiting, loopUtilisation: 0.9, loopLateMeanMs: 4 });
  const unreadable = { ...CALM, runQueueShare: null };
  t.deepEqual(worstOf([unreadable, CALM]), CALM);
  t.deepEqual(worstOf([unreadable]), unreadable);
});
