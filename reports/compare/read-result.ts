/** A result to be compared: of a result directory, or of a summary.json alone. */

import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GlideTesterError, messageOf, systemCodeOf } from '../../foundation/error.ts';
import type { CampaignRecord } from '../campaign-record.ts';
import { loadReport } from '../load-report.ts';
import { readSummary } from '../read-summary.ts';
import { readCampaign, summaryFile } from '../result-directory.ts';
import type { Summary } from '../summary.ts';

export type CompareInput = {
  /** As it was given. */
  path: string;
  summary: Summary;
  /** Null: there is no campaign.json of it. */
  record: Pick<CampaignRecord, 'config' | 'environment'> | null;
};

/**
 * @param path a result directory, or a summary.json of any version; campaign.json is read from beside it
 * @throws GlideTesterError GT_RESULT_NOT_READABLE
 */
export async function readResult(path: string): Promise<CompareInput> {
  if (!(await isFolder(path))) return withRecord(path, await readSummary(path), dirname(path));
  const stored = await findSummary(path);
  if (stored?.complete === true) return withRecord(path, stored, path);
  // Of a campaign that is under way, was interrupted or crashed: its cells say more than a summary that may be older.
  const { summary, facts } = await loadReport(path);
  if (stored !== null && countMeasured(stored) > countMeasured(summary)) return withRecord(path, stored, path);
  return { path, summary, record: facts.record };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    const what = systemCodeOf(cause) === 'ENOENT' ? `there is nothing at ${path}` : messageOf(cause);
    throw new GlideTesterError('GT_RESULT_NOT_READABLE', `expected a result directory or a summary.json, ${what}`, {
      hint: 'give the directory that `glidetester run` wrote, such as results/latest, or its summary.json',
      cause,
    });
  }
}

/** Null: the directory has none. */
async function findSummary(directory: string): Promise<Summary | null> {
  try {
    await stat(summaryFile(directory));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
  return readSummary(summaryFile(directory));
}

/** The campaign.json of the folder, if it is of the same campaign. */
async function withRecord(path: string, summary: Summary, folder: string): Promise<CompareInput> {
  const record = await readCampaign(folder).catch(() => null);
  const isItsOwn = record?.name === summary.name && record.startedAt === summary.startedAt;
  return { path, summary, record: isItsOwn ? record : null };
}

function countMeasured({ cells }: Summary): number {
  return cells.filter(({ windowMs }) => windowMs !== null).length;
}
