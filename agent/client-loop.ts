/**
 * The only send loop: every client of one thread, from its first operation to its last.
 *
 * | state of a client | on | next |
 * | --- | --- | --- |
 * | waiting | its due time comes | turning (it sends) |
 * | turning | the operation leaves | inFlight |
 * | inFlight | it ended ok, or failed and there is no pause | turning (the next one is sent) |
 * | inFlight | it failed | pausing |
 * | pausing | the pause is over | turning |
 * | any | finish, and nothing is under way | stopped |
 */

import { setImmediate } from 'node:timers';
import { type Cancel, type Clock, every } from '../foundation/clock.ts';
import { createRandom } from '../foundation/random.ts';
import type { TimerWheel } from '../foundation/timer-wheel.ts';
import { type Exchange, type ScenarioClient, createExchange } from '../scenarios/scenario.ts';
import type { ClientState, Gauges } from './gauges.ts';

/** Deadlines are enforced, pauses end and clients that are due start at most so much late. */
const TICK_EVERY_MS = 5;
/**
 * A timer may be a millisecond late: the loop sleeps until shortly before T0 and then watches the clock. No longer than that, since
 * pilots that watch take the cores from each other: 4 of them on 2 cores sent 2 ms later when each watched for 2.
 */
const WATCH_BEFORE_T0_MS = 1;
/** Pauses differ by up to this share either way, so that failed clients don't come back in step. */
const PAUSE_JITTER = 0.2;

export type LoopPlan = {
  /** Number of the first client of this thread within the cell. */
  firstClient: number;
  /** Clients of the whole cell. */
  level: number;
  startSpreadMs: number;
  afterFailure: { pauseMs: number; growToMs: number };
  seed: number;
};

export type LoopOptions = {
  clock: Clock;
  plan: LoopPlan;
  clients: readonly ScenarioClient[];
  /** A timer for each client; it is to call `wake`. */
  wheel: TimerWheel;
  gauges: Gauges;
  /** 0 for a clock that stands still between its timers: nothing could be watched on it. */
  watchBeforeT0Ms?: number;
  /** An operation has ended; `client` is its number within the cell. */
  record(client: number, sequence: number, exchange: Exchange): void;
};

export type ClientLoop = {
  /** Starts all clients at T0 (on this thread's clock), each at its due time; calls back once the first have been sent. */
  fire(t0Ms: number, started: () => void): void;
  /** Calls back once no operation that was under way at T0 + windowCloseMs is under way any more. */
  drain(windowCloseMs: number, drained: () => void): void;
  /** No new operations; what is under way may end within graceMs, the rest is cut. Calls back when all is over. */
  finish(graceMs: number, finished: () => void): void;
  /** The timer of the client at this place among the clients has gone off. */
  wake(index: number): void;
};

type Client = {
  readonly index: number;
  readonly scenario: ScenarioClient;
  readonly exchange: Exchange;
  /** Made once: an operation makes no closures. */
  readonly started: () => void;
  readonly ended: () => void;
  state: ClientState | null;
  sequence: number;
  /** When the operation under way left, ms since T0; NaN: none is. */
  startedMs: number;
  pauseMs: number;
};

export function createClientLoop(options: LoopOptions): ClientLoop {
  return new Loop(options);
}

class Loop implements ClientLoop {
  readonly #clock: Clock;
  readonly #plan: LoopPlan;
  readonly #gauges: Gauges;
  readonly #wheel: TimerWheel;
  readonly #record: LoopOptions['record'];
  readonly #watchBeforeT0Ms: number;
  readonly #clients: Client[];
  readonly #random: () => number;
  #t0Ms = 0;
  #waiting = 0;
  #isFinishing = false;
  #underWay = 0;
  #stopTicks: Cancel = () => {};
  /** Operations that were under way at the window's close and still are. */
  #drain: { closeMs: number; left: number; done: () => void } | null = null;
  #finished: (() => void) | null = null;
  #cancelCut: Cancel = () => {};

