import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { assert, integer, property, record } from 'fast-check';
import { readServiceState, serviceUseBetween } from '../../../coordinator/target/service-use.ts';
import { monotonicNowMs } from '../../../foundation/clock.ts';
import { ServiceUseSchema } from '../../../reports/evidence.ts';
import type { ServiceState } from '../../../scenarios/server-count.ts';
import { eventually } from '../../support/eventually.ts';
import { startFrontendProcess } from '../../support/frontend-process.ts';
import { makeDirectory } from '../../frontend/fresh-directory.ts';
import { postLs } from '../../frontend/soap-client.ts';

const STATE: ServiceState = {
  cpuMs: 1000,
  callOuts: 10,
  waitedForThread: 5,
  exhausted: { queue: 1, heap: 2, descriptors: 3 },
  threads: { held: 4, nested: 0, most: 256 },
};

async function serve(t: ExecutionContext, handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a frontend tells its state, and the use between two readings is what was done in between', async (t) => {
  const root = makeDirectory(t, { 'd/f': '' });
  await using frontend = await startFrontendProcess({ root, port: 0, fsConcurrency: 1 });
  const askedMs = monotonicNowMs();
  const before = await readServiceState(frontend.metricsUrl);
  t.true(before !== null && before.atMs >= askedMs && before.atMs <= monotonicNowMs());
  for (let round = 0; round < 50; round += 1) await postLs(frontend.url, '/d');
  const after = await readServiceState(frontend.metricsUrl);
  const use = serviceUseBetween(before, after);
  if (before === null || after === null || use === null) throw new Error('the frontend tells its state');
  const cpuMs = after.state.cpuMs - before.state.cpuMs;
  t.true(cpuMs > 0);
  const exhausted = { queue: 0, heap: 0, descriptors: 0 };
  t.deepEqual(use, { cpuShare: cpuMs / (after.atMs - before.atMs), callOuts: 0, waitedForThread: 0, exhausted });
  t.deepEqual(ServiceUseSchema.parse(use), use);
});

test('a frontend that was restarted in between is not made up for', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`d/f${index}`, '']));
  const options = { root: makeDirectory(t, files), port: 0, fsConcurrency: 1 };
  await using first = await startFrontendProcess(options);
  const atStart = await readServiceState(first.metricsUrl);
  // So long that the second one has used less when it is asked.
  const before = await eventually('the first frontend has used twice as much', async () => {
    await postLs(first.url, '/d');
    const now = await readServiceState(first.metricsUrl);
    return (now?.state.cpuMs ?? 0) > 2 * (atStart?.state.cpuMs ?? Infinity) ? now : undefined;
  });
  await using second = await startFrontendProcess(options);
  const after = await readServiceState(second.metricsUrl);
  t.true(before !== null && after !== null);
  t.is(serviceUseBetween(before, after), null);
});

test('growth is told apart, and the CPU share is of the time in between', (t) => {
  const after: ServiceState = {
    cpuMs: 4000,
    callOuts: 110,
    waitedForThread: 7,
    exhausted: { queue: 1, heap: 5, descriptors: 7 },
    threads: { held: 0, nested: 0, most: 256 },
  };
  t.deepEqual(serviceUseBetween({ state: STATE, atMs: 500 }, { state: after, atMs: 2500 }), {
    cpuShare: 1.5,
    callOuts: 100,
    waitedForThread: 2,
    exhausted: { queue: 0, heap: 3, descriptors: 4 },
  });
});

test('a reading that could not be had, or no time in between, gives no use', (t) => {
  const reading = { state: STATE, atMs: 1 };
  t.is(serviceUseBetween(null, reading), null);
  t.is(serviceUseBetween(reading, null), null);
  t.is(serviceUseBetween(reading, reading), null);
  t.is(serviceUseBetween({ ...reading, atMs: 2 }, reading), null);
});

const growth = integer({ min: -2, max: 1000 });
const growths = record({
  cpuMs: growth,
  callOuts: growth,
  waitedForThread: growth,
  queue: growth,
  heap: growth,
  descriptors: growth,
});

test('there is a use exactly when no counter went down', (t) => {
  assert(
    property(growths, (grown) => {
      const { cpuMs, callOuts, waitedForThread, queue, heap, descriptors } = grown;
      const { exhausted } = STATE;
      const after: ServiceState = {
        cpuMs: STATE.cpuMs + cpuMs,
        callOuts: STATE.callOuts + callOuts,
        waitedForThread: STATE.waitedForThread + waitedForThread,
        exhausted: {
          queue: exhausted.queue + queue,
          heap: exhausted.heap + heap,
          descriptors: exhausted.descriptors + descriptors,
        },
        threads: STATE.threads,
      };
      const use = serviceUseBetween({ state: STATE, atMs: 0 }, { state: after, atMs: 10 });
      t.is(
        use !== null,
        Object.values(grown).every((each) => each >= 0),
      );
      if (use !== null) {
        t.deepEqual(use, { cpuShare: cpuMs / 10, callOuts, waitedForThread, exhausted: { queue, heap, descriptors } });
      }
    }),
  );
});

for (const [what, body] of [
  ['no JSON', 'not found'],
  ['another shape', '{"cpuMs":8}'],
  ['a negative counter', JSON.stringify({ ...STATE, callOuts: -1 })],
] as const) {
  test(`an endpoint that answers with ${what} tells nothing`, async (t) => {
    t.is(await readServiceState(await serve(t, (_, response) => void response.end(body))), null);
  });
}

test('an endpoint that is gone, or of an older frontend, tells nothing', async (t) => {
  t.is(await readServiceState('http://127.0.0.1:9'), null);
  const url = await serve(t, (_, response) => void response.writeHead(404).end('GET /metrics\n'));
  t.is(await readServiceState(url), null);
});

test('an endpoint that never answers, or never ends its answer, is given up', async (t) => {
  const silent = await serve(t, () => {});
  const dripping = await serve(t, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write('{"cpuMs":');
    const drip = setInterval(() => response.write(' '), 100);
    response.once('close', () => clearInterval(drip));
  });
  t.deepEqual(await Promise.all([readServiceState(silent), readServiceState(dripping)]), [null, null]);
});
