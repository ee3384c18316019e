/** Operations over undici, which reads whatever HTTP allows: the general transport. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers';
import type { Client, Dispatcher } from 'undici';
import type { Outcome } from '../../foundation/outcome.ts';
import type { ClientContext, Exchange, ResolvedTarget } from '../scenario.ts';
import { OPERATION_HEADER } from '../operation-header.ts';
import { isNoStatus, isOfFraming } from './answer-head.ts';
import { dial, httpOriginOf } from './connect.ts';
import { outcomeOfFailure } from './failure.ts';
import { hangUp } from './hang-up.ts';
import { type HttpClient, type HttpClientOptions, LARGEST_ANSWER_BYTES } from './http-client.ts';
import { loadUndici } from './load-undici.ts';
import { type Carrier, HttpOperation } from './operation.ts';
import { openConnection } from './preconnect.ts';

/** The longest delay that a Node timer keeps; undici's own idle limit is to be none. */
const NO_IDLE_LIMIT_MS = 2 ** 31 - 1;
/** A connection whose server announced (Keep-Alive: timeout) that it will close it is left this long before that. */
const LEAVE_BEFORE_ANNOUNCED_CLOSE_MS = 500;

/** The reason that undici gets when we end an operation; the outcome is kept apart. */
const ENDED_BY_US = Object.assign(new Error('ended by us'), { code: 'ENDED_BY_US' });

/**
 * What undici gets to hear of a connection that we hang up. Without an error it would take that for the end of an answer that
 * lasts until the connection's end; when its operation has just failed, that breaks an assertion.
 */
const HUNG_UP = Object.assign(new Error('hung up'), { code: 'UND_ERR_INFO' });

/** It is undici's handler itself, so that an operation makes no handler object. */
export class UndiciClient implements HttpClient, Carrier, Dispatcher.DispatchHandler {
  readonly #target: ResolvedTarget;
  readonly #request: HttpClientOptions['request'];
  readonly #operation: HttpOperation;
  readonly #context: ClientContext;
  #dispatcher: Client | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  /** Until it is ready it is ours alone, afterwards undici's. */
  #socket: Socket | null = null;
  #isReady = false;
  /** The socket has had an error since it was ready. */
  #hasBroken = false;
  #ended: () => void = () => {};
  #isDispatching = false;

  constructor({ context, request, reader }: HttpClientOptions) {
    this.#target = context.target;
    this.#request = request;
    this.#operation = new HttpOperation(context, reader, this);
    this.#context = context;
  }

  async open(): Promise<Outcome> {
    if (this.#target.connection.perOperation) return 'ok';
    const operation = this.#operation;
    operation.opening();
    const error = await openConnection(this.#useDispatcher(), this.#describeRequest());
    const outcome = error === null ? 'ok' : (operation.verdict ?? outcomeOfFailure(error, operation.phase));
    this.#controller = null;
    operation.rest();
    if (outcome === null) throw error as Error;
    return outcome;
  }

  perform(exchange: Exchange, ended: () => void, started?: () => void): void {
    this.#ended = ended;
    this.#operation.begin(exchange, this.#tell, started);
    this.ask();
  }

  wake(nowMs: number): void {
    this.#operation.wake(nowMs);
  }

  abort(outcome: Outcome): void {
    this.#operation.abort(outcome);
  }

  close(): void {
    const dispatcher = this.#dispatcher;
    const socket = this.#socket;
    this.#dispatcher = null;
    this.#socket = null;
    if (this.#isReady && this.#operation.phase === 'idle' && socket !== null) hangUp(socket, HUNG_UP);
    else if (!this.#isReady) socket?.destroy();
    // Last: it ends the operation under way, whose owner may begin the next one, with a dispatcher and a socket of its own.
    dispatcher?.destroy(ENDED_BY_US, () => {});
  }

  ask(): void {
    this.#controller = null;
    this.#isDispatching = true;
    this.#useDispatcher().dispatch(this.#describeRequest(), this);
    this.#isDispatching = false;
  }

  abandon(): void {
    if (this.#controller === null) this.close();
    else this.#controller.abort(ENDED_BY_US);
  }

  ended(): void {
    this.#controller = null;
    if (this.#target.connection.perOperation) this.#hangUp();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#operation.asking();
  }

  onResponseStarted(): void {
    this.#operation.answering();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (isNoStatus(status)) this.#operation.abort('malformed');
    else if (status >= 200) guard(() => this.#operation.head(status));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    guard(() => this.#operation.body(chunk, 0, chunk.length));
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    // undici keeps the connection whatever a trailer says, and its parser may then take the next answer for malformed.
    if (Object.keys(trailers).some(isOfFraming)) this.#hangUp();
    this.#controller = null;
    // undici takes a reset for the end of an answer that lasts until the connection's end.
    guard(() => (this.#hasBroken ? this.#operation.fail('reset') : this.#operation.answered()));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const operation = this.#operation;
    const outcome = operation.verdict ?? outcomeOfFailure(error, operation.phase);
    if (outcome === null) return crash(error);
    if (operation.verdict !== null || this.#controller !== null) return guard(() => operation.fail(outcome));
    // There is no connection. Later: undici is still clearing up, and Node may tell of this without a turn of the event loop,
    // so that a client that goes on at once would keep everything else from running.
    setImmediate(() => this.#goOnWithoutConnection(outcome));
  }

  /** The owner is never told within its own call. */
  readonly #tell = (): void => {
    if (this.#isDispatching) queueMicrotask(this.#ended);
    else this.#ended();
  };

  #goOnWithoutConnection(outcome: Outcome): void {
    const operation = this.#operation;
    // The kept connection broke before anything had left on it: a new one is opened.
    if (operation.verdict === null && operation.isUnsent) this.ask();
    else guard(() => operation.fail(outcome));
  }

  #describeRequest(): Dispatcher.DispatchOptions {
    const { method, path, headers, operation, body } = this.#request;
    const fields = operation === null ? [...headers] : [...headers, OPERATION_HEADER, operation];
    // undici would leave the connection after each HEAD, lest a server answers it with a body.
    return { method, path, headers: fields, body, ...(method === 'HEAD' ? { reset: false } : {}) };
  }

  /** undici connects anew for the next operation. */
  #hangUp(): void {
    if (this.#socket !== null) hangUp(this.#socket, HUNG_UP);
    this.#socket = null;
  }

  #useDispatcher(): Client {
    this.#dispatcher ??= new (loadUndici().Client)(httpOriginOf(this.#target), {
      connect: (_options, connected) => this.#connect(connected),
      allowH2: false,
      pipelining: 1,
      // All deadlines are enforced by the loop's timers, not by undici's.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: NO_IDLE_LIMIT_MS,
      keepAliveMaxTimeout: NO_IDLE_LIMIT_MS,
      keepAliveTimeoutThreshold: LEAVE_BEFORE_ANNOUNCED_CLOSE_MS,
      maxResponseSize: LARGEST_ANSWER_BYTES,
    });
    return this.#dispatcher;
  }

  #connect(connected: (...result: [null, Socket] | [Error, null]) => void): void {
    const operation = this.#operation;
    dial(this.#context, {
      created: (socket) => {
        this.#socket = socket;
        this.#isReady = false;
        this.#hasBroken = false;
      },
      connecting: () => operation.connecting(),
      connected: () => operation.connected(),
      secured: () => operation.secured(),
      ready: (socket) => {
        this.#isReady = true;
        socket.once('error', () => (this.#hasBroken ||= this.#socket === socket)); // before undici hears of it
        operation.ready();
        connected(null, socket);
      },
      failed: (error) => connected(error, null),
    });
  }
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
