/** Operations of one client, one at a time, with its deadlines enforced as the loop does. */

import { every, machineClock } from '../../../foundation/clock.ts';
import type { Outcome } from '../../../foundation/outcome.ts';
import { createConnectionCounts } from '../../../foundation/connection-counts.ts';
import { type ClientContext, type Exchange, type ResolvedTarget, createExchange } from '../../../scenarios/scenario.ts';
import { createHttpClient } from '../../../scenarios/http/create-http-client.ts';
import type { AnswerReader, HttpClient } from '../../../scenarios/http/http-client.ts';

const LOOK_EVERY_MS = 2;

/** Judges by the status alone and keeps the text. */
export function createTextReader(): AnswerReader & { text: string } {
  let status = 0;
  return {
    text: '',
    begin(came) {
      status = came;
      this.text = '';
    },
    write(chunk, start, end) {
      this.text += chunk.toString('latin1', start, end);
    },
    end: (): Outcome => (status === 200 ? 'ok' : `status/http-${status}`),
  };
}

/** A client without a name of its own; whatever `given` says. */
export function clientContext(target: ResolvedTarget, given: Partial<ClientContext> = {}): ClientContext {
  return {
    target,
    labels: null,
    client: 0,
    credential: null,
    sourceAddresses: [],
    connections: createConnectionCounts(),
    wakeAt: () => {},
    ...given,
  };
}

export function createPostClient(target: ResolvedTarget, reader: AnswerReader = createTextReader()): HttpClient {
  return createPostClientOf(clientContext(target), reader);
}

export function createPostClientOf(context: ClientContext, reader: AnswerReader = createTextReader()): HttpClient {
  const request = {
    method: 'POST' as const,
    path: context.target.path,
    headers: [],
    operation: null,
    body: Buffer.from('asked'),
  };
  return createHttpClient({ context, request, reader });
}

type Performer = Pick<HttpClient, 'wake'> & {
  perform(exchange: Exchange, ended: () => void, started: () => void): void;
};

/** Begins one operation; `meanwhile` gets hold of it. Rejects when `ended` comes synchronously or twice. */
export async function perform(
  client: Performer,
  meanwhile: (exchange: Exchange) => unknown = () => {},
): Promise<Exchange> {
  const exchange = createExchange();
  const stop = every(machineClock, LOOK_EVERY_MS, () => client.wake(machineClock.nowMs()));
  const calls = { started: 0, ended: 0 };
  try {
    await new Promise<void>((resolve) => {
      client.perform(
        exchange,
        () => {
          calls.ended += 1;
          resolve();
        },
        () => (calls.started += 1),
      );
      if (calls.ended > 0) throw new Error('the operation ended synchronously');
      meanwhile(exchange);
    });
    // Whatever is still on its way comes now.
    await new Promise(setImmediate);
    if (calls.ended > 1) throw new Error(`the operation ended ${calls.ended} times`);
    if (calls.started !== (Number.isNaN(exchange.startedAtMs) ? 0 : 1))
      throw new Error(`the operation began ${calls.started} times`);
  } finally {
    stop();
  }
  return exchange;
}

/** Runs one operation after the other, each begun within the end of the last one, as the loop does without pauses. */
export async function performAll(client: HttpClient, operations: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const exchange = createExchange();
  const stop = every(machineClock, LOOK_EVERY_MS, () => client.wake(machineClock.nowMs()));
  await new Promise<void>((resolve) => {
    const performNext = (): void =>
      client.perform(exchange, () => {
        outcomes.push(exchange.outcome);
        if (outcomes.length < operations) performNext();
        else resolve();
      });
    performNext();
  });
  stop();
  return outcomes;
}
