/**
 * A pilot's life.
 *
 * | state | on | does | next |
 * | --- | --- | --- | --- |
 * | dialling | challenge | proves the secret (hello) | proving |
 * | proving | welcome | heartbeats begin | ready |
 * | proving | welcome, but it is unfit | says so | leaving |
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
import { messageOf } from '../foundation/error.ts';
import { type ConnectionCounts, createConnectionCounts } from '../foundation/connection-counts.ts';
import { checkScenario } from '../scenarios/check-scenario.ts';
import { type RowsReport, startCrew } from './crew.ts';
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
import { type Room, findRoom } from './room.ts';
import type { CellReference } from './thread-message.ts';
import { tryOperation } from './try-operation.ts';

/** Runs until the pilot leaves, and says why it did. */
export async function livePilot(join: Join, clock: Clock, log: Logger): Promise<{ reason: string }> {
  const room = await findRoom(join);
  const { slots, host, unfit } = room;
  if (unfit !== null) log.error({ reason: unfit }, 'unfit');
  else if (slots < join.slots) {
    log.warn({ slots, asked: join.slots, descriptorLimit: host.descriptorLimit }, 'limit of open files: fewer slots');
  }
  return new Promise((resolve) => {
    const pilot = new Pilot(join, room, { clock, log, left: (reason) => resolve({ reason }) });
    pilot.dial();
  });
}

type Surroundings = { clock: Clock; log: Logger; left: (reason: string) => void };

class Pilot {
  readonly #join: Join;
  readonly #room: Room;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #left: (reason: string) => void;
  readonly #crew: ReturnType<typeof startCrew>;
  #link: ReturnType<typeof dialCoordinator> | null = null;
  #epoch = 0;
  #frameSequence = 0;
  /** The cell that is prepared or runs. */
  #cell: CellReference | null = null;
  #leaveReason: string | null = null;
  #stopHeartbeat: Cancel = () => {};
  #cancelIdle: Cancel = () => {};
  readonly #leaving = new AbortController();

  constructor(join: Join, room: Room, { clock, log, left }: Surroundings) {
    this.#join = join;
    this.#room = room;
    this.#clock = clock;
    this.#log = log;
    this.#left = left;
    this.#crew = startCrew({ slots: room.slots, threads: join.threads }, clock, {
      prepared: (failures) => this.#tell({ type: 'prepared', failures }),
      rows: (thread, report) => this.#sendRows(thread, report),
      drained: () => this.#tell({ type: 'drained' }),
      done: (rowsSent, health, connections) => this.#endCell(rowsSent, health, connections),
      crashed: (message) => this.#fail('GT_PILOT_FAILED', message),
    });
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
        if (this.#room.unfit !== null) return this.#fail('GT_PILOT_UNFIT', this.#room.unfit);
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
        if (this.#isCurrent(message)) this.#crew.fire(message.t0Ms);
        return;
      case 'drain':
        if (this.#isCurrent(message)) this.#crew.drain(message.windowCloseMs);
        return;
      case 'finish':
        if (this.#isCurrent(message)) this.#crew.finish(message.graceMs);
        return;
    }
  }

  /** What is said about a cell that was given up meanwhile is late and means nothing. */
  #isCurrent({ cell, attempt }: CellReference): boolean {
    return this.#cell?.cell === cell && this.#cell.attempt === attempt;
  }

  #sayHello(nonce: string): void {
    const { campaign, pilot, site, secret } = this.#join;
    const { slots, host } = this.#room;
    const proof = proveSecret(secret, nonce, pilot);
    this.#link?.send({
      type: 'hello',
      v: PROTOCOL_VERSION,
      campaign,
      pilot,
      site,
      slots,
      proof,
      host,
    });
  }

  #try({ id, scenario, target, credential, labelled }: Extract<CoordinatorMessage, { type: 'try' }>): void {
    const labels = labelled ? { campaign: this.#join.campaign, cell: 'try', attempt: 1 } : null;
    const connections = createConnectionCounts();
    const { pilot, sourceAddresses } = this.#join;
    const context = { target, labels, client: pilot, credential, sourceAddresses, connections };
    tryOperation(this.#clock, scenario, context, this.#leaving.signal).then(
      (tried) => this.#link?.send({ type: 'tried', epoch: this.#epoch, id, ...tried }),
      (bug: unknown) => this.#fail('GT_PILOT_FAILED', String(bug)),
    );
  }

  #prepare(plan: CellPlan): void {
    this.#cancelIdle();
    this.#log.info({ cell: plan.cell, attempt: plan.attempt, clients: plan.clients }, 'preparing');
    this.#cell = { cell: plan.cell, attempt: plan.attempt };
    const { campaign, sourceAddresses } = this.#join;
    try {
      this.#crew.prepare({ campaign, sourceAddresses }, { ...plan, scenario: checkScenario(plan.scenario) });
    } catch (unfit) {
      this.#fail('GT_PILOT_FAILED', messageOf(unfit));
    }
  }

  #standDown(): void {
    this.#crew.standDown();
    this.#cell = null;
    this.#rest();
  }

  /** Tells how far the cell has come. */
  #tell(step: { type: 'prepared'; failures: Record<string, number> } | { type: 'drained' }): void {
    if (this.#cell !== null) this.#link?.send({ ...step, epoch: this.#epoch, ...this.#cell });
  }

  #sendRows(thread: number, { cell, attempt, gauges, block }: RowsReport & CellReference): void {
    const header = {
      v: PROTOCOL_VERSION,
      campaign: this.#join.campaign,
      cell,
      attempt,
      epoch: this.#epoch,
      sequence: this.#frameSequence,
      thread,
      threads: this.#crew.threads,
      firstSample: gauges.firstSample,
      samples: gauges.samples,
    } as const;
    this.#frameSequence += 1;
    this.#link?.sendBytes(encodeRowsFrame(header, gauges.integrals, block));
  }

  #endCell(rowsSent: number, health: PilotHealth, connections: ConnectionCounts): void {
    const cell = this.#cell;
    if (cell === null) return;
    this.#cell = null;
    this.#log.info({ ...cell, rows: rowsSent, ...health }, 'cell done');
    this.#link?.send({ type: 'cell-done', epoch: this.#epoch, ...cell, rowsSent, health, connections });
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

  /** The coordinator must not count on us any more: a bug on this side, or unfit. */
  #fail(code: 'GT_PILOT_FAILED' | 'GT_PILOT_UNFIT', message: string): void {
    this.#log.error({ code, message }, 'failed');
    this.#link?.send({ type: 'failed', epoch: this.#epoch, code, message });
    this.#leaveReason = message;
    this.#link?.close();
  }

  async #leave(reason: string): Promise<void> {
    this.#log.info({ reason }, 'leaving');
    this.#leaving.abort();
    this.#stopHeartbeat();
    this.#cancelIdle();
    this.#cell = null;
    await this.#crew.leave();
    this.#left(reason);
  }
}
