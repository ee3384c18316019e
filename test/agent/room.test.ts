/** What a pilot can hold where it runs: beneath a real limit of open files, and with addresses of its host or of none. */

import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import type { CellPlan, Join } from '../../agent/protocol.ts';
import { countSlots } from '../../agent/room.ts';
import { LocalPoolSchema } from '../../coordinator/config/schema.ts';
import type { PilotConnection } from '../../coordinator/pilots/link.ts';
import { createLocalPool } from '../../coordinator/pools/local.ts';
import { machineClock } from '../../foundation/clock.ts';
import { writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import { glidetester } from '../support/cli.ts';
import { type LoopbackServer, answer, loopbackTarget, startLoopbackServer } from '../support/loopback-server.ts';
import { lsReply } from '../support/ls-reply.ts';
import { type Scene, about, openScene, startPilot } from '../support/pilot-process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const LISTING = writeLsAnswer(lsReply(2));

const planFor = (target: CellPlan['target'], clients: number): CellPlan => ({
  cell: 'cell-a',
  attempt: 1,
  firstClient: 0,
  clients,
  level: clients,
  scenario: { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: 2 },
  target,
  credentials: { from: 0, list: [] },
  labelled: true,
  startSpreadMs: 0,
  afterFailure: { pauseMs: 0, growToMs: 0 },
  seed: 1,
  gaugeEveryMs: 20,
});

/** A pilot of the local pool with a limit of open files, as `launchWith` gives it one. */
async function launchLimited(t: ExecutionContext, { gate }: Scene, descriptors: number, changes: Partial<Join> = {}) {
  const [program, parameters] = glidetester('agent', '--join', '-');
  const pool = createLocalPool({
    pool: LocalPoolSchema.parse({
      kind: 'local',
      site: 'desk',
      pilots: 1,
      slotsPerPilot: 1000,
      launchWith: ['sh', '-c', `ulimit -n ${descriptors}; exec "$0" "$@"`],
    }),
    command: [program, ...parameters],
    logs: await makeTemporaryFolder(t),
    clock: { ...machineClock, after: (_delayMs, callback) => machineClock.after(0, callback) },
  });
  t.teardown(() => pool.release());
  const { url, certificate } = gate;
  const common = { url, certificate, campaign: 'test', site: 'desk', secret: 's'.repeat(64), idleLimitMs: 600_000 };
  await pool.request([{ ...common, pilot: 'p1', slots: 1000, threads: 1, sourceAddresses: [], ...changes }]);
}

type Run = { scene: Scene; server: LoopbackServer; pilot: PilotConnection; plan: CellPlan };

/** Runs a cell until its clients have ended some operations each; the outcomes that came. */
async function measure({ scene, server, pilot, plan }: Run): Promise<Set<string>> {
  const cell = about(plan, pilot);
  pilot.send({ type: 'prepare', plan });
  await scene.next('prepared');
  cell.fire(machineClock.nowMs() + 20);
  await server.received(4 * plan.clients);
  cell.finish(5000);
  await scene.next('cell-done');
  return new Set(scene.frames.flatMap(({ block }) => block.outcomes));
}

for (const threads of [1, 3]) {
  test(`beneath a limit of 200 open files, ${threads} threads hold exactly what they offer`, async (t) => {
    const scene = await openScene(t);
    const server = await startLoopbackServer(t, answer(LISTING));
    await launchLimited(t, scene, 200, { threads });
    const pilot = await scene.joined();
    const { slots } = pilot;
    t.is(slots, countSlots({ slots: 1000, threads }, 200));
    t.true(slots > 100 && slots < 200);
    const target = loopbackTarget(server.port, { connection: { perOperation: true } });
    t.deepEqual(await measure({ scene, server, pilot, plan: planFor(target, slots) }), new Set(['ok']));
  });
}

test('a limit that leaves no room for a client is told, and the pilot leaves', async (t) => {
  const scene = await openScene(t);
  await launchLimited(t, scene, 40);
  const { code, message } = await scene.next('failed');
  t.is(code, 'GT_PILOT_UNFIT');
  t.regex(message, /limit of 40 open files.*ulimit -n/);
});

test('source addresses that are none of its host are told, all of them, and the pilot leaves', async (t) => {
  const scene = await openScene(t);
  const sourceAddresses = ['127.0.0.2', '192.0.2.1', '2001:db8::1'];
  const { ended } = startPilot(t, scene, { sourceAddresses });
  const { code, message } = await scene.next('failed');
  t.is(code, 'GT_PILOT_UNFIT');
  t.false(message.includes('127.0.0.2'), 'all of 127.0.0.0/8 is local');
  t.regex(message, /192\.0\.2\.1.*2001:db8::1/);
  t.is((await ended).exitCode, 0);
});

test('clients on two source and two target addresses: the services see each pair as often as any other', async (t) => {
  const scene = await openScene(t);
  const hosts = ['127.0.0.1', '127.0.0.2'];
  const servers = await Promise.all(hosts.map((host) => startLoopbackServer(t, answer(LISTING), { host })));
  const sourceAddresses = ['127.0.0.3', '127.0.0.4'];
  startPilot(t, scene, { slots: 10, threads: 2, sourceAddresses });
  const pilot = await scene.joined();
  const addresses = servers.map(({ port }, index) => ({ address: hosts[index] as string, family: 4 as const, port }));
  const plan = { ...planFor(loopbackTarget(1, { addresses }), 10), firstClient: 3 };
  pilot.send({ type: 'prepare', plan });
  t.deepEqual((await scene.next('prepared')).failures, {});
  await Promise.all(servers.map((server) => server.accepted(5)));
  const pairs = servers.flatMap(({ connections }, index) =>
    connections.map(({ remoteAddress }) => `${remoteAddress} ${hosts[index]}`),
  );
  const counts = [...Map.groupBy(pairs, (pair) => pair)].map(([pair, { length }]) => [pair, length]);
  t.deepEqual(Object.fromEntries(counts), {
    '127.0.0.3 127.0.0.1': 3,
    '127.0.0.3 127.0.0.2': 3,
    '127.0.0.4 127.0.0.1': 2,
    '127.0.0.4 127.0.0.2': 2,
  });
});

test('slots: never more than asked for, one fewer for each descriptor that is missing', (t) => {
  const anyRoom = fc.record({
    slots: fc.integer({ min: 1, max: 5000 }),
    threads: fc.integer({ min: 1, max: 64 }),
    limit: fc.nat({ max: 10_000 }),
  });
  fc.assert(
    fc.property(anyRoom, ({ slots, threads, limit }) => {
      const fitting = countSlots({ slots, threads }, limit);
      t.true(fitting <= slots && fitting < Math.max(limit, 1));
      t.true(countSlots({ slots, threads }, limit + 1) - fitting <= 1);
      t.true(countSlots({ slots, threads }, limit + 1) >= fitting);
      t.true(countSlots({ slots, threads: threads + 1 }, limit) <= fitting);
      t.is(countSlots({ slots, threads }, null), slots);
    }),
  );
});