  constructor({ clock, plan, clients, wheel, gauges, record, watchBeforeT0Ms = WATCH_BEFORE_T0_MS }: LoopOptions) {
    this.#clock = clock;
    this.#wheel = wheel;
    this.#watchBeforeT0Ms = watchBeforeT0Ms;
    this.#plan = plan;
    this.#gauges = gauges;
    this.#record = record;
    // Each thread jitters in its own way, and the same way in every run.
    this.#random = createRandom(plan.seed * 1_000_003 + plan.firstClient);
    this.#clients = clients.map((scenario, index) => {
      const client: Client = {
        index,
        scenario,
        exchange: createExchange(),
        started: () => this.#started(client),
        ended: () => this.#ended(client),
        state: null,
        sequence: 0,
        startedMs: Number.NaN,
        pauseMs: 0,
      };
      return client;
    });
  }

  fire(t0Ms: number, started: () => void): void {
    this.#t0Ms = t0Ms;
    this.#clock.after(t0Ms - this.#clock.nowMs() - this.#watchBeforeT0Ms, () => {
      if (this.#isFinishing) return;
      while (this.#clock.nowMs() < t0Ms) {
        // Watching the clock for at most a millisecond: a timer could be a whole one late.
      }
      this.#startDue();
      started();
      this.#stopTicks = every(this.#clock, TICK_EVERY_MS, () => {
        this.#startDue();
        this.#wheel.advance(this.#clock.nowMs());
      });
    });
  }

  drain(closeMs: number, done: () => void): void {
    const untilCloseMs = closeMs - this.#now();
    if (untilCloseMs > 0) {
      // Told ahead of time, or by a clock that is ahead: what will be under way then is not known yet.
      this.#clock.after(untilCloseMs, () => this.drain(closeMs, done));
      return;
    }
    const left = this.#clients.filter(({ startedMs }) => startedMs <= closeMs).length;
    this.#drain = { closeMs, left, done };
    this.#checkDrained();
  }

  finish(graceMs: number, finished: () => void): void {
    this.#isFinishing = true;
    this.#finished = finished;
    if (this.#underWay > 0) this.#cancelCut = this.#clock.after(graceMs, () => this.#cut());
    this.#checkFinished();
  }

  wake(index: number): void {
    const client = this.#clients[index] as Client;
    if (client.state !== 'pausing') client.scenario.wake(this.#clock.nowMs());
    else if (!this.#isFinishing) this.#send(client);
  }

  #now(): number {
    return this.#clock.nowMs() - this.#t0Ms;
  }

  /** Clients are due in the order of their numbers. */
  #startDue(): void {
    const { firstClient, startSpreadMs, level } = this.#plan;
    const nowMs = this.#now();
    while (this.#waiting < this.#clients.length) {
      const dueMs = (startSpreadMs * (firstClient + this.#waiting)) / level;
      if (dueMs > nowMs || this.#isFinishing) return;
      this.#send(this.#clients[this.#waiting++] as Client);
    }
  }

  #send(client: Client): void {
    this.#underWay += 1;
    this.#move(client, 'turning', this.#now());
    client.scenario.perform(client.sequence, client.exchange, client.ended, client.started);
  }

  #started(client: Client): void {
    client.startedMs = client.exchange.startedAtMs - this.#t0Ms;
    this.#move(client, 'inFlight', client.startedMs);
  }

  #ended(client: Client): void {
    this.#underWay -= 1;
    const { exchange } = client;
    const endedMs = exchange.endedAtMs - this.#t0Ms;
    if (this.#drain !== null && client.startedMs <= this.#drain.closeMs) this.#drain.left -= 1;
    client.startedMs = Number.NaN;
    // Cut before it left: the service never saw it, it is no row.
    if (!Number.isNaN(exchange.startedAtMs)) {
      this.#record(this.#plan.firstClient + client.index, client.sequence, exchange);
      client.sequence += 1;
    }
    this.#checkDrained();
    if (this.#isFinishing) {
      this.#move(client, null, endedMs);
      this.#checkFinished();
      return;
    }
    if (exchange.outcome === 'ok') client.pauseMs = 0;
    else if (this.#plan.afterFailure.pauseMs > 0) return this.#pause(client, endedMs);
    this.#move(client, 'turning', endedMs);
    this.#send(client);
  }

  #pause(client: Client, endedMs: number): void {
    const { pauseMs, growToMs } = this.#plan.afterFailure;
    client.pauseMs = client.pauseMs === 0 ? pauseMs : Math.min(Math.max(growToMs, pauseMs), client.pauseMs * 2);
    const jitter = 1 + PAUSE_JITTER * (2 * this.#random() - 1);
    this.#wheel.set(client.index, this.#t0Ms + endedMs + client.pauseMs * jitter);
    this.#move(client, 'pausing', endedMs);
  }

  #move(client: Client, to: ClientState | null, nowMs: number): void {
    if (client.state === to) return;
    this.#gauges.move(nowMs, client.state, to);
    client.state = to;
  }

  #checkDrained(): void {
    const drain = this.#drain;
    if (drain === null || drain.left > 0) return;
    this.#drain = null;
    drain.done();
  }

  #cut(): void {
    for (const client of this.#clients) client.scenario.abort('cut');
  }

  #checkFinished(): void {
    if (this.#underWay > 0 || this.#finished === null) return;
    const finished = this.#finished;
    this.#finished = null;
    this.#cancelCut();
    this.#stopTicks();
    // Not from within the last operation's own callback: its client is about to be closed.
    setImmediate(() => {
      for (const client of this.#clients) client.scenario.close();
      finished();
    });
  }
}
