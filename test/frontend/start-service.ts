/** The service over plain http in this process, so that a test can say who its clients are. */

import type { Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import type { Access } from '../../frontend/requests/answer-soap.ts';
import type { CountingAuthorizer } from '../../frontend/authorization/create-authorizer.ts';
import { closeServer, listen } from '../../frontend/listening.ts';
import { startListingPool } from '../../frontend/listing/listing-pool.ts';
import type { EventLogOptions } from '../../frontend/event-log/call-log.ts';
import { openEventLog } from '../../frontend/event-log/open-event-log.ts';
import { createMetricsService } from '../../frontend/counting/metrics-service.ts';
import type { Modes } from '../../frontend/requests/modes.ts';
import { createOperationCounts } from '../../frontend/counting/operation-counts.ts';
import { openOperationRecorder } from '../../frontend/counting/operation-record.ts';
import { createService } from '../../frontend/service.ts';
import { makeDirectory } from './fresh-directory.ts';

const THREAD_FILE = new URL('../../frontend/listing/listing-thread.ts', import.meta.url);
const LOOPBACK = '127.0.0.1';

export type ServiceWish = {
  files?: Record<string, string>;
  threadFile?: URL;
  /** Left out: a new directory with `files`. */
  root?: string;
  modes?: Partial<Modes>;
  peerOf?: Access['peerOf'];
  authorizer?: CountingAuthorizer;
  record?: string;
  eventLog?: EventLogOptions;
};

export type StartedService = { url: string; metricsUrl: string; root: string; stop(): Promise<void> };

export async function startService(t: ExecutionContext, wish: ServiceWish = {}): Promise<StartedService> {
  const { peerOf, authorizer } = wish;
  const root = wish.root ?? makeDirectory(t, wish.files);
  const counts = createOperationCounts();
  const callLog = await openEventLog(wish.eventLog ?? null);
  const recorder = await openOperationRecorder(wish.record ?? null);
  const pool = await startListingPool(wish.threadFile ?? THREAD_FILE, { realRoot: root, checksums: false }, 1);
  const service = createService({
    pool,
    counts,
    recorder,
    modes: { answers: 'inline', asynchronous: false, mostEntries: null, ...wish.modes },
    access: peerOf === undefined || authorizer === undefined ? null : { peerOf, authorizer },
    callLog,
    requestWithinMs: 60_000,
  });
  const metrics = createMetricsService(counts, { mappings: authorizer?.counts ?? null });
  const [port, metricsPort] = [await listen(service, LOOPBACK, 0), await listen(metrics, LOOPBACK, 0)];
  let stopped: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    await closeServer(service);
    await closeServer(metrics);
    await pool.close();
    await authorizer?.close();
    await recorder.close();
    callLog?.close();
  };
  const stop = (): Promise<void> => (stopped ??= stopAll());
  t.teardown(stop);
  return {
    url: `http://${LOOPBACK}:${port}/srm/v2/server`,
    metricsUrl: `http://${LOOPBACK}:${metricsPort}`,
    root,
    stop,
  };
}

/** The same identity for everybody, or nobody. */
export function everybodyIs(identity: string | null): (socket: Socket) => { identity: string } | null {
  return () => (identity === null ? null : { identity });
}
