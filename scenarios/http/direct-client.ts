/**
 * Operations directly over net and tls: the transport of least cost. The request's bytes are made once, those of all
 * answers come into one buffer, and what is unusual about an answer is left to undici, for this answer and all that follow.
 *
 * | connection | on | next |
 * | --- | --- | --- |
 * | none | ask, open | dialling |
 * | dialling | it is ready | standing; the request leaves |
 * | dialling | it failed, or is given up | none |
 * | standing | a plain answer is whole | standing; none if it can't be used again |
 * | standing | an unusual answer | foreign: undici reads on |
 * | standing | it ends, is given up, or brings what nobody asked for | none |
 * | foreign | the answer is whole or has failed, or is given up | none, and this client is of no more use |
 */

import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers';
import { monotonicNowMs } from '../../foundation/clock.ts';
import type { Outcome } from '../../foundation/outcome.ts';
import type { ClientContext, Exchange } from '../scenario.ts';
import { AnswerFraming, type AnswerSink, createHeadMemory, skipEmptyLines } from './answer-framing.ts';
import { type ConnectionListener, dial, hostHeaderOf } from './connect.ts';
import { outcomeOfFailure } from './failure.ts';
import { type ForeignAnswer, readForeignAnswer } from './foreign-answer.ts';
import { hangUp } from './hang-up.ts';
import { type HttpClient, type HttpClientOptions, LARGEST_ANSWER_BYTES } from './http-client.ts';
import { type Carrier, HttpOperation } from './operation.ts';
import { RequestBytes } from './request-bytes.ts';

/** A connection whose server announced (Keep-Alive: timeout) that it will close it is left this long before that. */
const LEAVE_BEFORE_ANNOUNCED_CLOSE_MS = 500;

/** Of all connections of this thread: each takes what it has read out of it before the next one reads. */
const RECEIVED = Buffer.allocUnsafeSlow(64 * 1024);
/** An answer to HEAD has no body whatever its head says. */
const HEADS = { ofHead: createHeadMemory(), ofOthers: createHeadMemory() };

export class DirectClient implements HttpClient, Carrier, AnswerSink {
  readonly #request: HttpClientOptions['request'];
  readonly #operation: HttpOperation;
  readonly #bytes: RequestBytes;
  readonly #framing: AnswerFraming;
  readonly #context: ClientContext;
  readonly #gaveUp: () => void;
  /** The connection that is being opened or stands. */
  #socket: Socket | null = null;
  #isStanding = false;
  /** It can't carry another request. */
  #isSpent = false;
  #leaveAtMs = Number.POSITIVE_INFINITY;
  /** An answer is just being taken: a request that follows it at once finds the connection as it was. */
  #isAnswering = false;
  #foreign: ForeignAnswer | null = null;
  #bodyBytes = 0;
  /** Set while `open` waits. */
  #opened: ((outcome: Outcome) => void) | null = null;

  /** @param gaveUp an unusual answer came: all operations after the one under way are another client's */
  constructor({ context, request, reader }: HttpClientOptions, gaveUp: () => void) {
    this.#request = request;
    this.#gaveUp = gaveUp;
    this.#operation = new HttpOperation(context, reader, this);
    this.#bytes = new RequestBytes(request, hostHeaderOf(context.target));
    const isHead = request.method === 'HEAD';
    this.#framing = new AnswerFraming(isHead ? HEADS.ofHead : HEADS.ofOthers, isHead, this);
    this.#context = context;
  }

  open(): Promise<Outcome> {
    if (this.#context.target.connection.perOperation) return Promise.resolve('ok');
    this.#operation.opening();
    return new Promise((resolve) => {
      this.#opened = (outcome) => {
        this.#opened = null;
        this.#operation.rest();
        resolve(outcome);
      };
      this.#connect();
    });
  }

  perform(exchange: Exchange, ended: () => void, started?: () => void): void {
    this.#operation.begin(exchange, ended, started);
    this.ask();
  }

  wake(nowMs: number): void {
    this.#operation.wake(nowMs);
  }

  abort(outcome: Outcome): void {
    this.#operation.abort(outcome);
  }

