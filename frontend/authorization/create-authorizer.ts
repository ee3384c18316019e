/** Puts the authorizer together: grid-mapfile or mapping service, with or without BeStMan's cache. */

import pLimit from 'p-limit';
import { monotonicNowMs } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import { isOutOfDescriptors } from '../container/descriptors.ts';
import type { Authorizer } from './authorizer.ts';
import { loadGridMapfile } from './grid-mapfile.ts';
import { type MappedIdCacheOptions, DEFAULT_MAPPED_ID_CACHE, cacheMappings } from './mapping-cache.ts';
import { CALL_OUTS_AT_ONCE, createMappingCall } from './mapping-call.ts';
import { type MappingCounts, createMappingCounts } from './mapping-counts.ts';

export type AuthorizerOptions = {
  gridMapfile?: string | null;
  /** `http://127.0.0.1:port/`: asked instead of the grid-mapfile, as in BeStMan. */
  gumsServiceUrl?: string | null;
  mappedIdCache?: MappedIdCacheOptions;
  /** Questions to the mapping service at once, the others wait; {@link CALL_OUTS_AT_ONCE} unless told. */
  callOutsAtOnce?: number;
  /** Called for each mapping that failed because there was no descriptor. */
  ranOut?: () => void;
};

export type CountingAuthorizer = Authorizer & {
  counts: Readonly<MappingCounts>;
  /** Closes the connections to the mapping service; mappings under way fail. */
  close(): Promise<void>;
};

type Source = Authorizer & { close(): Promise<void> };

/** A read takes a descriptor and a thread of libuv's four: more at once would only hold more of the file in memory. */
const LOADS_AT_ONCE = 4;
/** The frontend makes load; like itself, what it loads is on this host. */
const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** @throws GlideTesterError GT_FRONTEND_MAPPING when there is nothing to map by, or options that mean nothing */
export function createAuthorizer(options: AuthorizerOptions): CountingAuthorizer {
  const cache = checkCache(options.mappedIdCache ?? DEFAULT_MAPPED_ID_CACHE);
  const counts = createMappingCounts();
  const source = createSource(options, counts);
  const mapper = cacheMappings(source, cache, {
    nowMs: monotonicNowMs,
    found() {
      counts.fromCache += 1;
    },
  });
  return {
    counts,
    async map(identity) {
      counts.asked += 1;
      const mapping = await mapper.map(identity);
      if (mapping.kind === 'failed') {
        counts.failures += 1;
        if (mapping.outOfDescriptors === true) options.ranOut?.();
      }
      return mapping;
    },
    close: () => source.close(),
  };
}

function createSource(options: AuthorizerOptions, counts: MappingCounts): Source {
  const { gridMapfile, gumsServiceUrl, callOutsAtOnce = CALL_OUTS_AT_ONCE } = options;
  if (typeof gumsServiceUrl === 'string') {
    const called = (): void => {
      counts.callOuts += 1;
    };
    return createMappingCall(checkServiceUrl(gumsServiceUrl), called, { callOutsAtOnce });
  }
  if (typeof gridMapfile === 'string') return createFileSource(gridMapfile, counts);
  throw new GlideTesterError('GT_FRONTEND_MAPPING', 'a grid-mapfile or a mapping service was expected, neither came', {
    hint: 'Give --grid-mapfile FILE, or --gums-url URL.',
  });
}

/** BeStMan loads the whole file again for every mapping. */
function createFileSource(path: string, counts: MappingCounts): Source {
  const inTurn = pLimit(LOADS_AT_ONCE);
  return {
    map: (identity) =>
      inTurn(async () => {
        counts.fileLoads += 1;
        try {
          const { localUsers, badLines } = await loadGridMapfile(path);
          counts.badLines = badLines;
          const localUser = localUsers.get(identity);
          return localUser === undefined ? { kind: 'unmapped' } : { kind: 'mapped', localUser };
        } catch (error) {
          const reason = messageOf(error);
          return error instanceof Error && isOutOfDescriptors(error.cause)
            ? { kind: 'failed', reason, outOfDescriptors: true }
            : { kind: 'failed', reason };
        }
      }),
    async close() {},
  };
}

function checkServiceUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)) return url;
  throw new GlideTesterError('GT_FRONTEND_MAPPING', `a mapping service on this host was expected, got ${text}`, {
    hint: 'Give a URL such as http://127.0.0.1:8444/, as `glidetester mapping-service` prints it.',
  });
}

function checkCache(cache: MappedIdCacheOptions): MappedIdCacheOptions {
  const { lifetimeS, most } = cache;
  if (Number.isInteger(lifetimeS) && lifetimeS >= -1 && Number.isInteger(most) && most >= 1) return cache;
  throw new GlideTesterError(
    'GT_FRONTEND_MAPPING',
    `the cache of mapped ids keeps for -1 (never), 0 (for ever) or more whole seconds, and at least 1; got ${lifetimeS} s, ${most}`,
    { hint: 'Set LifetimeSecondsMappedIDCached and MaxMappedIDCached to whole numbers.' },
  );
}
