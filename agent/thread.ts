/**
 * One thread of a pilot: its share of the clients of one cell after the other. The same code runs on a worker thread and, in
 * a small pilot, on the main thread.
 *
 * | state | order | does | next |
 * | --- | --- | --- | --- |
 * | idle | prepare | makes the clients, opens their kept connections | prepared |
 * | prepared | stand-down | closes them | idle |
 * | prepared | fire | starts the loop at T0, ships rows | running |
 * | running | drain | tells when drained | running |
 * | running | finish | ends the load, ships the last rows | idle |
 * | any | leave | as stand-down, as finish without grace | idle |
 */

import { setImmediate } from 'node:timers/promises';
import { type Cancel, type Clock, every } from '../foundation/clock.ts';
import { messageOf } from '../foundation/error.ts';
import { type ConnectionCounts, createConnectionCounts } from '../foundation/connection-counts.ts';
import { type TimerWheel, createTimerWheel } from '../foundation/timer-wheel.ts';
import { credentialOf } from '../scenarios/credentials/credential.ts';
import { prepareScenario } from '../scenarios/registry.ts';
import type { ScenarioClient } from '../scenarios/scenario.ts';
import { type ClientLoop, createClientLoop } from './client-loop.ts';
import { createGauges, type Gauges } from './gauges.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import type { CellReport, PilotFacts, ThreadOrder, ThreadPlan, ThreadReport } from './thread-message.ts';
import { watchThreadHealth, type ThreadHealthWatch } from './health/thread-health.ts';

/** Rows ship at the latest after this time. */
const SHIP_EVERY_MS = 250;

/** Connections that one thread opens at once, so that the accept queue of the service is not flooded before T0. */
const CONNECTIONS_AT_ONCE = 64;

const CLIENTS_MADE_IN_ONE_GO = 64;

const TIMER_TICK_MS = 1;
/** Before T0, deadlines are looked at this often. */
const TICK_EVERY_MS = 20;

type PreparedCell = {
  plan: ThreadPlan;
  clients: ScenarioClient[];
  connections: ConnectionCounts;
  /** A timer for each client. */
  wheel: TimerWheel;
};
type RunningCell = PreparedCell & {
  t0Ms: number;
  loop: ClientLoop;
  gauges: Gauges;
  recorder: Recorder;
  /** Null until T0: watching the clock just before it would count as a busy loop. */
  health: ThreadHealthWatch | null;
  stopShipping: Cancel;
};

export type Thread = { take(order: ThreadOrder): void };

/** @param report called with everything that the thread has to say, in order */
export function createThread(clock: Clock, report: (report: ThreadReport) => void): Thread {
  let prepared: PreparedCell | null = null;
  let running: RunningCell | null = null;

  const tell = ({ plan }: PreparedCell, said: CellReport): void =>
    report({ ...said, cell: plan.cell, attempt: plan.attempt });
  const prepare = async (facts: PilotFacts, plan: ThreadPlan): Promise<void> => {
    const wheel = createTimerWheel({ timers: plan.clients, tickMs: TIMER_TICK_MS, startMs: clock.nowMs() }, (index) => {
      if (prepared === cell) cell.clients[index]?.wake(clock.nowMs());
      else if (running?.wheel === wheel) running.loop.wake(index);
    });
    const cell: PreparedCell = { plan, clients: [], connections: createConnectionCounts(), wheel };
    prepared = cell;
    await createClients(cell, facts, () => prepared === cell);
    const failures = await openAll(clock, cell, () => prepared === cell);
    if (prepared === cell) tell(cell, { type: 'prepared', failures });
  };
  const ship = (): void => {
    if (running === null) return;
    const { rows, block } = running.recorder.ship();
    tell(running, { type: 'rows', rows, block, gauges: running.gauges.ship(clock.nowMs() - running.t0Ms) });
  };
  const fire = (t0Ms: number): void => {
    if (prepared === null) return;
    const cell = prepared;
    prepared = null;
    const started = createRunningCell(clock, cell, t0Ms, ship);
    running = started;
    started.loop.fire(t0Ms, () => {
      started.health = watchThreadHealth();
    });
  };
  const finish = (graceMs: number): void => {
    const cell = running;
    cell?.loop.finish(graceMs, () => {
      cell.stopShipping();
      ship();
      running = null;
      const health = (cell.health ?? watchThreadHealth()).stop();
      tell(cell, { type: 'done', rows: cell.recorder.total(), health, connections: cell.connections });
    });
  };
  const drain = (windowCloseMs: number): void => {
    const cell = running;
    cell?.loop.drain(windowCloseMs, () => tell(cell, { type: 'drained' }));
  };

  const standDown = (): void => {
    for (const client of prepared?.clients ?? []) client.close();
    prepared = null;
  };

  const obey = async (order: ThreadOrder): Promise<void> => {
    switch (order.type) {
      case 'prepare':
        return prepare(order.facts, order.plan);
      case 'fire':
        return fire(order.t0Ms);
      case 'drain':
        return drain(order.windowCloseMs);
      case 'finish':
        return finish(order.graceMs);
      case 'stand-down':
        return standDown();
      case 'leave':
        standDown();
        return finish(0);
    }
  };
  return {
    take: (order) => {
      obey(order).catch((bug: unknown) => report({ type: 'crashed', message: messageOf(bug) }));
    },
  };
}

