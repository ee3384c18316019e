/**
 * BeStMan's cache of mapped identities. Kept is who was mapped: nobody who is not, and no failure. A mapping lives from its
 * being stored, however often it is read. Two who ask for one identity at once and don't find it both go on to the source, as
 * in BeStMan, where only the look-up and the storing are locked.
 *
 * What BeStMan does with a full cache (MaxMappedIDCached) is not known to us; here the mapping stored longest ago leaves.
 */

import type { Authorizer } from './authorizer.ts';

export type MappedIdCacheOptions = {
  /** LifetimeSecondsMappedIDCached: -1 keeps nothing, 0 keeps for ever. */
  lifetimeS: number;
  /** MaxMappedIDCached, a whole number from 1. */
  most: number;
};

/** BeStMan's defaults: no cache. */
export const DEFAULT_MAPPED_ID_CACHE: MappedIdCacheOptions = { lifetimeS: -1, most: 1000 };

type Kept = { localUser: string; storedMs: number };

/** @param found called for every answer that comes from the cache */
export function cacheMappings(
  source: Authorizer,
  { lifetimeS, most }: MappedIdCacheOptions,
  { nowMs, found }: { nowMs: () => number; found: () => void },
): Authorizer {
  if (lifetimeS < 0) return source;
  const lifetimeMs = lifetimeS === 0 ? Infinity : lifetimeS * 1000;
  /** In the order of being stored. */
  const kept = new Map<string, Kept>();

  const store = (identity: string, localUser: string): void => {
    kept.delete(identity);
    kept.set(identity, { localUser, storedMs: nowMs() });
    if (kept.size > most) kept.delete(kept.keys().next().value as string);
  };

  return {
    async map(identity) {
      const known = kept.get(identity);
      if (known !== undefined && nowMs() - known.storedMs < lifetimeMs) {
        found();
        return { kind: 'mapped', localUser: known.localUser };
      }
      const mapping = await source.map(identity);
      if (mapping.kind === 'mapped') store(identity, mapping.localUser);
      return mapping;
    },
  };
}
