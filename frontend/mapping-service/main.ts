/** Starts the mapping service, in this process or as one of its own. */

import { openAlarm } from '../../foundation/alarm.ts';
import { monotonicNowMs } from '../../foundation/clock.ts';
import { type DelayQueue, createDelayQueue } from '../../foundation/delay-queue.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import { type GridMapfile, loadGridMapfile } from '../authorization/grid-mapfile.ts';
import { awaitStop } from '../await-stop.ts';
import { LOOPBACK, closeServer, listen } from '../listening.ts';
import { createMappingServer } from './service.ts';

export type MappingServiceOptions = {
  /** Whom it maps; read once, at the start. */
  gridMapfile: string;
  /** 0: any free one. */
  port: number;
  /** How long each mapping takes, however many are asked for at once; 0: no longer than the work. */
  latencyMs: number;
  /** The end of standard input stops it: it dies with whoever started it. */
  stopWithStdin?: boolean;
};

export type MappingService = { url: string; stop(): Promise<void> };

/** A day, which no service takes to answer. */
const LATENCY_LIMIT_MS = 24 * 3600 * 1000;

/** Resolves when it listens. @throws GlideTesterError GT_MAPPING_SERVICE, GT_FRONTEND_LISTEN */
export async function startMappingService(options: MappingServiceOptions): Promise<MappingService> {
  const { latencyMs, gridMapfile, port } = options;
  if (!Number.isFinite(latencyMs) || latencyMs < 0 || latencyMs > LATENCY_LIMIT_MS) {
    throw new GlideTesterError('GT_MAPPING_SERVICE', `a latency from 0 ms to a day was expected, got ${latencyMs} ms`);
  }
  const { localUsers } = await loadUsers(gridMapfile);
  await using opened = new AsyncDisposableStack();
  const delay = latencyMs === 0 ? null : await openDelay(latencyMs, opened);
  const server = createMappingServer({ localUsers, delay });
  const listening = await listen(server, LOOPBACK, port);
  opened.defer(() => closeServer(server));
  const running = opened.move();
  return { url: `http://${LOOPBACK}:${listening}/`, stop: () => running.disposeAsync() };
}

/** To a tenth of a millisecond: what a storage service can do is predicted from it. */
async function openDelay(delayMs: number, opened: AsyncDisposableStack): Promise<DelayQueue> {
  const alarm = await openAlarm();
  opened.defer(() => alarm.close());
  return createDelayQueue({ delayMs, nowMs: monotonicNowMs, alarm: alarm.alarm });
}

/**
 * The mapping service as a process: prints one JSON line `{url, pid}` on stdout when it listens, and resolves once SIGTERM,
 * SIGINT or (with `stopWithStdin`) the end of standard input has stopped it.
 *
 * @throws GlideTesterError as {@link startMappingService}
 */
export async function runMappingService(options: MappingServiceOptions): Promise<void> {
  const service = await startMappingService(options);
  const asked = awaitStop(options.stopWithStdin ?? false);
  process.stdout.write(`${JSON.stringify({ url: service.url, pid: process.pid })}\n`);
  await asked;
  await service.stop();
}

async function loadUsers(path: string): Promise<GridMapfile> {
  try {
    return await loadGridMapfile(path);
  } catch (error) {
    throw new GlideTesterError('GT_MAPPING_SERVICE', `${path}: ${messageOf(error)}`, {
      hint: 'Give a grid-mapfile that exists and that this user may read.',
      cause: error,
    });
  }
}
