/** An SRM service that fails in a way of its choice in cells of a level and is sound otherwise, in a process of its own. */

import type { ExecutionContext } from 'ava';
import { request } from 'undici';
import type { OperationName } from '../../scenarios/operation-header.ts';
import { startServiceProcess } from './service-process.ts';

export type Fault =
  /** Closes its listener and all connections, and listens again a while later. */
  | 'refuse'
  /** Takes the request and says nothing. */
  | 'hang'
  /** From then on, to everybody. */
  | 'hang-for-good'
  | 'reset'
  /** The head of an answer with its length, half of the body, and the end of the connection. */
  | 'half'
  | 'not-http'
  | 'not-xml'
  | 'http-503'
  | 'soap-fault'
  /** A whole listing without its last entry. */
  | 'one-entry-less';

export type FaultyServiceOptions = {
  /** Entries of the directory in every sound answer. */
  entries: number;
  /** By level, which is part of a cell's id; 0: everything that belongs to no cell. */
  faults: Partial<Record<number, Fault>>;
};

export type FaultyService = {
  url: string;
  /** The labelled operations that came, in order of arrival. */
  readRequests(): Promise<OperationName[]>;
};

/** Resolves when it listens; it ends with the test. */
export async function startFaultyService(t: ExecutionContext, options: FaultyServiceOptions): Promise<FaultyService> {
  const { url, requestsUrl } = await startServiceProcess<{ url: string; requestsUrl: string }>(
    t,
    new URL('./faulty-service-process.ts', import.meta.url),
    options,
  );
  return {
    url,
    async readRequests() {
      const { body } = await request(requestsUrl);
      return (await body.json()) as OperationName[];
    },
  };
}
