/** The threads of a pilot as one: splits a cell over them, and gathers what they say until all have said it. */

import type { Clock } from '../foundation/clock.ts';
import { shareEvenly } from '../foundation/shares.ts';
import { type ConnectionCounts, addConnectionCounts, createConnectionCounts } from '../foundation/connection-counts.ts';
import { type ProcessHealthWatch, watchProcessHealth } from './health/process-health.ts';
import type { ThreadHealth } from './health/thread-health.ts';
import { worstOf } from './health/worst-thread.ts';
import type { CellPlan, PilotHealth } from './protocol.ts';
import type { CellReference, CellReport, PilotFacts, ThreadOrder, ThreadPlan, ThreadReport } from './thread-message.ts';
import { type CrewSize, startThreads } from './threads.ts';

export type RowsReport = Extract<CellReport, { type: 'rows' }>;

/** Called for the cell that was prepared last; what a thread says late about another one is dropped. */
export type CrewListener = {
  prepared(failures: Record<string, number>): void;
  rows(thread: number, report: RowsReport & CellReference): void;
  drained(): void;
  done(rows: number, health: PilotHealth, connections: ConnectionCounts): void;
  /** A bug: the crew is of no more use. */
  crashed(message: string): void;
};

export type Crew = {
  /** How many threads there are; each tells about every cell, also when none of its clients is on it. */
  readonly threads: number;
  prepare(facts: PilotFacts, plan: ThreadPlan): void;
  fire(t0Ms: number): void;
  drain(windowCloseMs: number): void;
  finish(graceMs: number): void;
  standDown(): void;
  /** Ends the load, then the threads. */
  leave(): Promise<void>;
};

/** The cell under way. */
type Gathering = CellReference & {
  /** Threads that have not prepared, drained, or ended it yet. */
  preparing: number;
  draining: number;
  finishing: number;
  failures: Record<string, number>;
  rows: number;
  health: ThreadHealth[];
  connections: ConnectionCounts;
  /** From the order to fire on. */
  processHealth: ProcessHealthWatch | null;
};

export function startCrew(size: CrewSize, clock: Clock, listener: CrewListener): Crew {
  const threads = startThreads(size, (thread, said) => gather(thread, said));
  let cell: Gathering | null = null;

  const orderAll = (order: ThreadOrder): void => {
    for (const thread of threads) thread.order(order);
  };
  const gather = (thread: number, said: ThreadReport): void => {
    if (said.type === 'crashed') return listener.crashed(said.message);
    if (cell === null || said.cell !== cell.cell || said.attempt !== cell.attempt) return;
    switch (said.type) {
      case 'prepared':
        addCounts(cell.failures, said.failures);
        cell.preparing -= 1;
        if (cell.preparing === 0) listener.prepared(cell.failures);
        return;
      case 'rows':
        return listener.rows(thread, said);
      case 'drained':
        cell.draining -= 1;
        if (cell.draining === 0) listener.drained();
        return;
      case 'done':
        cell.rows += said.rows;
        cell.health.push(said.health);
        addConnectionCounts(cell.connections, said.connections);
        cell.finishing -= 1;
        if (cell.finishing === 0) end(cell);
        return;
    }
  };
  const end = (ended: Gathering): void => {
    const processHealth = (ended.processHealth ?? watchProcessHealth(clock.nowMs)).stop();
    cell = null;
    listener.done(ended.rows, { ...worstOf(ended.health), ...processHealth }, ended.connections);
  };

  return {
    threads: threads.length,
    prepare(facts, plan) {
      cell = createGathering(plan, threads.length);
      for (const [index, share] of splitPlan(plan, threads.length).entries()) {
        threads[index]?.order({ type: 'prepare', facts, plan: share });
      }
    },
    fire(t0Ms) {
      orderAll({ type: 'fire', t0Ms });
      if (cell !== null) cell.processHealth = watchProcessHealth(clock.nowMs);
    },
    drain: (windowCloseMs) => orderAll({ type: 'drain', windowCloseMs }),
    finish: (graceMs) => orderAll({ type: 'finish', graceMs }),
    standDown() {
      cell = null;
      orderAll({ type: 'stand-down' });
    },
    async leave() {
      cell = null; // nobody is there to be told how it ends
      orderAll({ type: 'leave' });
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

/** The clients of a plan over threads, evenly and in order; each share counts its credentials from where the plan does. */
export function splitPlan<Plan extends Pick<CellPlan, 'firstClient' | 'clients'>>(plan: Plan, threads: number): Plan[] {
  let { firstClient } = plan;
  return shareEvenly(plan.clients, threads).map((clients) => {
    const share = { ...plan, firstClient, clients };
    firstClient += clients;
    return share;
  });
}

function createGathering({ cell, attempt }: CellReference, threads: number): Gathering {
  return {
    cell,
    attempt,
    preparing: threads,
    draining: threads,
    finishing: threads,
    failures: {},
    rows: 0,
    health: [],
    connections: createConnectionCounts(),
    processHealth: null,
  };
}

function addCounts(sum: Record<string, number>, counts: Record<string, number>): void {
  for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
}
