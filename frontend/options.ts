/** What a frontend can be told, and the checks that need the machine. */

import { realpathSync, statSync } from 'node:fs';
import { GlideTesterError, systemCodeOf } from '../foundation/error.ts';
import type { MappedIdCacheOptions } from './authorization/mapping-cache.ts';
import { type ContainerOptions, type ContainerWish, readContainerOptions } from './container/container-options.ts';
import { EVENT_LOG_LEVELS } from './event-log/event-level.ts';
import type { EventLogOptions } from './event-log/call-log.ts';
import { DEFAULT_MODES, type Modes } from './requests/modes.ts';

export type FrontendOptions = Partial<Modes & ContainerWish> & {
  /** The directory that is served; nothing outside it ever is. */
  root: string;
  host?: '127.0.0.1';
  /** 0: any free one. */
  port: number;
  /**
   * Listings at once = listing threads (BeStMan's name); the others wait in turn, without limit. With the container bestman2 the
   * look-up of the identity before a listing is among what is bounded, as in BeStMan's gateway.
   */
  fsConcurrency: number;
  /** BeStMan's name: a full listing reads every file and gives its md5. */
  showChecksumWhenListingFile?: boolean;
  /** NDJSON file that gets one line per operation that carried our header. */
  record?: string;
  /** BeStMan's event log, which costs what it writes; left out: none. */
  eventLog?: EventLogOptions;
  /** The end of standard input stops the frontend: it dies with whoever started it. */
  stopWithStdin?: boolean;
  /** Serves httpg (GSI) and https at the port, to clients with certificates that are mapped; else plain http, to everybody. */
  httpg?: boolean;
  /** For httpg: a folder with hostcert.pem, hostkey.pem, certificates/ and, unless they are named apart, who is mapped: grid-mapfile. */
  certificates?: string;
  /** For httpg: who is mapped, in place of the folder's grid-mapfile. */
  gridMapfile?: string;
  /** For httpg: the mapping service that is asked instead of a grid-mapfile (BeStMan's GUMSserviceURL). */
  gumsServiceUrl?: string;
  /** For httpg: BeStMan's LifetimeSecondsMappedIDCached and MaxMappedIDCached. */
  mappedIdCache?: MappedIdCacheOptions;
  /** For httpg: whether clients may resume their TLS sessions. They may unless told. */
  sessionResumption?: boolean;
  /** For httpg: handshakes that take longer are cut; 10 s as in BeStMan's connector. */
  handshakeWithinMs?: number;
  /**
   * Requests that take longer to come are cut: 10 minutes unless told. With plain http Node counts the first from the opening of
   * its connection, and clients connect minutes before they ask all together; with httpg and https from its first byte.
   */
  requestWithinMs?: number;
};

export type CheckedOptions = {
  /** Without links in it. */
  root: string;
  modes: Modes;
  requestWithinMs: number;
  /** Null: plain http. */
  secure: SecureOptions | null;
  /** Null: every connection is served at once. */
  container: ContainerOptions | null;
};

export type SecureOptions = {
  certificates: string;
  gridMapfile: string | null;
  gumsServiceUrl: string | null;
  mappedIdCache: MappedIdCacheOptions | null;
  sessionResumption: boolean;
  handshakeWithinMs: number;
};

const HANDSHAKE_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 600_000;
/** Node's timers go no further. */
const LONGEST_MS = 2 ** 31 - 1;
const MOST_EVENT_LOG_BYTES = 2 ** 30;
const MOST_EVENT_LOG_FILES = 1000;

/** What has no meaning without httpg. */
const SECURE_ONLY = [
  'certificates',
  'gridMapfile',
  'gumsServiceUrl',
  'mappedIdCache',
  'sessionResumption',
  'handshakeWithinMs',
] as const;

