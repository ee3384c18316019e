/**
 * Each parameter matters (3.3): one knob at a time, before and after. Every pair has a service whose limit is just what the
 * knob is about; the names are BeStMan's where it has one.
 *
 * The service is 100 ms away, so that 30 clients ask it for at most 100 operations a second: where nothing else is the limit,
 * what a knob costs shows as CPU of the frontend (event log, checksums), not as a rate. Predicted CPU at 90 Hz: frontend 25 %
 * of a core, with checksums or the event log at DEBUG 30 %, pilots 20 %.
 */

import { defineConfig, embedded, srmLs } from 'glidetester';
import { WELL_UNDER_ONE_CORE } from './services.ts';

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
  roundTrip: '100ms',
  root: { make: [FILES] },
  timeouts: { handshake: '20s', answer: '20s' },
};

/** Without the lock over the call-out: each operation holds what it has for two call-outs. */
const UNLOCKED: Changes = { lockOverCallOut: false };
/** Nothing to wait for but the way: what a listing costs is what there is. */
const BY_FILE: Changes = { mapping: { by: 'grid-mapfile' }, lockOverCallOut: false };

/** What shows that the knob matters, by the names of both sides. */
type Sign = (before: string, after: string) => string;

const faster =
  (times: number): Sign =>
  (before, after) =>
    `rate of "${after}" / rate of "${before}" >= ${times}`;
const cheaper =
  (times: number): Sign =>
  (before, after) =>
    `frontend cpu of "${before}" / frontend cpu of "${after}" >= ${times}`;
const fewerCutOff: Sign = (before, after) => `failed of "${before}" - failed of "${after}" > 5 %`;

const PAIRS: [knob: string, before: Changes, after: Changes, sign: Sign][] = [
  ['mapping-cache', {}, { mapping: { ...ASKED, lifetimeSecondsMappedIDCached: 0 } }, faster(2)],
  ['grid-mapfile-for-gums', {}, { mapping: { by: 'grid-mapfile' } }, faster(2)],
  ['lock', {}, UNLOCKED, faster(2)],
  ['fs-concurrency', { ...UNLOCKED, fsConcurrency: 1 }, { ...UNLOCKED, fsConcurrency: 2 }, faster(1.5)],
  ['container-threads', { ...UNLOCKED, maxContainerThreads: 8 }, { ...UNLOCKED, maxContainerThreads: 16 }, faster(1.8)],
  ['heap', { ...UNLOCKED, maxJavaHeap: '25 MB' }, { ...UNLOCKED, maxJavaHeap: '250 MB' }, fewerCutOff],
  ['event-log', { ...BY_FILE, eventLogLevel: 'DEBUG' }, { ...BY_FILE, eventLogLevel: 'off' }, cheaper(1.05)],
  [
    'checksum',
    { ...BY_FILE, showChecksumWhenListingFile: true },
    { ...BY_FILE, showChecksumWhenListingFile: false },
    cheaper(1.05),
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
  thresholds: WELL_UNDER_ONE_CORE,
  expect: {
    source: 'the paper',
    findings: PAIRS.map(([knob, , , sign]) => ({
      says: `${knob}: has significant impact on the performance`,
      check: sign(`${knob}-before`, `${knob}-after`),
    })),
  },
});
