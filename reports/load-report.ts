/**
 * What a report is made of, from disk, without service or pilots. A cell's summary is the one that stands beside its rows, when
 * the measures are those that made it and the rows have not changed in size; otherwise, and when asked for, the cell is measured
 * anew. Nothing is written.
 */

import { stat } from 'node:fs/promises';
import { messageOf, systemCodeOf } from '../foundation/error.ts';
import type { CampaignRecord } from './campaign-record.ts';
import { readOperationBlocks } from './cell-store.ts';
import type { CellEvidence, CellIdentity } from './evidence.ts';
import { evaluateFindings, evaluateThresholds } from './expectations/verdicts.ts';
import { MEASURES_VERSION, measureCell, skippedCell, unreadableCell } from './measure.ts';
import { modelCampaign } from './models/model-series.ts';
import type { OperationBlock } from './operation.ts';
import type { ReportFacts, ReportView } from './report-facts.ts';
import { type CellRecord, cellFiles, findCellRecord, readCampaign } from './result-directory.ts';
import { type CellSummary, CellSummarySchema, SUMMARY_VERSION } from './summary.ts';

/** A cell as the disk has it; without facts it was not finished or can't be read. */
type StoredCell = { summary: CellSummary; facts: Pick<CellEvidence, 'timeoutsMs' | 'addresses'> | null };

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
  const cells: StoredCell[] = [];
  for (const identity of record.cells) cells.push(await loadCell(directory, identity, { record, anew, isRunning }));
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
    acquisition: null,
  } as const;
  return { summary, facts: gatherFacts(record, cells) };
}

type LoadOptions = { record: CampaignRecord; anew: boolean; isRunning: boolean };

async function loadCell(directory: string, identity: CellIdentity, options: LoadOptions): Promise<StoredCell> {
  try {
    const stored = await findCellRecord(directory, identity.id);
    if (stored === null) return { summary: skippedCell(identity, explainAbsence(identity, options)), facts: null };
    const { timeoutsMs, addresses } = stored.evidence;
    const rowsFile = cellFiles(directory, identity.id).operations;
    const rowsBytes = await findSize(rowsFile);
    const summary =
      !options.anew && isUpToDate(stored, rowsBytes) ? stored.summary : await measureAnew(stored, rowsFile);
    return { summary, facts: { timeoutsMs, addresses } };
  } catch (error) {
    return { summary: unreadableCell(identity, `Could not be read: ${messageOf(error)}`), facts: null };
  }
}

function isUpToDate({ madeOf }: CellRecord, rowsBytes: number | null): boolean {
  return madeOf !== null && madeOf.measures === MEASURES_VERSION && madeOf.rowsBytes === rowsBytes;
}

/** One that ended before its first row may have no file. */
async function measureAnew({ evidence }: CellRecord, rowsFile: string): Promise<CellSummary> {
  const expected = evidence.pilots.reduce((sum, { rowsStored }) => sum + rowsStored, 0);
  const isWithoutRows = expected === 0 && (await findSize(rowsFile)) === null;
  const summary = await measureCell(evidence, isWithoutRows ? noBlocks() : readOperationBlocks(rowsFile));
  // As it would be read back: the same text, whether it was measured now or then.
  return CellSummarySchema.parse(summary);
}

/** Null when there is no such file. */
async function findSize(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function* noBlocks(): AsyncGenerator<OperationBlock> {
  yield* [];
}

function explainAbsence({ id }: CellIdentity, { record, isRunning }: LoadOptions): string {
  const skipped = record.skipped.find((cell) => cell.id === id);
  if (skipped !== undefined) return skipped.reason;
  return isRunning ? 'Not measured yet.' : 'Not measured: the campaign ended before this cell did.';
}

/** Each set of timeouts once, with the targets that have it. */
function listTimeouts(cells: readonly StoredCell[]): ReportFacts['timeouts'] {
  const known = cells.flatMap(({ summary: { target }, facts }) => (facts === null ? [] : [{ target, ...facts }]));
  const groups = Map.groupBy(known, ({ timeoutsMs }) => JSON.stringify(timeoutsMs));
  return [...groups.values()].map((alike) => ({
    targets: [...new Set(alike.map(({ target }) => target))],
    timeoutsMs: (alike[0] as (typeof alike)[number]).timeoutsMs,
  }));
}

function gatherFacts(record: CampaignRecord, cells: readonly StoredCell[]): ReportFacts {
  const known = cells.flatMap(({ facts }) => (facts === null ? [] : [facts]));
  return {
    record,
    timeouts: listTimeouts(cells),
    addresses: [...new Set(known.flatMap(({ addresses }) => addresses))],
    details: new Map(),
    pilots: [],
    acquisition: null,
  };
}
