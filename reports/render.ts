/** A report again from disk: every cell measured anew from its rows and evidence, without service or pilots. */

import { access } from 'node:fs/promises';
import { messageOf } from '../foundation/error.ts';
import type { CampaignRecord } from './campaign-record.ts';
import { readOperationBlocks } from './cell-store.ts';
import type { CellEvidence, CellIdentity } from './evidence.ts';
import { evaluateFindings, evaluateThresholds } from './expectations/verdicts.ts';
import { measureCell, skippedCell, unreadableCell } from './measure.ts';
import type { OperationBlock } from './operation.ts';
import { type PageFacts, renderPage } from './page.ts';
import { cellFiles, findCellRecord, readCampaign, reportFile, summaryFile, writeDurably } from './result-directory.ts';
import type { CellSummary, Summary } from './summary.ts';

/** A cell as the disk has it; without facts it was not finished or can't be read. */
type StoredCell = { summary: CellSummary; facts: Pick<CellEvidence, 'timeoutsMs' | 'addresses'> | null };

/**
 * Writes summary.json and report.html of a result directory and returns the report's path with the summary. A cell whose files
 * can't be read is shown as failed with the reason; the others are not touched by that.
 *
 * @throws GlideTesterError GT_RESULT_NOT_READABLE without a readable campaign.json, GT_RESULT_NOT_WRITABLE
 */
export async function renderReport(directory: string): Promise<{ file: string; summary: Summary }> {
  const record = await readCampaign(directory);
  const cells: StoredCell[] = [];
  for (const identity of record.cells) cells.push(await loadCell(directory, identity, record));
  const summaries = cells.map((cell) => cell.summary);
  const summary: Summary = {
    version: 1,
    name: record.name,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    complete: cells.every(({ facts }) => facts !== null),
    cells: summaries,
    findings: evaluateFindings(record, summaries),
    thresholds: evaluateThresholds(record, summaries),
  };
  const file = reportFile(directory);
  await writeDurably(summaryFile(directory), `${JSON.stringify(summary, null, 2)}\n`);
  await writeDurably(file, await renderPage(summary, gatherFacts(record, cells)));
  return { file, summary };
}

async function loadCell(directory: string, identity: CellIdentity, record: CampaignRecord): Promise<StoredCell> {
  try {
    const stored = await findCellRecord(directory, identity.id);
    if (stored === null) return { summary: skippedCell(identity, explainAbsence(identity, record)), facts: null };
    const { evidence } = stored;
    const blocks = await openRows(cellFiles(directory, identity.id).operations, evidence);
    const { timeoutsMs, addresses } = evidence;
    return { summary: await measureCell(evidence, blocks), facts: { timeoutsMs, addresses } };
  } catch (error) {
    return { summary: unreadableCell(identity, `Could not be read: ${messageOf(error)}`), facts: null };
  }
}

/** The rows of a cell; one that ended before its first row may have no file. */
async function openRows(file: string, { pilots }: CellEvidence): Promise<AsyncIterable<OperationBlock>> {
  const expected = pilots.reduce((sum, { rowsStored }) => sum + rowsStored, 0);
  return expected === 0 && !(await exists(file)) ? noBlocks() : readOperationBlocks(file);
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}

async function* noBlocks(): AsyncGenerator<OperationBlock> {
  yield* [];
}

function explainAbsence({ id }: CellIdentity, { skipped }: CampaignRecord): string {
  return skipped.find((cell) => cell.id === id)?.reason ?? 'Not measured: the campaign ended before this cell did.';
}

/** Each set of timeouts once, with the targets that have it. */
function listTimeouts(cells: readonly StoredCell[]): PageFacts['timeouts'] {
  const known = cells.flatMap(({ summary: { target }, facts }) => (facts === null ? [] : [{ target, ...facts }]));
  const groups = Map.groupBy(known, ({ timeoutsMs }) => JSON.stringify(timeoutsMs));
  return [...groups.values()].map((alike) => ({
    targets: [...new Set(alike.map(({ target }) => target))],
    timeoutsMs: (alike[0] as (typeof alike)[number]).timeoutsMs,
  }));
}

function gatherFacts(record: CampaignRecord, cells: readonly StoredCell[]): PageFacts {
  const known = cells.flatMap(({ facts }) => (facts === null ? [] : [facts]));
  return {
    record,
    timeouts: listTimeouts(cells),
    addresses: [...new Set(known.flatMap(({ addresses }) => addresses))],
  };
}
