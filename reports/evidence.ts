/**
 * What a cell leaves behind beside its operation rows: everything that the measures need and that the rows cannot tell.
 * Written to `cells/<id>/cell.json`, so that a report can be made again without service or pilots.
 */

import { z } from 'zod';
import { ConnectionCountsSchema } from '../foundation/connection-counts-schema.ts';
import { ExhaustedSchema } from '../foundation/exhausted.ts';
import { TcpCountsSchema } from '../foundation/tcp-counts.ts';

/** How one pilot's clock was tied to the coordinator's. */
const ClockTieSchema = z.object({
  method: z.enum(['shared-clock', 'exchange']),
  /** Pilot's clock minus coordinator's clock, best estimate over the cell. */
  offsetMs: z.number(),
  /** The true offset lies within offsetMs ± errorMs (shortest round trip, asymmetry and drift included). */
  errorMs: z.number().min(0),
  /** To add to a row's start to put it on the coordinator's clock: offset used at the shot minus `offsetMs`. */
  startCorrectionMs: z.number(),
});

/** What its threads, cgroup and host say besides; null: not readable, or a result from before it was kept. */
const HostHealth = {
  /** How long something that comes at any moment waits for the loop of its worst thread, on average over all moments. */
  loopLateMeanMs: z.number().min(0).nullable().default(null),
  /** Time that a CPU quota of its cgroup, or of one above, stopped it, over the span; summed over cores, so it may exceed 1. */
  throttledShare: z.number().min(0).nullable().default(null),
  /** Share of the time that some task waited for a core (PSI): in its cgroup where the kernel tells that, else on its host. */
  pressureShare: z.number().min(0).nullable().default(null),
  /** Share of the time of its host's cores that the hypervisor gave to others. */
  stolenShare: z.number().min(0).nullable().default(null),
  /** On its host, whoever caused it. */
  tcp: TcpCountsSchema.nullable().default(null),
};

/** Health of one pilot's load generation over the window (null: not readable, or the pilot was lost). */
export const GeneratorHealthSchema = z.object({
  /** Event-loop utilisation of its busiest thread, 0 … 1. */
  loopUtilisation: z.number().min(0).max(1),
  /** 99th percentile of the event-loop delay of its worst thread, above the timer's own resolution. */
  loopDelayP99Ms: z.number().min(0),
  /** CPU time of the whole process over wall time; may exceed 1 with several threads. */
  cpuShare: z.number().min(0),
  /** Share of the time spent in garbage collection. */
  gcShare: z.number().min(0),
  /** Share of the time that its threads were runnable but waited for a core (/proc/self/task/<tid>/schedstat, worst thread). */
  runQueueShare: z.number().min(0).nullable(),
  ...HostHealth,
});

export const PilotEvidenceSchema = z.object({
  id: z.string(),
  site: z.string(),
  host: z.string(),
  pid: z.number().int(),
  /** Its clients are numbered firstClient … firstClient + clients - 1. */
  firstClient: z.number().int().min(0),
  clients: z.number().int().min(0),
  clock: ClockTieSchema,
  /** When the coordinator noticed its loss, relative to T0; null: it stayed. */
  lostAtMs: z.number().nullable(),
  health: GeneratorHealthSchema.nullable(),
  /** Rows that the pilot says it sent (null: lost before it could say) and rows that came to disk. */
  rowsSent: z.number().int().nullable(),
  rowsStored: z.number().int(),
  /** Null: lost before it could say, or a result from before connections were counted. */
  /** Those that it opened for the cell, before and after T0. */
  connections: ConnectionCountsSchema.nullable().default(null),
});

/**
 * The gauges of all threads together: integrals since T0 of the number of clients in each state, in client-milliseconds, at
 * the grid points 0, everyMs, 2·everyMs, … A time average over [a, b] is (I(b) - I(a)) / (b - a).
 */
export const GaugeSeriesSchema = z.object({
  everyMs: z.number().positive(),
  inFlight: z.array(z.number()),
  turning: z.array(z.number()),
  pausing: z.array(z.number()),
});

