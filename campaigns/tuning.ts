/**
 * Each parameter matters (3.3): one knob at a time, before and after. Every pair has a service whose limit is just what the
 * knob is about; the names are BeStMan's where it has one.
 *
 * The heap, the descriptors and the threads are in `untuned-defaults.ts` too, as limits.
 */

import { defineConfig, embedded, srmLs } from 'glidetester';

type EmbeddedOptions = Parameters<typeof embedded>[0];
type Changes = Partial<EmbeddedOptions>;

const FILES = 100;
const LEVEL = 30;

const ASKED = { by: 'service', latency: '20ms' } as const;

/** One operation waits for two call-outs of 20 ms, one after the other and one at a time. */
const BEFORE_ALL: EmbeddedOptions = {
  httpg: true,
  identities: 8,
  container: 'bestman2',
  mapping: ASKED,
  root: { make: [FILES] },
  timeouts: { handshake: '20s', answer: '20s' },
};

/** Without the lock over the call-out: each operation holds what it has for two call-outs. */
const UNLOCKED: Changes = { lockOverCallOut: false };
/** Nothing to wait for: what a listing costs is what there is. */
const BY_FILE: Changes = { mapping: { by: 'grid-mapfile' }, lockOverCallOut: false, fsConcurrency: 1 };

/** How much faster it is with the knob turned; with more heap it is not the rate that gains, but those who were cut off. */
const PAIRS: [knob: string, before: Changes, after: Changes, faster: number | 'fewer failures'][] = [
  ['mapping-cache', {}, { mapping: { ...ASKED, lifetimeSecondsMappedIDCached: 0 } }, 1.5],
  ['grid-mapfile-for-gums', {}, { mapping: { by: 'grid-mapfile' } }, 1.5],
  ['lock', {}, UNLOCKED, 1.5],
  ['fs-concurrency', { ...UNLOCKED, fsConcurrency: 1 }, { ...UNLOCKED, fsConcurrency: 2 }, 1.8],
  ['container-threads', { ...UNLOCKED, maxContainerThreads: 2 }, { ...UNLOCKED, maxContainerThreads: 4 }, 1.8],
  ['heap', { ...UNLOCKED, maxJavaHeap: '25 MB' }, { ...UNLOCKED, maxJavaHeap: '250 MB' }, 'fewer failures'],
  ['event-log', { ...BY_FILE, eventLogLevel: 'DEBUG' }, { ...BY_FILE, eventLogLevel: 'off' }, 1.05],
  [
    'checksum',
    { ...BY_FILE, showChecksumWhenListingFile: true },
    { ...BY_FILE, showChecksumWhenListingFile: false },
    1.2,
  ],
];

export default defineConfig({
  name: 'tuning',
  targets: Object.fromEntries(
    PAIRS.flatMap(([knob, before, after]) => [
      [`${knob}-before`, embedded({ ...BEFORE_ALL, ...before })],
      [`${knob}-after`, embedded({ ...BEFORE_ALL, ...after })],
    ]),
  ),
  scenario: srmLs({ directories: { [FILES]: `/d${FILES}` } }),
  load: { levels: [LEVEL], runs: 2, start: { within: '1s' } },
  timing: {
    warmUp: { atLeast: '1500ms', atMost: '8s' },
    window: { atLeast: '3s', operationsPerClient: 2, atMost: '8s' },
    drain: '8s',
    recovery: { within: '20s', otherwise: 'restart' },
  },
  pools: [{ kind: 'local', site: 'here', pilots: 2, slotsPerPilot: 16 }],
  expect: {
    source: 'the paper',
    findings: PAIRS.map(([knob, , , faster]) => ({
      says: `${knob}: has significant impact on the performance`,
      check:
        faster === 'fewer failures'
          ? `failed of "${knob}-before" - failed of "${knob}-after" > 5 %`
          : `rate of "${knob}-after" / rate of "${knob}-before" >= ${faster}`,
    })),
  },
});
