/** What a report shows beside the measures: all that is read from a result directory, but for `summary.json`. */

import type { Acquisition } from './acquisition.ts';
import type { CampaignRecord } from './campaign-record.ts';
import type { CellDetail } from './cell-detail.ts';
import type { CellEvidence } from './evidence.ts';
import type { PilotLine } from './pilot-lines.ts';
import type { Summary } from './summary.ts';

export type TimeoutsMs = CellEvidence['timeoutsMs'];

export type ReportFacts = {
  record: Pick<CampaignRecord, 'config' | 'environment'>;
  /** Client timeouts of the cells that were measured, each set once with its targets. */
  timeouts: readonly { targets: string[]; timeoutsMs: TimeoutsMs }[];
  /** Addresses that the targets had. */
  addresses: string[];
  /** By cell id; of cells that were measured. */
  details: ReadonlyMap<string, CellDetail>;
  pilots: readonly PilotLine[];
  /** Null: the directory has no journal. */
  acquisition: Acquisition | null;
};

/** All that a report is made of. */
export type ReportView = { summary: Summary; facts: ReportFacts };
