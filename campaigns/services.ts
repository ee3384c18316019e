/**
 * The two services of the paper as these campaigns make them, at full scale: numbers of clients and times as in the paper.
 * A campaign divides both by its `scale`, so that rates stay what they are and a small machine is enough.
 *
 * Fixed time comes from what the service depends on, and nowhere else:
 *
 * - BeStMan: 3 round trips to it (2 for the TLS handshake, 1 for the request) and 2 call-outs to the mapping service, all of
 *   them in parallel for all clients. One of the two call-outs is the authorization: nested work.
 * - BeStMan2: the same, but the global lock is held over each call-out, so that they follow each other. That it is so is our
 *   hypothesis for the paper's plateau; how long one takes is not scaled, since it is a rate: 1 / (2 x call-out).
 */

import { embedded, type ConfigInput } from 'glidetester';

type EmbeddedTarget = ReturnType<typeof embedded>;

/** An operation on an idle BeStMan takes 40 s: 1 Hz for every 40 clients (Fig. 1 and 6). */
export const BESTMAN = { roundTripS: 10.5, latencyS: 4.25, threads: 2900, operationS: 3 * 10.5 + 2 * 4.25 } as const;

/** What a call-out takes beside the latency of who is asked: two HTTP messages over loopback between two processes. */
const TRIP_MS = 0.4;

/** Latency of a mapping service whose call-outs hold the lock for so long, as a duration of the config. */
export function latencyOf(callOutMs: number): string {
  return `${(callOutMs - TRIP_MS).toFixed(2)}ms`;
}

/**
 * The lock lets 60 operations a second pass, whoever asks (Fig. 7); an idle service takes 8 s for one. `callOutMs` is the whole
 * call-out, as long as the lock is held.
 */
export const BESTMAN2 = {
  roundTripS: 2.66,
  callOutMs: 8.33,
  threads: 2500,
  queue: 250,
  plateauHz: 1000 / (2 * 8.33),
} as const;

/** Milliseconds of a time at full scale, as a duration of the config. */
export function ms(fullS: number, scale: number): string {
  return `${Number(((fullS * 1000) / scale).toFixed(3))}ms`;
}

/** Clients (or threads) of a number at full scale. */
export function clients(full: number, scale: number): number {
  return Math.max(1, Math.round(full / scale));
}

/** Directories of ten files: listing one takes no time worth speaking of (the paper's "small directory"). */
export const SMALL = 10;

/** What both have in common: GSI, 8 users, a mapping service, patience of 100 s. */
function common(scale: number) {
  return {
    httpg: true,
    identities: 8,
    root: { make: [SMALL] },
    timeouts: { connect: ms(100, scale), handshake: ms(100, scale), answer: ms(100, scale) },
    handshakeWithin: ms(100, scale),
  };
}

export function bestman(scale: number, changes: Partial<EmbeddedTarget> = {}): EmbeddedTarget {
  return embedded({
    ...common(scale),
    container: 'bestman',
    maxContainerThreads: clients(BESTMAN.threads, scale),
    mapping: { by: 'service', latency: ms(BESTMAN.latencyS, scale) },
    roundTrip: ms(BESTMAN.roundTripS, scale),
    ...changes,
  });
}

export function bestman2(scale: number, changes: Partial<EmbeddedTarget> = {}): EmbeddedTarget {
  return embedded({
    ...common(scale),
    container: 'bestman2',
    maxContainerThreads: clients(BESTMAN2.threads, scale),
    connectorQueueSize: clients(BESTMAN2.queue, scale),
    whenQueueFull: 'refuse',
    mapping: { by: 'service', latency: latencyOf(BESTMAN2.callOutMs) },
    roundTrip: ms(BESTMAN2.roundTripS, scale),
    ...changes,
  });
}

/** Clients start over so many seconds (of one operation or so, lest they come in step); null: all at once. */
export function load(levels: readonly number[], scale: number, startS: number | null): ConfigInput['load'] {
  return {
    levels: levels.map((level) => clients(level, scale)),
    start: startS === null ? 'together' : { within: ms(startS, scale) },
    afterFailure: { pause: ms(10, scale), growTo: ms(40, scale) },
  };
}

/** For operations of up to 45 s at full scale. */
export function timing(scale: number): ConfigInput['timing'] {
  return {
    warmUp: { atLeast: ms(45, scale), atMost: ms(150, scale) },
    window: { atLeast: ms(80, scale), operationsPerClient: 3, atMost: ms(250, scale) },
    drain: ms(120, scale),
    recovery: { within: ms(150, scale), otherwise: 'restart' },
  };
}

/** Four pilots with room for the highest level; the spread of a start is theirs to keep. */
export function pilots(highest: number, scale: number): ConfigInput['pools'] {
  return [{ kind: 'local', site: 'here', pilots: 4, slotsPerPilot: Math.ceil(clients(highest, scale) / 4) + 2 }];
}

/** The campaign fails itself when it measures this machine: service and clients are to stay under 60 % of a core. */
export const WELL_UNDER_ONE_CORE = { 'frontend cpu < 60 %': 'fail', 'generator cpu < 60 %': 'fail' } as const;
