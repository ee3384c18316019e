/** The embedded target: the frontend as a process of its own, on directories that it makes, gone with the campaign. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { Clock } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import type { TargetSecurity } from '../../scenarios/scenario.ts';
import type { EmbeddedTarget } from '../config/target-schema.ts';
import { pinTo } from '../pinning.ts';
import { type EmbeddedCredentials, makeEmbeddedCredentials } from './embedded-credentials.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';
import type { TargetHandle } from './target.ts';

const FILES_AT_ONCE = 32;

/** What the frontend prints when it listens. */
const FrontendListeningSchema = z.object({ url: z.string(), metricsUrl: z.string(), pid: z.number() });
type FrontendListening = z.infer<typeof FrontendListeningSchema>;
/** What the mapping service prints. */
const MappingListeningSchema = z.object({ url: z.string() });

export type EmbeddedOptions = {
  target: EmbeddedTarget;
  /** Command lines that start the frontend and the mapping service. */
  commands: { frontend: readonly string[]; mappingService: readonly string[] };
  /** What both of them log is appended to this file. */
  log: string;
  clock: Clock;
};

/** What the frontend is started with, each time that it is. */
type Surroundings = { root: string; credentials: EmbeddedCredentials | null; mappingUrl: string | null };

/** Makes directories and certificates and starts the services. @throws GT_TARGET_START */
export async function startEmbeddedTarget(options: EmbeddedOptions): Promise<TargetHandle> {
  const { target } = options;
  await using made = new AsyncDisposableStack();
  const root = typeof target.root === 'string' ? target.root : await makeDirectories(target.root, made);
  const credentials = target.httpg ? await makeEmbeddedCredentials(target.identities) : null;
  if (credentials !== null) made.defer(() => credentials.remove());
  const mappingUrl = credentials === null ? null : await startMappingService(options, credentials, made);
  const surroundings = { root, credentials, mappingUrl };
  let frontend = await startFrontend(options, surroundings);
  const rest = made.move();
  const security: TargetSecurity | null =
    credentials === null
      ? null
      : { gsi: true, trusted: credentials.trusted, lowestVersion: 'TLSv1.2', highestVersion: 'TLSv1.2' };
  return {
    url: () => frontend.listening.url,
    metricsUrl: () => frontend.listening.metricsUrl,
    pid: () => frontend.listening.pid,
    security: async () => security,
    identities: async () => credentials?.identities ?? [],
    async restart() {
      await frontend.stop();
      frontend = await startFrontend(options, surroundings);
    },
    async stop() {
      await frontend.stop();
      await rest.disposeAsync();
    },
  };
}

type Made = Exclude<EmbeddedTarget['root'], string>;

/** Directories /d<n> with n files each, below a fresh temporary folder. */
async function makeDirectories({ make, fileBytes }: Made, made: AsyncDisposableStack): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'glidetester-'));
  made.defer(() => rm(root, { recursive: true, force: true }));
  const content = Buffer.alloc(fileBytes, 'glidetester ');
  const limit = pLimit(FILES_AT_ONCE);
  for (const size of make) {
    const folder = join(root, `d${size}`);
    await mkdir(folder);
    const names = Array.from({ length: size }, (_, index) => `file-${String(index + 1).padStart(5, '0')}`);
    await Promise.all(names.map((name) => limit(() => writeFile(join(folder, name), content))));
  }
  return root;
}

/** Where it maps; null when the frontend reads the grid-mapfile itself. */
async function startMappingService(
  { target, commands, log, clock }: EmbeddedOptions,
  { gridMapfile }: EmbeddedCredentials,
  made: AsyncDisposableStack,
): Promise<string | null> {
  const { by, latency = '0ms' } = target.mapping;
  if (by !== 'service') return null;
  const flags = ['--grid-mapfile', gridMapfile, '--port', '0', '--latency', latency, '--stop-with-stdin'];
  const command = pinTo(target.cpus, commands.mappingService);
  const service = await startServiceProcess({ command, flags, log, clock, listening: MappingListeningSchema }).catch(
    (cause: unknown) => {
      throw notStarted('mapping service', '`glidetester mapping-service --grid-mapfile FILE --port 0`', cause);
    },
  );
  made.defer(() => service.stop());
  return service.listening.url;
}

async function startFrontend(
  { target, commands, log, clock }: EmbeddedOptions,
  surroundings: Surroundings,
): Promise<ServiceProcess<FrontendListening>> {
  const flags = [
    '--root',
    surroundings.root,
    '--port',
    '0',
    '--stop-with-stdin',
    ...flagsOf(target, log, surroundings),
  ];
  const command = pinTo(target.cpus, limitDescriptors(commands.frontend, target.descriptors));
  return startServiceProcess({ command, flags, log, clock, listening: FrontendListeningSchema }).catch(
    (cause: unknown) => {
      throw notStarted('frontend', '`glidetester frontend --root DIR --port 0`', cause);
    },
  );
}

function flagsOf(target: EmbeddedTarget, log: string, { credentials, mappingUrl }: Surroundings): string[] {
  const flags = ['--fs-concurrency', String(target.fsConcurrency), '--answers', target.answers];
  if (target.eventLogLevel !== 'off')
    flags.push('--event-log', eventLogOf(log), '--event-log-level', target.eventLogLevel);
  if (target.showChecksumWhenListingFile) flags.push('--checksum');
  if (target.asynchronous) flags.push('--async');
  if (target.mostEntries !== undefined) flags.push('--most-entries', String(target.mostEntries));
  if (credentials === null) return flags;
  const { lifetimeSecondsMappedIDCached, maxMappedIDCached } = target.mapping;
  flags.push('--httpg', '--certificates', credentials.directory);
  if (mappingUrl !== null) flags.push('--gums-url', mappingUrl);
  flags.push('--mapped-id-cache-s', String(lifetimeSecondsMappedIDCached));
  flags.push('--most-mapped-ids', String(maxMappedIDCached), '--handshake-within', target.handshakeWithin);
  return [...flags, ...containerFlags(target)];
}

function containerFlags(target: EmbeddedTarget): string[] {
  const { container, connectorQueueSize, maxJavaHeap } = target;
  if (container === undefined) return [];
  const flags = ['--container', container, '--max-container-threads', String(target.maxContainerThreads)];
  if (maxJavaHeap !== undefined) flags.push('--max-java-heap', maxJavaHeap);
  if (container === 'bestman') return [...flags, '--nested-authorization', target.nestedAuthorization];
  if (connectorQueueSize !== undefined) {
    flags.push('--connector-queue-size', String(connectorQueueSize), '--when-queue-full', target.whenQueueFull);
  }
  return target.lockOverCallOut ? flags : [...flags, '--no-lock-over-call-out'];
}

/** `door.log` -> `door.events.log`. */
function eventLogOf(log: string): string {
  return log.replace(/(?:\.log)?$/, '.events.log');
}

/** A process can't lower its own limit from JavaScript: a shell does it before it becomes the process. */
function limitDescriptors(command: readonly string[], most: number | undefined): readonly string[] {
  return most === undefined ? command : ['/bin/sh', '-c', 'ulimit -n "$0" && exec "$@"', String(most), ...command];
}

function notStarted(what: string, command: string, cause: unknown): GlideTesterError {
  return new GlideTesterError('GT_TARGET_START', `expected the embedded ${what} to listen: ${messageOf(cause)}`, {
    hint: `start it alone with ${command} to see why`,
    cause,
  });
}
