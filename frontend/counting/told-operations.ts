/**
 * The operations whose client was told to ask again, by client: each does one operation at a time, so the first request of
 * another one says that its client has given up the last.
 */

import type { OperationName } from '../../scenarios/operation-header.ts';
import type { Operation } from './operation.ts';

/** More clients than can be told at once; of more, those told longest ago have left. */
const OPERATIONS_KEPT = 100_000;

export type ToldOperations = {
  /** `settle`: says that the answer was handed over, if that isn't known yet. An operation without a name is not kept. */
  put(operation: Operation, settle: () => void): void;
  /** The operation that the request goes on with, or null; one that its client has given up is abandoned. */
  take(name: OperationName): Operation | null;
  /** Forgets the operation, if it is there. */
  drop(operation: Operation): void;
  abandonAll(): void;
};

type Told = { operation: Operation; settle: () => void };

export function createToldOperations(): ToldOperations {
  const byClient = new Map<string, Told>();

  const abandon = (client: string, { operation, settle }: Told): void => {
    byClient.delete(client);
    settle();
    operation.abandoned();
  };

  return {
    put(operation, settle) {
      if (operation.name === null) return;
      byClient.set(clientOf(operation.name), { operation, settle });
      if (byClient.size > OPERATIONS_KEPT) abandon(...(byClient.entries().next().value as [string, Told]));
    },
    take(name) {
      if (byClient.size === 0) return null;
      const client = clientOf(name);
      const told = byClient.get(client);
      if (told === undefined) return null;
      if (name.step === 0 || told.operation.name?.sequence !== name.sequence) {
        abandon(client, told);
        return null;
      }
      byClient.delete(client);
      // The client has the answer, or it would not know to ask; the network may not have told us yet.
      told.settle();
      return told.operation;
    },
    drop({ name }) {
      if (name !== null && byClient.get(clientOf(name))?.operation.name === name) byClient.delete(clientOf(name));
    },
    abandonAll() {
      for (const [client, told] of byClient) abandon(client, told);
    },
  };
}

function clientOf({ campaign, cell, attempt, client }: OperationName): string {
  return `${campaign}/${cell}/${attempt}/${client}`;
}
