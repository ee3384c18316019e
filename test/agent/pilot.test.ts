import test, { type ExecutionContext } from 'ava';
import type { CellPlan, RowsFrame } from '../../agent/protocol.ts';
import { machineClock } from '../../foundation/clock.ts';
import { OPERATION_HEADER } from '../../scenarios/operation-header.ts';
import type { PathDetail } from '../../scenarios/srm/ls-reply.ts';
import { writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import {
  PORT_OF_NOBODY,
  type LoopbackServer,
  answer,
  hang,
  loopbackTarget,
  startLoopbackServer,
} from '../support/loopback-server.ts';
import { about, openScene, startPilot } from '../support/pilot-process.ts';

const ENTRIES = 3;
const GAUGE_EVERY_MS = 20;

const detail = (path: string, subPaths: PathDetail[] | null): PathDetail => ({
  path,
  status: 'SRM_SUCCESS',
  explanation: null,
  type: subPaths === null ? 'FILE' : 'DIRECTORY',
  bytes: 1,
  modifiedAtMs: null,
  checksum: null,
  top: null,
  subPaths,
});

const LISTING = writeLsAnswer({
  requestStatus: 'SRM_SUCCESS',
  explanation: null,
  paths: [
    detail(
      '/d',
      Array.from({ length: ENTRIES }, (_, index) => detail(`/d/${index}`, null)),
    ),
  ],
});

const SCENARIO = { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: ENTRIES };

function planFor({ port }: Pick<LoopbackServer, 'port'>, changes: Partial<CellPlan> = {}): CellPlan {
  return {
    cell: 'cell-a',
    attempt: 1,
    firstClient: 10,
    clients: 3,
    level: 20,
    scenario: SCENARIO,
    target: loopbackTarget(port),
    credentials: { from: 10, list: [] },
    labelled: true,
    startSpreadMs: 0,
    afterFailure: { pauseMs: 0, growToMs: 0 },
    seed: 1,
    gaugeEveryMs: GAUGE_EVERY_MS,
    ...changes,
  };
}

/** `client/sequence outcome` of every row. */
function rowsOf(frames: readonly RowsFrame[]): { name: string; outcome: string; startUs: number }[] {
  return frames.flatMap(({ block }) =>
    Array.from({ length: block.rows }, (_, row) => ({
      name: `${block.client[row]}/${block.sequence[row]}`,
      outcome: block.outcomes[block.outcome[row] as number] as string,
      startUs: block.startUs[row] as number,
    })),
  );
}

/** What the service saw, by its header: `client/sequence`. */
function namesOf({ requests }: LoopbackServer, cell: string): string[] {
  const names = requests.map(({ headers }) => (headers[OPERATION_HEADER] as string).split('/'));
  return names.filter((name) => name[1] === cell).map(([, , , client, sequence]) => `${client}/${sequence}`);
}

const sorted = (names: readonly string[]): string[] => names.toSorted();

test('a pilot proves itself, tells about its host, and answers clocks on its own monotonic clock', async (t) => {
  const scene = await openScene(t);
  startPilot(t, scene, { slots: 7 });
  const pilot = await scene.joined();
  t.is(pilot.pilot, 'p1');
  t.is(pilot.site, 'desk');
  t.is(pilot.slots, 7);
  t.true(pilot.host.cores > 0 && pilot.host.memoryBytes > 0 && pilot.host.pid !== process.pid);

  const askedMs = machineClock.nowMs();
  pilot.send({ type: 'clock', id: 5 });
  const { id, epoch, receivedMs, repliedMs } = await scene.next('clock-reply');
  t.is(id, 5);
  t.is(epoch, pilot.epoch);
  // The same host: the pilot's readings lie between ours.
  t.true(askedMs <= receivedMs && receivedMs <= repliedMs && repliedMs <= machineClock.nowMs());
  await scene.next('heartbeat');
});

test('a pilot with the wrong secret is refused and leaves; the secret is in no log', async (t) => {
  const scene = await openScene(t);
  const secret = 'wrong'.repeat(10);
  const { ended } = startPilot(t, scene, { secret });
  const { stderr } = await ended;
  t.is(scene.refused.length, 1);
  t.false(stderr.includes(secret));
});

test('a pilot believes no other certificate than that of its campaign', async (t) => {
  const scene = await openScene(t);
  const other = await openScene(t);
  const { ended } = startPilot(t, scene, { certificate: other.gate.certificate });
  await ended;
  t.deepEqual(scene.said, []);
});

test('a pilot tries one operation and tells how it went', async (t) => {
  const scene = await openScene(t);
  const server = await startLoopbackServer(t, answer(LISTING));
  startPilot(t, scene);
  const pilot = await scene.joined();
  const asked = { type: 'try', scenario: SCENARIO, credential: null, labelled: true } as const;
  pilot.send({ ...asked, id: 1, target: loopbackTarget(server.port) });
  const tried = await scene.next('tried');
  t.is(tried.outcome, 'ok');
  t.is(tried.answerBytes, LISTING.length);
  t.true(tried.connectMs !== null && tried.firstByteMs !== null && tried.handshakeMs === null);
  pilot.send({ ...asked, id: 2, target: loopbackTarget(PORT_OF_NOBODY) });
  t.is((await scene.next('tried')).outcome, 'refused');
});

const measuresCell = test.macro({
  title: (place = '') => `a cell on ${place}: the rows that come are what the service counted, from T0 to the last`,
  async exec(t: ExecutionContext, slots: number) {
    const scene = await openScene(t);
    const server = await startLoopbackServer(t, answer(LISTING));
    startPilot(t, scene, { slots });
    const pilot = await scene.joined();
    const plan = planFor(server);
    const cell = about(plan, pilot);

    pilot.send({ type: 'prepare', plan });
    t.deepEqual((await scene.next('prepared')).failures, {});
    await server.accepted(3);
    t.is(server.requests.length, 0);

    cell.fire(machineClock.nowMs() + 100);
    await scene.until('rows come', () => rowsOf(scene.frames).length > 50);
    cell.drain(50);
    await scene.next('drained');
    cell.finish(1000);
    const { rowsSent, health } = await scene.next('cell-done');

    const rows = rowsOf(scene.frames);
    t.is(rows.length, rowsSent);
    t.deepEqual(sorted(rows.map(({ name }) => name)), sorted(namesOf(server, plan.cell)));
    t.true(rows.every(({ outcome, startUs }) => outcome === 'ok' && startUs >= 0));
    t.deepEqual(new Set(rows.map(({ name }) => name.split('/')[0])), new Set(['10', '11', '12']));
    // Each kept connection was opened once, before T0.
    t.is(server.connections.length, 3);

    let expectedSample = 0;
    for (const [index, { header, gauges }] of scene.frames.entries()) {
      t.is(header.sequence, index);
      t.is(header.epoch, pilot.epoch);
      t.is(header.firstSample, expectedSample);
      t.is(gauges.length, header.samples * 3);
      expectedSample += header.samples;
    }
    t.true(health.loopUtilisation > 0 && health.loopUtilisation <= 1 && health.cpuShare > 0);
  },
});

test('the main thread', measuresCell, 3);
test('a worker thread', measuresCell, 8);

test('finish cuts the operations that hang, and the pilot stays for the next cell', async (t) => {
  const scene = await openScene(t);
  const server = await startLoopbackServer(t, hang);
  startPilot(t, scene, { slots: 8 });
  const pilot = await scene.joined();
  const hanging = planFor(server, { cell: 'hanging' });
  pilot.send({ type: 'prepare', plan: hanging });
  await scene.next('prepared');
  about(hanging, pilot).fire(machineClock.nowMs() + 20);
  await server.received(3);
  about(hanging, pilot).finish(50);
  t.is((await scene.next('cell-done')).rowsSent, 3);
  t.deepEqual(
    rowsOf(scene.frames).map(({ outcome }) => outcome),
    ['cut', 'cut', 'cut'],
  );

  server.behave(answer(LISTING));
  const next = planFor(server, { cell: 'next' });
  pilot.send({ type: 'prepare', plan: next });
  await scene.next('prepared');
  // Late words about the cell before mean nothing.
  about(hanging, pilot).finish(0);
  about(next, pilot).fire(machineClock.nowMs() + 20);
  await server.received(20);
  about(next, pilot).finish(1000);
  const done = await scene.next('cell-done');
  t.is(done.cell, 'next');
  t.is(rowsOf(scene.frames.filter(({ header }) => header.cell === 'next')).length, done.rowsSent);
  t.is(namesOf(server, 'next').length, done.rowsSent);
});

test('a cell that is stood down leaves the pilot ready for its second attempt', async (t) => {
  const scene = await openScene(t);
  const server = await startLoopbackServer(t, answer(LISTING));
  startPilot(t, scene, { slots: 8 });
  const pilot = await scene.joined();
  const first = planFor(server);
  const second = planFor(server, { attempt: 2 });
  pilot.send({ type: 'prepare', plan: first });
  about(first, pilot).standDown();
  pilot.send({ type: 'prepare', plan: second });
  await scene.until('both are prepared or given up', () =>
    scene.said.some((message) => message.type === 'prepared' && message.attempt === 2),
  );
  about(second, pilot).fire(machineClock.nowMs() + 20);
  await server.received(10);
  about(second, pilot).finish(1000);
  t.is((await scene.next('cell-done')).attempt, 2);
  t.is(rowsOf(scene.frames).length, server.requests.length);
});

test('a connection that cannot be opened is told, and its client takes part all the same', async (t) => {
  const scene = await openScene(t);
  startPilot(t, scene);
  const pilot = await scene.joined();
  const plan = planFor({ port: PORT_OF_NOBODY }, { afterFailure: { pauseMs: 100_000, growToMs: 100_000 } });
  pilot.send({ type: 'prepare', plan });
  t.deepEqual((await scene.next('prepared')).failures, { refused: 3 });
  about(plan, pilot).fire(machineClock.nowMs() + 20);
  await scene.until('rows come', () => rowsOf(scene.frames).length === 3);
  about(plan, pilot).finish(0);
  await scene.next('cell-done');
  t.deepEqual(
    rowsOf(scene.frames).map(({ outcome }) => outcome),
    ['refused', 'refused', 'refused'],
  );
});

test('a scenario that the pilot does not know is a failure that it tells before it leaves', async (t) => {
  const scene = await openScene(t);
  const server = await startLoopbackServer(t, hang);
  const { ended } = startPilot(t, scene);
  const pilot = await scene.joined();
  pilot.send({ type: 'prepare', plan: planFor(server, { scenario: { kind: 'juggle' } }) });
  t.regex((await scene.next('failed')).message, /juggle/);
  await ended;
});

test('a pilot leaves when told, when its coordinator is gone, and when no cell has come for too long', async (t) => {
  const told = await openScene(t);
  const leaving = startPilot(t, told);
  (await told.joined()).send({ type: 'leave', reason: 'the campaign is over' });
  const { exitCode, stderr } = await leaving.ended;
  t.is(exitCode, 0);
  t.regex(stderr, /the campaign is over/);

  const left = await openScene(t);
  const server = await startLoopbackServer(t, hang);
  const orphan = startPilot(t, left);
  const plan = planFor(server);
  const pilot = await left.joined();
  pilot.send({ type: 'prepare', plan });
  await left.next('prepared');
  about(plan, pilot).fire(machineClock.nowMs() + 20);
  await server.received(3);
  await left.gate.close();
  t.is((await orphan.ended).exitCode, 0);

  const idle = await openScene(t);
  const { ended } = startPilot(t, idle, { idleLimitMs: 50 });
  t.regex((await ended).stderr, /no cell came for 50 ms/);
});
