/** `summary.json`: the measures of every cell. The schema here is the published one (`docs/summary.schema.json`). */

import { z } from 'zod';
import { ConnectionCountsSchema } from '../foundation/connection-counts-schema.ts';
import { SiteAcquisitionSchema } from './acquisition.ts';
import { CellIdentitySchema, GeneratorHealthSchema, ServiceUseSchema } from './evidence.ts';
import { SeriesModelSchema } from './models/series-model.ts';

/** What a mark says about a cell: something a reader must know before believing its numbers. */
export const MARK_CODES = [
  'transient',
  'short',
  'generator-bound',
  'unsteady',
  'rate-disagreement',
  'little',
  'server-difference',
  'pilot-lost',
  'cut',
  'rows-missing',
  'sessions-resumed',
  'retransmitted',
  'local-failures',
] as const;

const MarkSchema = z.object({
  code: z.enum(MARK_CODES),
  /** The value that tripped the mark, and the limit that it crossed; both in the unit that `text` names. */
  value: z.number(),
  limit: z.number(),
  /** One sentence with value, limit and unit. */
  text: z.string(),
});

const milliseconds = z.number().nullable();

const ServiceTimeSchema = z.object({
  count: z.number().int(),
  mean: milliseconds,
  p50: milliseconds,
  p90: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
  max: milliseconds,
});

const PhasesSchema = z.object({
  connect: milliseconds,
  handshake: milliseconds,
  firstByte: milliseconds,
  rest: milliseconds,
});

/** The clients of one site in one cell, where there are several sites: as the whole cell's figures of the same names. */
const SiteSummarySchema = z.object({
  site: z.string(),
  /** Clients that were fired there. */
  clients: z.number().int(),
  ratePerS: z.number().nullable(),
  serviceTimeMs: ServiceTimeSchema,
  phasesMs: PhasesSchema,
});

export const CellSummarySchema = CellIdentitySchema.extend({
  state: z.enum(['ok', 'degraded', 'failed', 'skipped']),
  /** Why the state is not ok; null when it is. */
  reason: z.string().nullable(),
  marks: z.array(MarkSchema),
  /** The headline: edge-corrected, or the completed rate in a transient cell; null in a cell without a window. */
  ratePerS: z.number().nullable(),
  rateCompletedPerS: z.number().nullable(),
  /** Clients held, time average over the window. */
  held: z.number(),
  /** Clients in flight, time average over the window, from the gauges. */
  inFlight: z.number().nullable(),
  turning: z.number().nullable(),
  pausing: z.number().nullable(),
  windowMs: z.object({ open: z.number(), close: z.number() }).nullable(),
  /** All operations from T0 to drained. */
  operations: z.object({
    ok: z.number().int(),
    failed: z.number().int(),
    cut: z.number().int(),
    byOutcome: z.record(z.string(), z.number().int()),
  }),
  /** Requests beyond the first of those operations; results from before they were counted had none. */
  followUps: z
    .object({
      /** Times that the service was asked whether it had done what it had queued. */
      polls: z.number().int(),
      /** Further pages of an answer that were asked for. */
      pages: z.number().int(),
    })
    .default({ polls: 0, pages: 0 }),
  /** Operations that ended in the window. */
  inWindow: z.object({ ok: z.number().int(), failed: z.number().int(), local: z.number().int() }),
  /** Successful operations that started in the window; a percentile with too few operations behind it is null. */
  serviceTimeMs: ServiceTimeSchema,
  /** Mean of each phase over the same operations; null when no operation had the phase. */
  phasesMs: PhasesSchema,
  /** Failed operations that started in the window, apart. */
  failureTimeMs: z.object({ count: z.number().int(), mean: milliseconds, max: milliseconds }),
  /** The first operation of every client, apart: it felt the common start. */
  firstCohort: z.object({ count: z.number().int(), ok: z.number().int(), meanMs: milliseconds, maxMs: milliseconds }),
  startSkewMs: z.object({ p50: milliseconds, p99: milliseconds, max: milliseconds, clockErrorMs: milliseconds }),
  /** (in flight by the rows - in flight by the gauges) / in flight by the gauges. */
  littleErrorRatio: z.number().nullable(),
  server: z.object({ counted: z.number().int(), difference: z.number().int() }).nullable(),
  recoveryMs: z.number().nullable(),
  /** Not recovered in time, and no operation succeeded in the second half of the window; null: whether it recovers was not tried. */
  hung: z.boolean().nullable().default(null),
  /** Of the pilots that told, for the whole cell; null: none did. */
  connections: ConnectionCountsSchema.nullable().default(null),
  /** Distinct identities that the clients showed; 0: they showed no certificate. */
  identities: z.number().int().min(0).default(0),
  /** Worst over the cell's pilots; `tcp` summed over their hosts. */
  generator: GeneratorHealthSchema.nullable(),
  /** CPU time of all pilots together over the window; null: not every pilot told. */
  generatorCpuShare: z.number().nullable().default(null),
  /** What an embedded service says of itself, from T0 to drained; null: the service does not tell. */
  service: ServiceUseSchema.nullable().default(null),
  /** Each site apart; empty with one site only. */
  sites: z.array(SiteSummarySchema).default([]),
});

/** What became of an expectation or a threshold: `not measured` when what it speaks of was not. */
const VerdictSchema = z.object({
  /** As it stands in the config. */
  check: z.string(),
  verdict: z.enum(['met', 'not met', 'not measured']),
  /** What was found, for people, with units: `0.0249 Hz/client`; why not, when it was not measured. */
  measured: z.string(),
});

/** docs/results.md says what raises it. Version 1 had neither models nor acquisition. */
export const SUMMARY_VERSION = 2;

export const SummarySchema = z.object({
  version: z.literal(SUMMARY_VERSION),
  name: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Whether every planned cell was measured. */
  complete: z.boolean(),
  cells: z.array(CellSummarySchema),
  /** What was expected, by whom, and what was found; null: nothing was. */
  findings: z
    .object({ source: z.string(), rows: z.array(VerdictSchema.extend({ says: z.string() })) })
    .nullable()
    .default(null),
  thresholds: z.array(VerdictSchema.extend({ otherwise: z.enum(['fail', 'abort']) })).default([]),
  /** One a series (target, scenario and directory size). */
  models: z.array(SeriesModelSchema),
  /** A site each; null: there is no journal, or a result from before this was kept. */
  acquisition: z.array(SiteAcquisitionSchema).nullable(),
});

export type SiteSummary = z.infer<typeof SiteSummarySchema>;
export type Verdict = z.infer<typeof VerdictSchema>;
export type Mark = z.infer<typeof MarkSchema>;
export type CellSummary = z.infer<typeof CellSummarySchema>;
export type Summary = z.infer<typeof SummarySchema>;