/** The cell's loop, not fired yet, and what it feeds. */
function createRunningCell(clock: Clock, cell: PreparedCell, t0Ms: number, ship: () => void): RunningCell {
  const gauges = createGauges(cell.plan.gaugeEveryMs);
  const recorder = createRecorder(t0Ms);
  const loop = createClientLoop({
    clock,
    plan: cell.plan,
    clients: cell.clients,
    wheel: cell.wheel,
    gauges,
    record: (client, sequence, exchange) => {
      if (recorder.record(client, sequence, exchange)) ship();
    },
  });
  return { ...cell, t0Ms, loop, gauges, recorder, health: null, stopShipping: every(clock, SHIP_EVERY_MS, ship) };
}

/**
 * The first client with a credential reads keys and authorities, which takes milliseconds: in between, heartbeats go out. Once the
 * cell is not wanted any more, no further client is made.
 */
async function createClients(
  { plan, clients, connections, wheel }: PreparedCell,
  { campaign, sourceAddresses }: PilotFacts,
  isWanted: () => boolean,
): Promise<void> {
  const { target, credentials } = plan;
  const labels = plan.labelled ? { campaign, cell: plan.cell, attempt: plan.attempt } : null;
  const createClient = prepareScenario(plan.scenario);
  while (clients.length < plan.clients && isWanted()) {
    const index = clients.length;
    const client = plan.firstClient + index;
    const credential = credentialOf(credentials, client);
    const wakeAt = (atMs: number): void => wheel.set(index, atMs);
    clients.push(createClient({ target, labels, client, credential, sourceAddresses, connections, wakeAt }));
    if (clients.length % CLIENTS_MADE_IN_ONE_GO === 0) await setImmediate();
  }
}

/**
 * Opens what the clients keep; a client whose connection can't be opened takes part all the same. Counts per outcome.
 * Once the cell is not wanted any more, no further connection is opened: nobody would close it.
 */
async function openAll(
  clock: Clock,
  { clients, wheel }: PreparedCell,
  isWanted: () => boolean,
): Promise<Record<string, number>> {
  const failures: Record<string, number> = {};
  const left = clients.values();
  const stopTicks = every(clock, TICK_EVERY_MS, () => wheel.advance(clock.nowMs()));
  // Each takes the next client that is left: thousands of promises at once would cost more memory than their connections.
  const openers = Array.from({ length: CONNECTIONS_AT_ONCE }, async () => {
    for (const client of left) {
      if (!isWanted()) return;
      const outcome = await client.open();
      if (outcome !== 'ok') failures[outcome] = (failures[outcome] ?? 0) + 1;
    }
  });
  await Promise.all(openers);
  stopTicks();
  return failures;
}
