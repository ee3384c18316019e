/** What a report is made of, from disk, without service or pilots. Nothing is written. */

import { messageOf } from '../foundation/error.ts';
import type { CampaignRecord } from './campaign-record.ts';
import type { CellDetail } from './cell-detail.ts';
import type { CellEvidence, CellIdentity } from './evidence.ts';
import { evaluateFindings, evaluateThresholds } from './expectations/verdicts.ts';
import { loadCell } from './load-cell.ts';
import { skippedCell, unreadableCell } from './measure.ts';
import { modelCampaign } from './models/model-series.ts';
import { type PilotGathering, gatherPilots } from './pilot-lines.ts';
import { readAcquisition } from './read-acquisition.ts';
import type { ReportFacts, ReportView } from './report-facts.ts';
import { journalFile, readCampaign } from './result-directory.ts';
import { type CellSummary, SUMMARY_VERSION } from './summary.ts';

/** A cell as the disk has it; without facts it was not finished or can't be read. */
type KnownCell = {
  summary: CellSummary;
  facts: (Pick<CellEvidence, 'timeoutsMs' | 'addresses'> & { detail: CellDetail }) | null;
};

/**
 * The view of a result directory. A cell whose files can't be read is in it as failed with the reason; the others are not touched
 * by that.
 *
 * @param options `anew`: whether every cell is measured from its rows, even if its stored summary would do; `isRunning`: whether
 * the campaign is under way, so that cells without files may yet come
 * @throws GlideTesterError GT_RESULT_NOT_READABLE without a readable campaign.json
 */
export async function loadReport(
  directory: string,
  { anew = false, isRunning = false }: { anew?: boolean; isRunning?: boolean } = {},
): Promise<ReportView> {
  const record = await readCampaign(directory);
  const acquisition = await readAcquisition(journalFile(directory));
  const pilots = gatherPilots();
  const options = { record, anew, isRunning, pilots };
  const cells: KnownCell[] = [];
  for (const identity of record.cells) cells.push(await loadKnown(directory, identity, options));
  const summaries = cells.map((cell) => cell.summary);
  const summary = {
    version: SUMMARY_VERSION,
    name: record.name,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    complete: cells.every(({ facts }) => facts !== null),
    cells: summaries,
    findings: evaluateFindings(record, summaries),
    thresholds: evaluateThresholds(record, summaries),
    models: modelCampaign(summaries),
    acquisition: acquisition?.sites ?? null,
  } as const;
  return { summary, facts: { ...gatherFacts(record, cells), pilots: pilots.lines(), acquisition } };
}

type LoadOptions = { record: CampaignRecord; anew: boolean; isRunning: boolean };

/** What is kept of a cell while the others are read: its evidence is not. */
async function loadKnown(
  directory: string,
  identity: CellIdentity,
  { pilots, ...options }: LoadOptions & { pilots: PilotGathering },
): Promise<KnownCell> {
  try {
    const stored = await loadCell(directory, identity.id, options.anew);
    if (stored === null) return { summary: skippedCell(identity, explainAbsence(identity, options)), facts: null };
    const { summary, detail, evidence } = stored;
    pilots.add(evidence);
    return { summary, facts: { detail, timeoutsMs: evidence.timeoutsMs, addresses: evidence.addresses } };
  } catch (error) {
    return { summary: unreadableCell(identity, `Could not be read: ${messageOf(error)}`), facts: null };
  }
}

function explainAbsence({ id }: CellIdentity, { record, isRunning }: LoadOptions): string {
  const skipped = record.skipped.find((cell) => cell.id === id);
  if (skipped !== undefined) return skipped.reason;
  return isRunning ? 'Not measured yet.' : 'Not measured: the campaign ended before this cell did.';
}

/** Each set of timeouts once, with the targets that have it. */
function listTimeouts(cells: readonly KnownCell[]): ReportFacts['timeouts'] {
  const known = cells.flatMap(({ summary: { target }, facts }) => (facts === null ? [] : [{ target, ...facts }]));
  const groups = Map.groupBy(known, ({ timeoutsMs }) => JSON.stringify(timeoutsMs));
  return [...groups.values()].map((alike) => ({
    targets: [...new Set(alike.map(({ target }) => target))],
    timeoutsMs: (alike[0] as (typeof alike)[number]).timeoutsMs,
  }));
}

function gatherFacts(record: CampaignRecord, cells: readonly KnownCell[]): Omit<ReportFacts, 'pilots' | 'acquisition'> {
  const known = cells.flatMap(({ summary: { id }, facts }) => (facts === null ? [] : [{ id, ...facts }]));
  return {
    record,
    timeouts: listTimeouts(cells),
    addresses: [...new Set(known.flatMap(({ addresses }) => addresses))],
    details: new Map(known.map(({ id, detail }) => [id, detail])),
  };
}