const WindowSchema = z.object({
  /** Relative to T0; both lie on the gauges' grid. */
  openMs: z.number().min(0),
  closeMs: z.number().min(0),
  openedBy: z.enum(['every-client-ended-one', 'warm-up-limit']),
  closedBy: z.enum(['content', 'at-most']),
});

/** The server's count from T0 to drained, and how it compares with the rows. */
const ServerCountSchema = z.object({
  source: z.enum(['frontend', 'hook']),
  /** Operations that the service says it answered with success. */
  counted: z.number().int(),
  /** Its count per outcome, where it tells. */
  byOutcome: z.record(z.string(), z.number().int()),
  /** Operations that we ended or gave up and that the service lists as answered with success all the same. */
  okButCutHere: z.number().int(),
});

/** What an embedded service says of itself: how its cumulative counters grew from T0 to drained. */
export const ServiceUseSchema = z.object({
  /** CPU time of its process over the wall time; may exceed 1. The mapping service that it asks is not in it. */
  cpuShare: z.number().min(0),
  /** Requests that it made to its mapping service. */
  callOuts: z.number().int().min(0),
  /** Connections that did not get a container thread at once. */
  waitedForThread: z.number().int().min(0),
  /** What was turned away, by what had run out: places in the accept queue, heap, descriptors. */
  exhausted: ExhaustedSchema,
});

const RecoverySchema = z.object({
  /** From the moment that all client sockets were closed to the first of the answers in time; null: not recovered. */
  recoveredMs: z.number().nullable(),
  /** An answer counts when it comes within this time (twice the p95 of the probes before the campaign). */
  answerWithinMs: z.number(),
  withinMs: z.number(),
  probes: z.number().int(),
});

export const CellIdentitySchema = z.object({
  id: z.string(),
  target: z.string(),
  scenario: z.string(),
  /** Files in the directory that is listed; null for scenarios without one. */
  directorySize: z.number().int().nullable(),
  level: z.number().int().positive(),
  run: z.number().int().positive(),
});

export const CellEvidenceSchema = CellIdentitySchema.extend({
  version: z.literal(1),
  attempt: z.number().int().positive(),
  /** Unix time of T0. */
  t0AtMs: z.number(),
  /** Clients that were fired at T0. */
  clientsFired: z.number().int().min(0),
  window: WindowSchema.nullable(),
  /** When the last operation that counts had ended, relative to T0. */
  drainedMs: z.number().nullable(),
  /** Why the cell could not be measured to its end, or null. */
  failure: z.string().nullable(),
  addresses: z.array(z.string()),
  /** Null: a result from before this was kept. */
  connection: z.object({ perOperation: z.boolean() }).nullable().default(null),
  /** Distinct identities that the clients showed; 0: they showed no certificate. */
  identities: z.number().int().min(0).default(0),
  timeoutsMs: z.object({ connect: z.number(), handshake: z.number(), answer: z.number() }),
  /** First sends were to be spread over this time; 0: all together. */
  startSpreadMs: z.number().min(0),
  pilots: z.array(PilotEvidenceSchema),
  gauges: GaugeSeriesSchema,
  server: ServerCountSchema.nullable(),
  /** Null: the service does not tell, or a result from before this was kept. */
  service: ServiceUseSchema.nullable().default(null),
  recovery: RecoverySchema.nullable(),
});

export type CellIdentity = z.infer<typeof CellIdentitySchema>;
export type CellEvidence = z.infer<typeof CellEvidenceSchema>;
export type PilotEvidence = z.infer<typeof PilotEvidenceSchema>;
export type GaugeSeries = z.infer<typeof GaugeSeriesSchema>;
export type CellWindow = z.infer<typeof WindowSchema>;
export type GeneratorHealth = z.infer<typeof GeneratorHealthSchema>;
export type ClockTie = z.infer<typeof ClockTieSchema>;
export type ServerCount = z.infer<typeof ServerCountSchema>;
export type ServiceUse = z.infer<typeof ServiceUseSchema>;
export type Recovery = z.infer<typeof RecoverySchema>;
