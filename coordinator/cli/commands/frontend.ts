/**
 * `glidetester frontend`: the SRM service alone, which prints one JSON line on standard output when it listens; or the
 * certificates for one, told by a line of their own.
 */

import { resolve } from 'node:path';
import type { EventLogLevel } from '../../../frontend/event-log/event-level.ts';
import type { FrontendOptions } from '../../../frontend/options.ts';
import { EXIT } from '../exit-code.ts';

/** As they are typed; those without a default are absent unless given. */
export type FrontendFlags = Pick<
  FrontendOptions,
  | 'fsConcurrency'
  | 'record'
  | 'httpg'
  | 'certificates'
  | 'gridMapfile'
  | 'answers'
  | 'mostEntries'
  | 'container'
  | 'maxContainerThreads'
  | 'connectorQueueSize'
  | 'whenQueueFull'
  | 'nestedAuthorization'
> & {
  root?: string;
  port?: number;
  checksum: boolean;
  stopWithStdin: boolean;
  async?: boolean;
  gumsUrl?: string;
  mappedIdCacheS?: number;
  mostMappedIds?: number;
  requestWithin?: number;
  handshakeWithin?: number;
  /** True unless told otherwise. */
  lockOverCallOut: boolean;
  maxJavaHeap?: number;
  makeCertificates?: string;
  users?: number;
  hostName: string[];
  eventLog?: string;
  eventLogLevel?: EventLogLevel;
};

/** A service is started when it is told what to serve, and where. */
export async function frontend({ makeCertificates, users, hostName, ...flags }: FrontendFlags): Promise<number> {
  if (makeCertificates !== undefined) await makeFolder(makeCertificates, users, hostName);
  const { root, port } = flags;
  if (root === undefined || port === undefined) return EXIT.done;
  const { runFrontend } = await import('../../../frontend/main.ts');
  const isMadeFor = flags.httpg === true && makeCertificates !== undefined;
  await runFrontend({
    ...(isMadeFor ? { certificates: makeCertificates } : {}),
    ...(await toOptions(flags)),
    root,
    port,
  });
  return EXIT.done;
}

async function makeFolder(directory: string, users: number | undefined, hostNames: string[]): Promise<void> {
  const { writeCertificateFolder } = await import('../../../scenarios/credentials/certificate-folder.ts');
  const made = { users: users ?? DEFAULT_USERS, ...(hostNames.length === 0 ? {} : { hostNames }) };
  await writeCertificateFolder(resolve(directory), made);
  process.stdout.write(`${JSON.stringify({ directory: resolve(directory), users: made.users })}\n`);
}

const DEFAULT_USERS = 20;

async function toOptions(flags: Omit<FrontendFlags, 'makeCertificates' | 'users' | 'hostName'>) {
  const {
    checksum,
    async: asynchronous,
    gumsUrl,
    mappedIdCacheS,
    mostMappedIds,
    requestWithin,
    handshakeWithin,
    maxJavaHeap,
    eventLog: file,
    eventLogLevel: level = 'INFO',
    ...others
  } = flags;
  const { DEFAULT_MAPPED_ID_CACHE } = await import('../../../frontend/authorization/mapping-cache.ts');
  const { lifetimeS, most } = DEFAULT_MAPPED_ID_CACHE;
  const hasCache = mappedIdCacheS !== undefined || mostMappedIds !== undefined;
  return {
    ...others,
    ...(file === undefined ? {} : { eventLog: { file, level } }),
    showChecksumWhenListingFile: checksum,
    ...(asynchronous === undefined ? {} : { asynchronous }),
    ...(gumsUrl === undefined ? {} : { gumsServiceUrl: gumsUrl }),
    ...(hasCache ? { mappedIdCache: { lifetimeS: mappedIdCacheS ?? lifetimeS, most: mostMappedIds ?? most } } : {}),
    ...(requestWithin === undefined ? {} : { requestWithinMs: requestWithin }),
    ...(handshakeWithin === undefined ? {} : { handshakeWithinMs: handshakeWithin }),
    ...(maxJavaHeap === undefined ? {} : { maxJavaHeapBytes: maxJavaHeap }),
  };
}
