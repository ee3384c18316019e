/**
 * One client's HTTP operation: its phases, instants and deadlines, whichever transport carries it.
 *
 * | phase | on | next |
 * | --- | --- | --- |
 * | idle | begin (an operation), opening (a connection alone) | queued |
 * | queued | connect() is called | connecting |
 * | queued | the request leaves on the connection that stands | answering |
 * | connecting | the connection stands | queued; securing with TLS |
 * | securing | the handshake is complete | queued |
 * | answering | head of the answer | reading |
 * | reading | last byte of an answer that ends the operation | idle |
 * | reading | last byte of an answer after which to ask again | waiting |
 * | waiting | the time has come | queued |
 * | any | network error, deadline, abort | idle |
 *
 * An operation has one answer timeout, from its first request to the last byte of its last answer.
 */

import { monotonicNowMs } from '../../foundation/clock.ts';
import type { Outcome } from '../../foundation/outcome.ts';
import type { ClientContext, Exchange, ResolvedTarget } from '../scenario.ts';
import { type Phase, outcomeOfTimeout } from './failure.ts';
import type { AnswerReader } from './http-client.ts';

/** What carries the operation's bytes. */
export type Carrier = {
  /** The next request is to leave, on the connection that stands or on a new one. */
  ask(): void;
  /** What is under way is to be given up: `fail` follows, at once or later. */
  abandon(): void;
  /** The operation has ended; its owner hears of it next. */
  ended(): void;
};

export class HttpOperation {
  readonly #target: ResolvedTarget;
  readonly #reader: AnswerReader;
  readonly #wakeAt: (atMs: number) => void;
  readonly #carrier: Carrier;
  phase: Phase = 'idle';
  /** Why we ended the operation; null: we did not. */
  verdict: Outcome | null = null;
  #exchange: Exchange | null = null;
  #ended: () => void = () => {};
  #started: (() => void) | undefined;
  #deadlineMs = Number.POSITIVE_INFINITY;
  /** When the operation's last answer is due; Infinity: it has not asked yet. */
  #answerDueMs = Number.POSITIVE_INFINITY;
  #askAgainAtMs = 0;

  constructor({ target, wakeAt }: ClientContext, reader: AnswerReader, carrier: Carrier) {
    this.#target = target;
    this.#wakeAt = wakeAt;
    this.#reader = reader;
    this.#carrier = carrier;
  }

  /** Nothing of it has left yet. */
  get isUnsent(): boolean {
    return this.#exchange !== null && Number.isNaN(this.#exchange.startedAtMs);
  }

  begin(exchange: Exchange, ended: () => void, started?: () => void): void {
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
    this.opening();
  }

  /** A connection is opened for later: there are deadlines, but no record. */
  opening(): void {
    this.verdict = null;
    this.phase = 'queued';
  }

  /** An operation that needs a second connection started with its first. */
  connecting(): void {
    const nowMs = monotonicNowMs();
    this.phase = 'connecting';
    this.#setDeadline(Math.min(nowMs + this.#target.timeoutsMs.connect, this.#answerDueMs));
    this.#start(nowMs);
  }

  connected(): void {
    const nowMs = monotonicNowMs();
    const exchange = this.#exchange;
    if (exchange !== null && Number.isNaN(exchange.connectedAtMs)) exchange.connectedAtMs = nowMs;
    if (this.#target.security === null) return;
    this.phase = 'securing';
    this.#setDeadline(Math.min(nowMs + this.#target.timeoutsMs.handshake, this.#answerDueMs));
  }

  secured(): void {
    const exchange = this.#exchange;
    if (exchange !== null && Number.isNaN(exchange.securedAtMs)) exchange.securedAtMs = monotonicNowMs();
  }

  /** The connection is ready for a request. */
  ready(): void {
    this.phase = 'queued';
    this.#setDeadline(this.#answerDueMs);
  }

  /** A request is leaving. */
  asking(): void {
    const nowMs = monotonicNowMs();
    this.phase = 'answering';
    if (this.#answerDueMs === Number.POSITIVE_INFINITY) this.#answerDueMs = nowMs + this.#target.timeoutsMs.answer;
    this.#setDeadline(this.#answerDueMs);
    this.#start(nowMs);
  }

  /** The first bytes of an answer are there. */
  answering(): void {
    const exchange = this.#exchange;
    if (exchange !== null && Number.isNaN(exchange.firstByteAtMs)) exchange.firstByteAtMs = monotonicNowMs();
  }

  head(status: number): void {
    this.phase = 'reading';
    this.#reader.begin(status);
  }

  body(chunk: Buffer, start: number, end: number): void {
    if (this.#exchange !== null) this.#exchange.answerBytes += end - start;
    this.#reader.write(chunk, start, end);
  }

  /** The answer is whole. */
  answered(): void {
    const nowMs = monotonicNowMs();
    const end = this.#reader.end();
    if (typeof end === 'string') this.#finish(end, nowMs);
    else this.#wait(nowMs + end.askAgainInMs, nowMs);
  }

  /** It has ended without a whole answer, at this instant or before. */
  fail(outcome: Outcome, atMs = monotonicNowMs()): void {
    this.#finish(this.verdict ?? outcome, atMs);
  }

  wake(nowMs: number): void {
    if (nowMs >= this.#deadlineMs) this.abort(outcomeOfTimeout(this.phase));
    else if (this.phase === 'waiting' && nowMs >= this.#askAgainAtMs) this.#ask();
  }

  abort(outcome: Outcome): void {
    if (this.phase === 'idle' || this.verdict !== null) return;
    this.verdict = outcome;
    if (this.phase === 'waiting') this.#finish(outcome, monotonicNowMs());
    else this.#carrier.abandon();
  }

  /** Nothing is under way any more. */
  rest(): void {
    this.phase = 'idle';
    this.#answerDueMs = Number.POSITIVE_INFINITY;
    this.#setDeadline(Number.POSITIVE_INFINITY);
  }

  #start(nowMs: number): void {
    const exchange = this.#exchange;
    if (exchange === null || !Number.isNaN(exchange.startedAtMs)) return;
    exchange.startedAtMs = nowMs;
    this.#started?.();
  }

  #setDeadline(atMs: number): void {
    this.#deadlineMs = atMs;
    this.#wakeAt(atMs);
  }

  #wait(untilMs: number, nowMs: number): void {
    this.phase = 'waiting';
    this.#askAgainAtMs = untilMs;
    if (untilMs <= nowMs) this.#ask();
    else this.#wakeAt(Math.min(untilMs, this.#deadlineMs));
  }

  #ask(): void {
    this.phase = 'queued';
    this.#setDeadline(this.#answerDueMs);
    this.#carrier.ask();
  }

  #finish(outcome: Outcome, nowMs: number): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    exchange.endedAtMs = nowMs;
    exchange.outcome = outcome;
    this.#exchange = null;
    this.rest();
    this.#carrier.ended();
    this.#ended();
  }
}
