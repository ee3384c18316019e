/**
 * A pilot's life.
 *
 * | state | on | does | next |
 * | --- | --- | --- | --- |
 * | dialling | challenge | proves the secret (hello) | proving |
 * | proving | welcome | heartbeats begin | ready |
 * | ready | prepare | threads open their connections; prepared | preparing, then armed |
 * | ready | try | one operation; tried | ready |
 * | preparing, armed | stand-down | threads close them | ready |
 * | armed | fire | threads start at T0 | running |
 * | running | drain | drained, when all threads are | running |
 * | running | finish | threads end the load; cell-done after the last rows | ready |
 * | ready | idle for longer than its limit | | leaving |
 * | any | leave, or the link is gone | operations under way are cut | leaving |
 */

import type { Logger } from 'pino';
import { type Clock, type Cancel, every } from '../foundation/clock.ts';
import { shareEvenly } from '../foundation/shares.ts';
import { readHostFacts } from './host-facts.ts';
import { dialCoordinator } from './link.ts';
import {
  type CellPlan,
  type CoordinatorMessage,
  type Join,
  type PilotHealth,
  PROTOCOL_VERSION,
  encodeRowsFrame,
  proveSecret,
} from './protocol.ts';
import type { CellReference, CellReport, ThreadOrder, ThreadPort, ThreadReport } from './thread-message.ts';
import { startThreads } from './threads.ts';
import { tryOperation } from './try-operation.ts';

/** What the pilot gathers from its threads for the cell under way. */
type CellUnderWay = {
  reference: CellReference;
  /** Threads that have not prepared, drained, or ended the cell yet. */
  preparing: number;
  draining: number;
  finishing: number;
  failures: Record<string, number>;
  rows: number;
  health: Omit<PilotHealth, 'cpuShare'>[];
  firedAtMs: number;
  cpuBefore: NodeJS.CpuUsage;
};

/** Runs until the pilot leaves, and says why it did. */
export function livePilot(join: Join, clock: Clock, log: Logger): Promise<{ reason: string }> {
  return new Promise((resolve) => {
    const pilot = new Pilot(join, clock, log, (reason) => resolve({ reason }));
    pilot.dial();
  });
}

class Pilot {
  readonly #join: Join;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #left: (reason: string) => void;
  readonly #threads: ThreadPort[];
  #link: ReturnType<typeof dialCoordinator> | null = null;
  #epoch = 0;
  #frameSequence = 0;
  #cell: CellUnderWay | null = null;
  #leaveReason: string | null = null;
  #stopHeartbeat: Cancel = () => {};
  #cancelIdle: Cancel = () => {};
  readonly #leaving = new AbortController();

  constructor(join: Join, clock: Clock, log: Logger, left: (reason: string) => void) {
    this.#join = join;
    this.#clock = clock;
    this.#log = log;
    this.#left = left;
    this.#threads = startThreads(join.slots, (thread, said) => this.#threadSaid(thread, said));
  }

