/** A pilot of several threads: its clients on all of them, and one pilot to its coordinator all the same. */

import test from 'ava';
import * as fc from 'fast-check';
import { splitPlan } from '../../agent/crew.ts';
import type { CellPlan, RowsFrame } from '../../agent/protocol.ts';
import { createGaugeCollector } from '../../coordinator/cell/gauge-collector.ts';
import { machineClock } from '../../foundation/clock.ts';
import { OPERATION_HEADER, parseOperationHeader } from '../../scenarios/operation-header.ts';
import { writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import { testCertificates } from '../support/certificates.ts';
import { answer, loopbackTarget, startLoopbackServer } from '../support/loopback-server.ts';
import { lsReply } from '../support/ls-reply.ts';
import { about, openScene, startPilot } from '../support/pilot-process.ts';
import { secureTarget, testSecurity } from '../support/secure-server.ts';

const GRID_MS = 20;
/** What two readings of one clock in two processes may differ by, beyond the microseconds that rows are rounded to. */
const READING_MS = 0.2;

const LISTING = writeLsAnswer(lsReply(2));

const PLAN: Omit<CellPlan, 'target'> = {
  cell: 'cell-a',
  attempt: 1,
  firstClient: 5,
  clients: 10,
  level: 20,
  scenario: { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: 2 },
  credentials: { from: 5, list: [] },
  labelled: true,
  startSpreadMs: 0,
  afterFailure: { pauseMs: 0, growToMs: 0 },
  seed: 1,
  gaugeEveryMs: GRID_MS,
};

type Row = { thread: number; client: number; name: string; startMs: number; endMs: number };

function rowsOf(frames: readonly RowsFrame[]): Row[] {
  return frames.flatMap(({ header: { thread }, block }) =>
    Array.from({ length: block.rows }, (_, row): Row => {
      const client = block.client[row] as number;
      const startMs = (block.startUs[row] as number) / 1000;
      const endMs = startMs + (block.durationUs[row] as number) / 1000;
      return { thread, client, name: `${client}/${block.sequence[row]}`, startMs, endMs };
    }),
  );
}

/** The clients of each thread, by its number. */
function clientsByThread(rows: readonly Row[]): number[][] {
  const threads = new Map<number, Set<number>>();
  for (const { thread, client } of rows) threads.set(thread, (threads.get(thread) ?? new Set()).add(client));
  return [...threads].toSorted(([a], [b]) => a - b).map(([, clients]) => [...clients].toSorted((a, b) => a - b));
}

test('three threads share ten clients as 4, 3 and 3; rows, gauges and the service agree, and so do their clocks', async (t) => {
  const scene = await openScene(t);
  const receivedMs = new Map<string, number>();
  const server = await startLoopbackServer(t, (socket, request) => {
    const labels = parseOperationHeader(request.headers[OPERATION_HEADER] as string);
    receivedMs.set(`${labels?.client}/${labels?.sequence}`, machineClock.nowMs());
    answer(LISTING)(socket, request);
  });
  startPilot(t, scene, { slots: 10, threads: 3 });
  const pilot = await scene.joined();
  const plan = { ...PLAN, target: loopbackTarget(server.port) };
  const cell = about(plan, pilot);
  pilot.send({ type: 'prepare', plan });
  t.deepEqual((await scene.next('prepared')).failures, {});
  await server.accepted(10);
  t.is(server.requests.length, 0);

  const t0Ms = machineClock.nowMs() + 100;
  cell.fire(t0Ms);
  await scene.until('every client has ended some operations', () => {
    const told = clientsByThread(rowsOf(scene.frames)).flat();
    return told.length === plan.clients && rowsOf(scene.frames).length > 200;
  });
  cell.drain(50);
  await scene.next('drained');
  cell.finish(5000);
  const { rowsSent, connections } = await scene.next('cell-done');

  const rows = rowsOf(scene.frames);
  t.is(rows.length, rowsSent);
  t.is(connections.opened, 10);
  t.deepEqual(rows.map(({ name }) => name).toSorted(), [...receivedMs.keys()].toSorted());
  t.deepEqual(clientsByThread(rows), [
    [5, 6, 7, 8],
    [9, 10, 11],
    [12, 13, 14],
  ]);
  t.true(scene.frames.every(({ header }) => header.threads === 3));
  // Each operation reached the service after it began and before it ended, on the clock of its own thread.
  for (const { name, startMs, endMs } of rows) {
    const atMs = (receivedMs.get(name) as number) - t0Ms;
    t.true(startMs <= atMs + READING_MS && atMs <= endMs + READING_MS, `${name}: ${startMs} ${atMs} ${endMs}`);
  }

  const collector = createGaugeCollector(['p1'], GRID_MS);
  for (const frame of scene.frames) collector.keep('p1', frame);
  const points = collector.pointsKnown(['p1']);
  const { inFlight } = collector.series(points);
  t.true(points > 2);
  for (const [point, integral] of inFlight.entries()) {
    const atMs = point * GRID_MS;
    const byRows = rows.reduce((sum, { startMs, endMs }) => sum + Math.max(0, Math.min(endMs, atMs) - startMs), 0);
    t.true(Math.abs(integral - byRows) <= rows.length * 0.002, `at ${atMs} ms: ${integral} and ${byRows}`);
  }
});

test('threads without a client keep nobody waiting', async (t) => {
  const scene = await openScene(t);
  const server = await startLoopbackServer(t, answer(LISTING));
  startPilot(t, scene, { slots: 4, threads: 3 });
  const pilot = await scene.joined();
  const plan = { ...PLAN, clients: 1, target: loopbackTarget(server.port) };
  const cell = about(plan, pilot);
  pilot.send({ type: 'prepare', plan });
  await scene.next('prepared');
  cell.fire(machineClock.nowMs() + 20);
  await server.received(20);
  cell.drain(10);
  await scene.next('drained');
  cell.finish(1000);
  const { rowsSent } = await scene.next('cell-done');
  t.is(rowsSent, server.requests.length);
  const collector = createGaugeCollector(['p1'], GRID_MS);
  for (const frame of scene.frames) collector.keep('p1', frame);
  t.true(collector.pointsKnown(['p1']) > 0);
});

test('a thread that crashes takes its pilot with it, whatever the others do', async (t) => {
  const scene = await openScene(t);
  const server = await startLoopbackServer(t, answer(LISTING));
  const { ended } = startPilot(t, scene, { slots: 9, threads: 3 });
  const pilot = await scene.joined();
  const target = secureTarget(server.port, await testSecurity());
  const { user } = await testCertificates();
  // The last client is on the third thread.
  const list = [...Array.from({ length: 8 }, () => user), { certificateChain: 'no certificate', privateKey: 'no key' }];
  pilot.send({ type: 'prepare', plan: { ...PLAN, clients: 9, target, credentials: { from: 5, list } } });
  t.is((await scene.next('failed')).code, 'GT_PILOT_FAILED');
  t.is((await ended).exitCode, 0);
});

test('any plan over any threads: in order, without a gap, no thread with two more than another', (t) => {
  const numbers = fc.record({
    firstClient: fc.nat({ max: 1000 }),
    clients: fc.nat({ max: 500 }),
    threads: fc.integer({ min: 1, max: 70 }),
  });
  fc.assert(
    fc.property(numbers, ({ firstClient, clients, threads }) => {
      const shares = splitPlan({ ...PLAN, firstClient, clients, target: loopbackTarget(1) }, threads);
      t.is(shares.length, threads);
      let next = firstClient;
      for (const share of shares) {
        t.is(share.firstClient, next);
        next += share.clients;
      }
      t.is(next, firstClient + clients);
      const sizes = shares.map((share) => share.clients);
      t.true(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
});