/** @throws GlideTesterError GT_FRONTEND_ROOT, GT_FRONTEND_THREADS, GT_FRONTEND_OPTIONS */
export function checkOptions(options: FrontendOptions): CheckedOptions {
  if (!Number.isInteger(options.fsConcurrency) || options.fsConcurrency < 1) {
    throw new GlideTesterError(
      'GT_FRONTEND_THREADS',
      `fsConcurrency is the number of listing threads, a whole number from 1; got ${options.fsConcurrency}`,
    );
  }
  const { answers, asynchronous, mostEntries, requestWithinMs = REQUEST_WITHIN_MS } = options;
  const modes: Modes = {
    answers: answers ?? DEFAULT_MODES.answers,
    asynchronous: asynchronous ?? DEFAULT_MODES.asynchronous,
    mostEntries: mostEntries ?? DEFAULT_MODES.mostEntries,
  };
  if (!['inline', 'multiref'].includes(modes.answers)) {
    throw unusable(`answers is 'inline' or 'multiref'; got ${JSON.stringify(answers)}`);
  }
  if (modes.mostEntries !== null) checkWhole('mostEntries', modes.mostEntries, Number.MAX_SAFE_INTEGER);
  checkWhole('requestWithinMs', requestWithinMs, LONGEST_MS);
  if (options.eventLog !== undefined) checkEventLog(options.eventLog);
  const read = readContainerOptions(options);
  if ('problem' in read) throw unusable(read.problem);
  const { container } = read;
  return { root: resolveRoot(options.root), modes, requestWithinMs, secure: checkSecure(options), container };
}

function checkEventLog({ file, level, sizeBytes = 1, count = 1 }: EventLogOptions): void {
  if (!EVENT_LOG_LEVELS.includes(level)) {
    throw unusable(`the level of the event log is one of ${EVENT_LOG_LEVELS.join(', ')}; got ${JSON.stringify(level)}`);
  }
  if (file === '') throw unusable('the event log is a file; its name is empty');
  checkWhole('sizeBytes', sizeBytes, MOST_EVENT_LOG_BYTES);
  checkWhole('count', count, MOST_EVENT_LOG_FILES);
}

function checkSecure(options: FrontendOptions): SecureOptions | null {
  if (options.httpg !== true) {
    const idle = SECURE_ONLY.find((name) => options[name] !== undefined);
    if (idle === undefined) return null;
    throw unusable(`${idle} is for httpg, which is not asked for`);
  }
  const { certificates, handshakeWithinMs = HANDSHAKE_WITHIN_MS } = options;
  if (certificates === undefined) {
    throw unusable(
      'httpg needs a folder of certificates; none was given',
      'Make one with `glidetester frontend --make-certificates DIR`, and give it with --certificates DIR.',
    );
  }
  checkWhole('handshakeWithinMs', handshakeWithinMs, LONGEST_MS);
  return {
    certificates,
    gridMapfile: options.gridMapfile ?? null,
    gumsServiceUrl: options.gumsServiceUrl ?? null,
    mappedIdCache: options.mappedIdCache ?? null,
    sessionResumption: options.sessionResumption ?? true,
    handshakeWithinMs,
  };
}

function checkWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw unusable(`${name} is a whole number from 1 to ${most}; got ${value}`);
}

function unusable(message: string, hint = 'Correct the option, or leave it away.'): GlideTesterError {
  return new GlideTesterError('GT_FRONTEND_OPTIONS', message, { hint });
}

function resolveRoot(root: string): string {
  const hint = 'Give a directory that exists and that this user may read.';
  try {
    const real = realpathSync.native(root);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    const code = systemCodeOf(error) ?? 'unreadable';
    throw new GlideTesterError('GT_FRONTEND_ROOT', `the directory to serve, ${root}, cannot be read: ${code}`, {
      hint,
      cause: error,
    });
  }
  throw new GlideTesterError('GT_FRONTEND_ROOT', `a directory to serve was expected, ${root} is none`, { hint });
}
