/** Starts the mapping service, in this process or as one of its own. */

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
  const server = createMappingServer({ localUsers, latencyMs });
  const listening = await listen(server, LOOPBACK, port);
  return { url: `http://${LOOPBACK}:${listening}/`, stop: () => closeServer(server) };
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