  close(): void {
    if (this.#isStanding) this.#hangUp();
    this.#drop();
    this.#opened?.('cut');
  }

  ask(): void {
    if (this.#isSpent || (this.#isStanding && monotonicNowMs() >= this.#leaveAtMs)) this.#drop();
    if (!this.#isStanding) this.#connect();
    else if (this.#isAnswering) this.#send();
    else setImmediate(() => this.#sendIfStanding());
  }

  abandon(): void {
    const wasFailing = this.#socket === null && this.#foreign === null;
    this.#drop();
    // Else the failure is on its way already.
    if (!wasFailing) this.#fail('cut');
  }

  ended(): void {
    if (this.#context.target.connection.perOperation || this.#isSpent) this.#hangUp();
  }

  head(status: number): void {
    this.#operation.head(status);
  }

  body(chunk: Buffer, start: number, end: number): void {
    this.#bodyBytes += end - start;
    if (this.#bodyBytes <= LARGEST_ANSWER_BYTES) this.#operation.body(chunk, start, end);
  }

  /** After a rest: its end, or bytes that nobody asked for, may have come and not have been read yet. They have been by now. */
  #sendIfStanding(): void {
    if (this.#operation.phase !== 'queued' || this.#operation.verdict !== null) return;
    if (this.#isStanding) this.#send();
    else this.#connect();
  }

  #send(): void {
    this.#framing.begin();
    this.#bodyBytes = 0;
    const bytes = this.#bytes.current();
    const { bodyApart } = this.#bytes;
    const socket = this.#socket as Socket;
    this.#operation.asking();
    if (bodyApart === null) socket.write(bytes);
    else {
      socket.cork(); // both in one go
      socket.write(bytes);
      socket.write(bodyApart);
      socket.uncork();
    }
    if (socket.writableLength > 0) this.#bytes.leave();
  }

  #connect(): void {
    const operation = this.#operation;
    this.#isSpent = false;
    this.#leaveAtMs = Number.POSITIVE_INFINITY;
    let mine: Socket | null = null;
    const listener: ConnectionListener = {
      created: (socket) => {
        mine = socket;
        this.#socket = socket;
      },
      connecting: () => operation.connecting(),
      connected: () => operation.connected(),
      secured: () => operation.secured(),
      ready: (socket) => {
        if (this.#socket !== socket) return;
        this.#stand(socket);
        operation.ready();
        if (this.#opened === null) this.#send();
        else this.#opened('ok');
      },
      failed: (error) => {
        if (this.#socket !== mine) return;
        this.#socket = null;
        this.#failWith(error);
      },
    };
    dial(this.#context, listener, {
      buffer: RECEIVED,
      callback: (bytes, buffer) => this.#received(bytes, buffer as Buffer),
    });
  }

  #stand(socket: Socket): void {
    this.#isStanding = true;
    // One listener for all: of thousands of connections that wait, each closure counts.
    const ended = (error?: Error | boolean): void => {
      if (this.#socket === socket) this.#connectionEnded(error instanceof Error ? error : null);
    };
    socket.on('error', ended).on('end', ended).on('close', ended);
  }

  /** Bytes of the connection that stands; one that was dropped brings none. */
  #received(bytes: number, buffer: Buffer): boolean {
    const operation = this.#operation;
    if (this.#foreign !== null) {
      this.#foreign.feed(Buffer.from(buffer.subarray(0, bytes)));
      return true;
    }
    if (operation.phase !== 'answering' && operation.phase !== 'reading') {
      if (skipEmptyLines(buffer, 0, bytes) < bytes) this.#drop(); // nobody has asked
      return true;
    }
    operation.answering();
    const result = this.#framing.feed(buffer, 0, bytes);
    if (this.#bodyBytes > LARGEST_ANSWER_BYTES || result === 'malformed') {
      this.#drop();
      this.#fail('malformed');
    } else if (result === 'whole') this.#answered();
    else if (result === 'unusual') this.#leaveToUndici();
    return true;
  }

  #answered(): void {
    const { head, leftoverBytes } = this.#framing;
    if (head?.keepsConnection !== true || leftoverBytes > 0) this.#isSpent = true;
    else if (head.keepsForMs === Number.POSITIVE_INFINITY) this.#leaveAtMs = Number.POSITIVE_INFINITY;
    else this.#leaveAtMs = monotonicNowMs() + head.keepsForMs - LEAVE_BEFORE_ANNOUNCED_CLOSE_MS;
    this.#isAnswering = true;
    this.#operation.answered();
    this.#isAnswering = false;
  }

  #leaveToUndici(): void {
    const operation = this.#operation;
    this.#gaveUp();
    const isHeadRead = operation.phase === 'reading';
    this.#foreign = readForeignAnswer(this.#request.method, this.#framing.unread as Buffer, {
      head: (status) => {
        if (!isHeadRead) operation.head(status);
      },
      body: (chunk) => operation.body(chunk, 0, chunk.length),
      whole: () => {
        this.#isSpent = true;
        operation.answered();
        if (operation.phase !== 'idle') return; // it goes on, on a new connection
        this.#drop();
      },
      failed: (error) => {
        if (this.#foreign === null) return;
        this.#drop();
        this.#failWith(error);
      },
    });
  }

  #connectionEnded(error: Error | null): void {
    const { phase } = this.#operation;
    const isUnderWay = phase === 'answering' || phase === 'reading';
    if (this.#foreign !== null) return this.#foreign.end(error);
    if (isUnderWay && error === null && this.#framing.endsWithConnection()) {
      this.#isSpent = true;
      return this.#operation.answered();
    }
    this.#drop();
    if (!isUnderWay) return;
    if (error === null) this.#fail('reset');
    else this.#failWith(error);
  }

  #failWith(error: Error): void {
    const outcome = this.#operation.verdict ?? outcomeOfFailure(error, this.#operation.phase);
    if (outcome === null) throw error;
    this.#fail(outcome);
  }

  /** Later: Node may tell of a failure without a turn of the event loop, and a client that goes on at once would stop all others. */
  #fail(outcome: Outcome): void {
    const atMs = monotonicNowMs();
    setImmediate(() => {
      if (this.#opened === null) this.#operation.fail(outcome, atMs);
      else this.#opened(this.#operation.verdict ?? outcome);
    });
  }

  /** As the target's connections are to end, and without waiting for the other side. */
  #hangUp(): void {
    const socket = this.#socket;
    this.#forgetSocket();
    if (socket !== null) hangUp(socket);
  }

  #drop(): void {
    const socket = this.#socket;
    const foreign = this.#foreign;
    this.#forgetSocket();
    this.#foreign = null;
    socket?.destroy();
    foreign?.close();
  }

  #forgetSocket(): void {
    // What it has to say from now on is nobody's concern, but an error without a listener would end the process.
    this.#socket?.on('error', () => {});
    this.#socket = null;
    this.#isStanding = false;
    this.#isSpent = false;
  }
}
