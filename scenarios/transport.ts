/**
 * The HTTP operations of one client: timed, classified, never retried, never redirected.
 *
 * | phase | on | next |
 * | --- | --- | --- |
 * | idle | perform, open | queued |
 * | queued | undici connects | connecting |
 * | queued | undici sends on the connection it has | answering |
 * | connecting | the connection stands | queued (undici sends, or `open` is done); securing with TLS |
 * | securing | the handshake is complete | queued |
 * | answering | head of the answer | reading |
 * | reading | last byte of an answer that ends the operation | idle |
 * | reading | last byte of an answer after which to ask again | waiting |
 * | waiting | the time has come | queued |
 * | any | network error, deadline, abort | idle |
 *
 * An operation has one answer timeout, from its first request to the last byte of its last answer.
 */

import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers';
import { Client, type Dispatcher } from 'undici';
import { monotonicNowMs } from '../foundation/clock.ts';
import type { Outcome } from '../foundation/outcome.ts';
import { DEFAULT_PORTS, createConnector } from './connect.ts';
import { type Phase, outcomeOfFailure, outcomeOfTimeout } from './failure.ts';
import { openConnection } from './preconnect.ts';
import type { ClientContext, Exchange, ResolvedTarget } from './scenario.ts';

/** An answer with a larger body is malformed. */
export const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/** The longest delay that a Node timer keeps; undici's own idle limit is to be none. */
const NO_IDLE_LIMIT_MS = 2 ** 31 - 1;
/** A connection whose server announced (Keep-Alive: timeout) that it will close it is left this long before that. */
const LEAVE_BEFORE_ANNOUNCED_CLOSE_MS = 500;

/** Reads one answer after the other and decides their outcomes; what it throws is a bug. */
export type AnswerReader = {
  /** The head of an answer came. */
  begin(status: number): void;
  write(chunk: Buffer): void;
  /** The answer is whole: how the operation ended, or when to ask again; the request then says what. */
  end(): Outcome | AskAgain;
};

/** The operation goes on: its next request leaves after this long. */
export type AskAgain = { askAgainInMs: number };

export type HttpClientOptions = {
  context: ClientContext;
  /** The request, sent again and again; between two of them its owner may change the body and values of `headers`. */
  request: { method: 'GET' | 'POST'; path: string; headers: string[]; body: Buffer | null };
  reader: AnswerReader;
};

/** The part of a ScenarioClient that HTTP scenarios share. */
export type HttpClient = {
  open(): Promise<Outcome>;
  perform(exchange: Exchange, ended: () => void, started?: () => void): void;
  enforceDeadline(nowMs: number): void;
  abort(outcome: Outcome): void;
  close(): void;
};

export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new UndiciClient(options);
}

/** The reason that undici gets when we end an operation; the outcome is kept apart. */
const ENDED_BY_US = Object.assign(new Error('ended by us'), { code: 'ENDED_BY_US' });

/** It is undici's handler itself, so that an operation makes no handler object. */
class UndiciClient implements HttpClient, Dispatcher.DispatchHandler {
  readonly #target: ResolvedTarget;
  readonly #request: HttpClientOptions['request'];
  readonly #reader: AnswerReader;
  readonly #connector: ReturnType<typeof createConnector>;
  #dispatcher: Client | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  /** Until it is ready it is ours alone, afterwards undici's. */
  #socket: Socket | null = null;
  #isReady = false;
  #phase: Phase = 'idle';
  #deadlineMs = Number.POSITIVE_INFINITY;
  /** When the operation's last answer is due; Infinity: it has not asked yet. */
  #answerDueMs = Number.POSITIVE_INFINITY;
  #askAgainAtMs = 0;
  /** Why we ended the operation; null: we did not. */
  #verdict: Outcome | null = null;
  #exchange: Exchange | null = null;
  #ended: () => void = () => {};
  #started: (() => void) | undefined;
  #isDispatching = false;

