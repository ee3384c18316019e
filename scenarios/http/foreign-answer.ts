/** Lets undici read one answer whose request has left, and whose first bytes have come, on a connection of somebody else. */

import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers';
import { isNoStatus } from './answer-head.ts';
import { type HttpMethod, LARGEST_ANSWER_BYTES } from './http-client.ts';
import { loadUndici } from './load-undici.ts';

export type ForeignAnswer = {
  /** More bytes have come. */
  feed(bytes: Buffer): void;
  /** The connection has ended: with an error, or null. */
  end(error: Error | null): void;
  /** The answer is of no interest any more. */
  close(): void;
};

export type ForeignAnswerSink = {
  head(status: number): void;
  body(chunk: Buffer): void;
  whole(): void;
  failed(error: Error): void;
};

/**
 * undici writes a request of the same method, which goes nowhere, and finds the bytes as the answer to it.
 *
 * @param bytes everything that has come, from the head on
 */
export function readForeignAnswer(method: HttpMethod, bytes: Buffer, sink: ForeignAnswerSink): ForeignAnswer {
  const pipe = new Duplex({ read() {}, write: (_chunk, _encoding, written) => written() });
  const { Client, errors } = loadUndici();
  const client = new Client('http://answer.invalid', {
    // Not at once: undici would not look at the request again.
    connect: (_options, connected) => queueMicrotask(() => connected(null, pipe as never)),
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: LARGEST_ANSWER_BYTES,
  });
  /** What has come before undici was ready for it; null: it is. */
  let early: (() => void)[] | null = [() => pipe.push(bytes)];
  let hasEnded = false;
  let isOver = false;
  const fail = (error: Error): void => {
    if (isOver) return;
    isOver = true;
    sink.failed(error);
  };
  const pass = (step: () => void): void => {
    if (early === null) step();
    else early.push(step);
  };
  client.dispatch(
    { method, path: '/' },
    {
      onRequestStart() {
        // Once the request is written: bytes before it would be an answer to nothing.
        setImmediate(() => {
          const steps = early ?? [];
          early = null;
          for (const step of steps) step();
        });
      },
      onResponseStart(controller, status) {
        if (isNoStatus(status)) controller.abort(new errors.SocketError('no status'));
        else if (status >= 200) sink.head(status);
      },
      onResponseData: (_controller, chunk) => sink.body(chunk),
      onResponseEnd() {
        isOver = true;
        sink.whole();
      },
      onResponseError: (_controller, error) => fail(error),
    },
  );
  return {
    feed: (more) => pass(() => pipe.push(more)),
    end(error) {
      if (hasEnded) return;
      hasEnded = true;
      // Errors are not for undici, which takes a reset for the end of an answer that lasts until the connection's end.
      pass(() => (error === null ? pipe.push(null) : setImmediate(() => fail(error))));
    },
    close() {
      client.destroy(() => {});
    },
  };
}