  dial(): void {
    this.#link = dialCoordinator(this.#join, this.#clock, {
      said: (message, receivedMs) => this.#obey(message, receivedMs),
      gone: (reason) => void this.#leave(this.#leaveReason ?? reason),
    });
    this.#rest();
  }

  #obey(message: CoordinatorMessage, receivedMs: number): void {
    switch (message.type) {
      case 'challenge':
        return this.#sayHello(message.nonce);
      case 'welcome':
        this.#epoch = message.epoch;
        this.#log.info({ epoch: message.epoch }, 'joined');
        this.#stopHeartbeat = every(this.#clock, message.heartbeatEveryMs, () =>
          this.#link?.send({ type: 'heartbeat', epoch: this.#epoch, monotonicMs: this.#clock.nowMs() }),
        );
        return;
      case 'clock':
        return this.#link?.send({
          type: 'clock-reply',
          epoch: this.#epoch,
          id: message.id,
          receivedMs,
          repliedMs: this.#clock.nowMs(),
        });
      case 'try':
        return this.#try(message);
      case 'prepare':
        return this.#prepare(message.plan);
      case 'ack':
        return; // the coordinator has the rows; nothing is kept here for a second sending
      case 'leave':
        this.#leaveReason = message.reason;
        return this.#link?.close();
      case 'stand-down':
        if (this.#isCurrent(message)) this.#standDown();
        return;
      case 'fire':
        if (this.#isCurrent(message)) this.#fire(message.t0Ms);
        return;
      case 'drain':
        if (this.#isCurrent(message)) this.#orderAll({ type: 'drain', windowCloseMs: message.windowCloseMs });
        return;
      case 'finish':
        if (this.#isCurrent(message)) this.#orderAll({ type: 'finish', graceMs: message.graceMs });
        return;
    }
  }

  /** What is said about a cell that was given up meanwhile is late and means nothing. */
  #isCurrent({ cell, attempt }: CellReference): boolean {
    return this.#cell?.reference.cell === cell && this.#cell.reference.attempt === attempt;
  }

  #sayHello(nonce: string): void {
    const { campaign, pilot, site, slots, secret } = this.#join;
    const proof = proveSecret(secret, nonce, pilot);
    this.#link?.send({
      type: 'hello',
      v: PROTOCOL_VERSION,
      campaign,
      pilot,
      site,
      slots,
      proof,
      host: readHostFacts(),
    });
  }

  #try({ id, scenario, target, labelled }: Extract<CoordinatorMessage, { type: 'try' }>): void {
    const labels = labelled ? { campaign: this.#join.campaign, cell: 'try', attempt: 1 } : null;
    const context = { target, labels, client: this.#join.pilot };
    tryOperation(this.#clock, scenario, context, this.#leaving.signal).then(
      (tried) => this.#link?.send({ type: 'tried', epoch: this.#epoch, id, ...tried }),
      (bug: unknown) => this.#fail(String(bug)),
    );
  }

  #prepare(plan: CellPlan): void {
    this.#cancelIdle();
    this.#log.info({ cell: plan.cell, attempt: plan.attempt, clients: plan.clients }, 'preparing');
    const threads = this.#threads.length;
    this.#cell = {
      reference: { cell: plan.cell, attempt: plan.attempt },
      preparing: threads,
      draining: threads,
      finishing: threads,
      failures: {},
      rows: 0,
      health: [],
      firedAtMs: 0,
      cpuBefore: process.cpuUsage(),
    };
    let firstClient = plan.firstClient;
    for (const [index, clients] of shareEvenly(plan.clients, threads).entries()) {
      const part: CellPlan = { ...plan, firstClient, clients };
      this.#threads[index]?.order({ type: 'prepare', campaign: this.#join.campaign, plan: part });
      firstClient += clients;
    }
  }

  #fire(t0Ms: number): void {
    const cell = this.#cell as CellUnderWay;
    cell.firedAtMs = this.#clock.nowMs();
    cell.cpuBefore = process.cpuUsage();
    this.#orderAll({ type: 'fire', t0Ms });
  }

  #standDown(): void {
    this.#orderAll({ type: 'stand-down' });
    this.#cell = null;
    this.#rest();
  }

  #orderAll(order: ThreadOrder): void {
    for (const thread of this.#threads) thread.order(order);
  }

  #threadSaid(thread: number, said: ThreadReport): void {
    if (said.type === 'crashed') return this.#fail(said.message);
    const cell = this.#cell;
    if (cell === null || !this.#isCurrent(said)) return;
    switch (said.type) {
      case 'prepared':
        for (const [outcome, count] of Object.entries(said.failures))
          cell.failures[outcome] = (cell.failures[outcome] ?? 0) + count;
        cell.preparing -= 1;
        if (cell.preparing > 0) return;
        return this.#link?.send({ type: 'prepared', epoch: this.#epoch, ...cell.reference, failures: cell.failures });
      case 'rows':
        return this.#sendRows(thread, said, cell);
      case 'drained':
        cell.draining -= 1;
        if (cell.draining > 0) return;
        return this.#link?.send({ type: 'drained', epoch: this.#epoch, ...cell.reference });
      case 'done':
        cell.rows += said.rows;
        cell.health.push(said.health);
        cell.finishing -= 1;
        if (cell.finishing === 0) this.#endCell(cell);
        return;
    }
  }

  #sendRows(thread: number, { gauges, block }: Extract<CellReport, { type: 'rows' }>, cell: CellUnderWay): void {
    const header = {
      v: PROTOCOL_VERSION,
      campaign: this.#join.campaign,
      ...cell.reference,
      epoch: this.#epoch,
      sequence: this.#frameSequence,
      thread,
      firstSample: gauges.firstSample,
      samples: gauges.samples,
    } as const;
    this.#frameSequence += 1;
    this.#link?.sendBytes(encodeRowsFrame(header, gauges.integrals, block));
  }

  #endCell(cell: CellUnderWay): void {
    const { user, system } = process.cpuUsage(cell.cpuBefore);
    const spanMs = Math.max(1, this.#clock.nowMs() - cell.firedAtMs);
    const health = { ...worstOf(cell.health), cpuShare: (user + system) / 1000 / spanMs };
    this.#cell = null;
    this.#log.info({ ...cell.reference, rows: cell.rows, ...health }, 'cell done');
    this.#link?.send({ type: 'cell-done', epoch: this.#epoch, ...cell.reference, rowsSent: cell.rows, health });
    this.#rest();
  }

  /** Waits for the next cell, but not for ever. */
  #rest(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#clock.after(this.#join.idleLimitMs, () => {
      this.#leaveReason = `no cell came for ${this.#join.idleLimitMs} ms`;
      this.#link?.close();
    });
  }

  /** A bug on this side: the coordinator must not count on us any more. */
  #fail(message: string): void {
    this.#log.error({ message }, 'failed');
    this.#link?.send({ type: 'failed', epoch: this.#epoch, code: 'GT_PILOT_FAILED', message });
    this.#leaveReason = message;
    this.#link?.close();
  }

  async #leave(reason: string): Promise<void> {
    this.#log.info({ reason }, 'leaving');
    this.#leaving.abort();
    this.#stopHeartbeat();
    this.#cancelIdle();
    this.#cell = null; // nobody is there to be told how it ends
    this.#orderAll({ type: 'leave' });
    await Promise.all(this.#threads.map((thread) => thread.stop()));
    this.#left(reason);
  }
}

/** The worst of each: one saturated thread is enough to spoil a cell. */
function worstOf(threads: readonly Omit<PilotHealth, 'cpuShare'>[]): Omit<PilotHealth, 'cpuShare'> {
  const worst = (read: (health: Omit<PilotHealth, 'cpuShare'>) => number): number => Math.max(0, ...threads.map(read));
  const waits = threads.map(({ runQueueShare }) => runQueueShare).filter((share) => share !== null);
  return {
    loopUtilisation: worst(({ loopUtilisation }) => loopUtilisation),
    loopDelayP99Ms: worst(({ loopDelayP99Ms }) => loopDelayP99Ms),
    gcShare: worst(({ gcShare }) => gcShare),
    runQueueShare: waits.length === 0 ? null : Math.max(...waits),
  };
}