  constructor({ context, request, reader }: HttpClientOptions) {
    this.#target = context.target;
    this.#request = request;
    this.#reader = reader;
    this.#connector = createConnector(context, {
      created: (socket) => {
        this.#socket = socket;
        this.#isReady = false;
      },
      connecting: () => this.#connecting(),
      connected: () => this.#connected(),
      secured: () => this.#secured(),
      ready: () => this.#ready(),
    });
  }

  async open(): Promise<Outcome> {
    if (this.#target.connection.perOperation) return 'ok';
    this.#verdict = null;
    this.#phase = 'queued';
    const error = await openConnection(this.#useDispatcher(), this.#request);
    const outcome = error === null ? 'ok' : (this.#verdict ?? outcomeOfFailure(error, this.#phase));
    this.#rest();
    if (outcome === null) throw error as Error;
    return outcome;
  }

  perform(exchange: Exchange, ended: () => void, started?: () => void): void {
    exchange.startedAtMs = Number.NaN;
    exchange.connectedAtMs = Number.NaN;
    exchange.securedAtMs = Number.NaN;
    exchange.firstByteAtMs = Number.NaN;
    exchange.endedAtMs = Number.NaN;
    exchange.answerBytes = 0;
    exchange.polls = 0;
    exchange.pages = 0;
    this.#exchange = exchange;
    this.#ended = ended;
    this.#started = started;
    this.#verdict = null;
    this.#dispatch();
  }

  enforceDeadline(nowMs: number): void {
    if (nowMs >= this.#deadlineMs) this.abort(outcomeOfTimeout(this.#phase));
    else if (this.#phase === 'waiting' && nowMs >= this.#askAgainAtMs) this.#dispatch();
  }

  abort(outcome: Outcome): void {
    if (this.#phase === 'idle') return;
    this.#verdict = outcome;
    if (this.#phase === 'waiting') this.#finish(outcome, monotonicNowMs());
    else if (this.#controller === null) this.close();
    else this.#controller.abort(ENDED_BY_US);
  }

  close(): void {
    const dispatcher = this.#dispatcher;
    const socket = this.#isReady ? null : this.#socket;
    this.#dispatcher = null;
    this.#socket = null;
    socket?.destroy();
    // Last: it ends the operation under way, whose owner may begin the next one, with a dispatcher and a socket of its own.
    dispatcher?.destroy(ENDED_BY_US, () => {});
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const nowMs = monotonicNowMs();
    this.#controller = controller;
    this.#phase = 'answering';
    if (this.#answerDueMs === Number.POSITIVE_INFINITY) this.#answerDueMs = nowMs + this.#target.timeoutsMs.answer;
    this.#deadlineMs = this.#answerDueMs;
    if (this.#exchange !== null && Number.isNaN(this.#exchange.startedAtMs)) this.#begin(this.#exchange, nowMs);
  }

  onResponseStarted(): void {
    if (this.#exchange !== null && Number.isNaN(this.#exchange.firstByteAtMs))
      this.#exchange.firstByteAtMs = monotonicNowMs();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#phase = 'reading';
    guard(() => this.#reader.begin(status));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#exchange !== null) this.#exchange.answerBytes += chunk.length;
    guard(() => this.#reader.write(chunk));
  }

  onResponseEnd(): void {
    const nowMs = monotonicNowMs();
    guard(() => {
      const end = this.#reader.end();
      if (typeof end === 'string') this.#finish(end, nowMs);
      else this.#wait(nowMs + end.askAgainInMs);
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const nowMs = monotonicNowMs();
    const outcome = this.#verdict ?? outcomeOfFailure(error, this.#phase);
    if (outcome === null) return crash(error);
    if (this.#verdict !== null || this.#controller !== null) return guard(() => this.#finish(outcome, nowMs));
    // There is no connection. Later: undici is still clearing up, and Node may tell of this without a turn of the event loop,
    // so that a client that goes on at once would keep everything else from running.
    setImmediate(() => this.#goOnWithoutConnection(outcome));
  }

  #goOnWithoutConnection(outcome: Outcome): void {
    // The kept connection broke before anything had left on it: a new one is opened.
    if (this.#verdict === null && Number.isNaN(this.#exchange?.startedAtMs)) this.#dispatch();
    else guard(() => this.#finish(this.#verdict ?? outcome, monotonicNowMs()));
  }

  #dispatch(): void {
    this.#phase = 'queued';
    this.#controller = null;
    this.#isDispatching = true;
    this.#useDispatcher().dispatch(this.#request, this);
    this.#isDispatching = false;
  }

  /** The sweep that enforces the deadlines asks again: no timer. */
  #wait(untilMs: number): void {
    this.#phase = 'waiting';
    this.#controller = null;
    this.#askAgainAtMs = untilMs;
    if (untilMs <= monotonicNowMs()) this.#dispatch();
  }

  /** An operation that needs a second connection started with its first. */
  #connecting(): void {
    const nowMs = monotonicNowMs();
    this.#phase = 'connecting';
    this.#deadlineMs = Math.min(nowMs + this.#target.timeoutsMs.connect, this.#answerDueMs);
    if (this.#exchange !== null && Number.isNaN(this.#exchange.startedAtMs)) this.#begin(this.#exchange, nowMs);
  }

  #connected(): void {
    const nowMs = monotonicNowMs();
    if (this.#exchange !== null && Number.isNaN(this.#exchange.connectedAtMs)) this.#exchange.connectedAtMs = nowMs;
    if (this.#target.security === null) return;
    this.#phase = 'securing';
    this.#deadlineMs = Math.min(nowMs + this.#target.timeoutsMs.handshake, this.#answerDueMs);
  }

  #secured(): void {
    if (this.#exchange !== null && Number.isNaN(this.#exchange.securedAtMs))
      this.#exchange.securedAtMs = monotonicNowMs();
  }

  #ready(): void {
    this.#isReady = true;
    this.#phase = 'queued';
    this.#deadlineMs = this.#answerDueMs;
  }

  #begin(exchange: Exchange, nowMs: number): void {
    exchange.startedAtMs = nowMs;
    this.#started?.();
  }

  #finish(outcome: Outcome, nowMs: number): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    exchange.endedAtMs = nowMs;
    exchange.outcome = outcome;
    this.#exchange = null;
    this.#rest();
    if (this.#target.connection.perOperation) this.#hangUp();
    if (this.#isDispatching) queueMicrotask(this.#ended);
    else this.#ended();
  }

  #rest(): void {
    this.#phase = 'idle';
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#answerDueMs = Number.POSITIVE_INFINITY;
    this.#controller = null;
  }

  /** Politely (with TLS: close_notify), and without waiting for the other side. undici connects anew for the next operation. */
  #hangUp(): void {
    this.#socket?.end();
    this.#socket?.destroy();
    this.#socket = null;
  }

  #useDispatcher(): Client {
    this.#dispatcher ??= new Client(originForUndici(this.#target), {
      connect: this.#connector,
      allowH2: false,
      pipelining: 1,
      // All deadlines are enforced by one sweep over the clients, not by a timer each.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: NO_IDLE_LIMIT_MS,
      keepAliveMaxTimeout: NO_IDLE_LIMIT_MS,
      keepAliveTimeoutThreshold: LEAVE_BEFORE_ANNOUNCED_CLOSE_MS,
      maxResponseSize: LARGEST_ANSWER_BYTES,
    });
    return this.#dispatcher;
  }
}

/** undici knows http and https alone; the connector makes the difference. */
function originForUndici({ origin, security }: ResolvedTarget): string {
  if (security === null) return origin;
  const { hostname, port, protocol } = new URL(origin);
  return `https://${hostname}:${port || DEFAULT_PORTS[protocol]}`;
}

/** undici turns what a handler throws into an error of the request; here it is a bug and ends the process. */
function guard(step: () => void): void {
  try {
    step();
  } catch (bug) {
    crash(bug);
  }
}

function crash(bug: unknown): void {
  queueMicrotask(() => {
    throw bug;
  });
}
