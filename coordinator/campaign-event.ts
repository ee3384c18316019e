/** What a campaign tells while it runs: the terminal (and later a browser) draws from these, and from nothing else. */

import type { OutcomeCounts } from '../foundation/outcome.ts';
import type { CellIdentity } from '../reports/evidence.ts';
import type { CellSummary, Summary } from '../reports/summary.ts';

/** The steps of a cell, in order. */
export type CellPhase = 'acquiring' | 'preparing' | 'warm-up' | 'window' | 'drain' | 'recovery';

/** One operation before the first cell, from one site. Phases in ms; null: not reached or not needed. */
export type TriedOperation = {
  site: string;
  /** What was done, for people: `srmLs /d20`. */
  operation: string;
  outcome: string;
  connectMs: number | null;
  handshakeMs: number | null;
  firstByteMs: number | null;
  restMs: number | null;
  answerBytes: number;
};

export type ClientsFacts = {
  /** Distinct identities. */
  users: number;
  /** How long the first of their credentials to end is good. */
  validForMs: number;
  gsi: boolean;
  /** How many are trusted. */
  authorities: number;
  /** Lowest and highest that is agreed to, once if they are one. */
  tlsVersions: string[];
};

export type TargetFacts = {
  name: string;
  url: string;
  addresses: string[];
  /** Who the clients are, and how their connections are secured; null: anybody, not at all. */
  clients: ClientsFacts | null;
  permissionBy: string | null;
  timeouts: { connect: string; handshake: string; answer: string };
};

/** Where live metrics go to; null: not there. */
export type TelemetryFacts = {
  /** Where Prometheus can read them, with the port that was chosen. */
  prometheusUrl: string | null;
  otlp: { url: string; everyMs: number } | null;
};

export type CampaignEvent =
  | {
      type: 'campaign-started';
      name: string;
      directory: string;
      targets: TargetFacts[];
      cells: number;
      /** Expected length of the whole campaign, from the config alone. */
      expectedMs: { least: number; most: number };
    }
  /** Right after `campaign-started`, if metrics are exported. */
  | ({ type: 'telemetry-started' } & TelemetryFacts)
  | { type: 'operation-tried'; tried: TriedOperation }
  | { type: 'cell-started'; position: number; cell: CellIdentity; attempt: number }
  | { type: 'phase'; phase: CellPhase }
  | {
      /** Several times a second while a cell runs. */
      type: 'progress';
      heldClients: number;
      readyPilots: number;
      pendingPilots: number;
      inFlight: number;
      /** Successful operations that ended in the last second or so, per second. */
      ratePerS: number;
      failed: number;
      /** All operations of this attempt so far, by how they ended. */
      operations: OutcomeCounts;
      /** Since the present phase began, and the longest that it may last (null: unknown). */
      phaseElapsedMs: number;
      phaseAtMostMs: number | null;
    }
  | { type: 'cell-finished'; position: number; summary: CellSummary }
  | { type: 'warning'; text: string }
  | { type: 'campaign-finished'; summary: Summary; report: string | null };

/** Never throws; called on the coordinator's own thread. */
export type CampaignObserver = (event: CampaignEvent) => void;
