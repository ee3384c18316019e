/** Starts the frontend, in this process or as one of its own. */

import { extname } from 'node:path';
import type { Authorizer } from './authorization/authorizer.ts';
import { SRM_SERVICE_PATH } from '../scenarios/srm/wire.ts';
import { awaitStop } from './await-stop.ts';
import { peerOf } from './connection/client-certificate.ts';
import { type ContainerCounts, createContainerCounts } from './container/container-counts.ts';
import { type Container, createContainer } from './container/container.ts';
import { surviveDescriptors } from './container/descriptors.ts';
import { LOOPBACK, closeServer, createPlainListener, listen } from './listening.ts';
import { startListingPool } from './listing/listing-pool.ts';
import { openEventLog } from './event-log/open-event-log.ts';
import { createMetricsService } from './counting/metrics-service.ts';
import { createOperationCounts } from './counting/operation-counts.ts';
import { openOperationRecorder } from './counting/operation-record.ts';
import { type FrontendOptions, type SecureOptions, checkOptions } from './options.ts';
import type { SecureAccess } from './connection/secure-access.ts';
import type { Access } from './requests/answer-soap.ts';
import { createService } from './service.ts';

export type { FrontendOptions } from './options.ts';

export type Frontend = {
  /** Of the SRM service. */
  url: string;
  /** Base of `/metrics` and `/cells/<campaign>/<cell>/<attempt>`. */
  metricsUrl: string;
  /** The directory that is served, without links in its path. */
  root: string;
  /** Closes all connections, writes the record to its end and ends the listing threads. @throws GlideTesterError GT_FRONTEND_RECORD */
  stop(): Promise<void>;
  /** Listings under way; after stop: those that hang in their file system. */
  listingsUnderWay(): number;
  /** What its container and its descriptors have come to so far; lives. */
  counts: Readonly<ContainerCounts>;
};

// The built package has .js files, the checkout .ts.
const THREAD_FILE = new URL(`./listing/listing-thread${extname(import.meta.filename)}`, import.meta.url);

/**
 * Resolves when the service and its metrics listen.
 *
 * @throws GlideTesterError GT_FRONTEND_ROOT, GT_FRONTEND_THREADS, GT_FRONTEND_OPTIONS, GT_FRONTEND_RECORD, GT_FRONTEND_EVENT_LOG,
 * GT_FRONTEND_LISTEN; with httpg also GT_FRONTEND_CERTIFICATES, GT_FRONTEND_MAPPING, GT_CREDENTIAL_… and GT_TRUST_DIRECTORY
 */
export async function startFrontend(options: FrontendOptions): Promise<Frontend> {
  const { root, modes, requestWithinMs, secure, container: containerOptions } = checkOptions(options);
  const counts = createOperationCounts();
  const containerCounts = createContainerCounts(containerOptions?.threads ?? null);
  const ranOut = (times = 1): void => {
    containerCounts.exhaustedDescriptors += times;
  };
  await using started = new AsyncDisposableStack();

  const recorder = await openOperationRecorder(options.record ?? null);
  started.defer(() => recorder.close());
  const callLog = await openEventLog(options.eventLog ?? null);
  if (callLog !== null) started.defer(() => callLog.close());
  const tree = { realRoot: root, checksums: options.showChecksumWhenListingFile ?? false };
  const pool = await startListingPool(
    THREAD_FILE,
    { ...tree, entryFile: callLog?.entryFile ?? null },
    options.fsConcurrency,
    ranOut,
  );
  started.defer(() => pool.close());
  const security =
    secure === null ? null : await openSecureAccess(secure, { threads: containerOptions?.threads ?? 0, ranOut });
  if (security !== null) started.defer(() => security.authorizer.close());
  const metrics = createMetricsService(counts, {
    mappings: security?.authorizer.counts ?? null,
    handshakes: security?.handshakes ?? null,
    container: containerCounts,
    eventLog: callLog,
  });
  const metricsPort = await listen(metrics, LOOPBACK, 0);
  started.defer(() => closeServer(metrics));
  const container = containerOptions && createContainer(containerOptions, options.fsConcurrency, containerCounts);
  const access = security && createAccess(security.authorizer, container);
  const service = createService({ pool, counts, recorder, modes, requestWithinMs, access, callLog });
  const listener = security?.createListener(service, container) ?? createPlainListener(service);
  const host = options.host ?? LOOPBACK;
  const port = await listen(listener.server, host, options.port);
  // Undone in reverse: no request reaches a part that has gone.
  started.defer(() => listener.close());
  if (container !== null) started.defer(() => container.close());
  for (const server of [metrics, listener.server]) surviveDescriptors(server, containerCounts);

  const running = started.move();
  return {
    url: `${security === null ? `http://${host}` : `httpg://${security.hostName}`}:${port}${SRM_SERVICE_PATH}`,
    metricsUrl: `http://${LOOPBACK}:${metricsPort}`,
    root,
    stop: () => running.disposeAsync(),
    listingsUnderWay: () => pool.working(),
    counts: containerCounts,
  };
}

function createAccess(authorizer: Authorizer, container: Container | null): Access {
  if (container === null) return { peerOf, authorizer };
  return { peerOf, authorizer: container.guard(authorizer), threads: container.requests };
}

/** What only httpg needs is loaded for httpg only: it takes longer than all the rest. */
async function openSecureAccess(
  options: SecureOptions,
  needs: { threads: number; ranOut: () => void },
): Promise<SecureAccess> {
  const secureAccess = await import('./connection/secure-access.ts');
  return secureAccess.openSecureAccess(options, needs);
}

/**
 * The frontend as a process: prints one JSON line `{url, metricsUrl, pid, root}` on stdout when it listens, and resolves once
 * SIGTERM, SIGINT or (with `stopWithStdin`) the end of standard input has stopped it. A listing that hangs in its file system
 * then would keep the process from ending: the process ends by the signal instead, as soon as the kernel lets go of the thread.
 *
 * @throws GlideTesterError as {@link startFrontend}
 */
export async function runFrontend(options: FrontendOptions): Promise<void> {
  const frontend = await startFrontend(options);
  const asked = awaitStop(options.stopWithStdin ?? false);
  const { url, metricsUrl, root } = frontend;
  process.stdout.write(`${JSON.stringify({ url, metricsUrl, pid: process.pid, root })}\n`);
  const signal = await asked;
  await frontend.stop();
  if (frontend.listingsUnderWay() > 0) process.kill(process.pid, signal);
}
