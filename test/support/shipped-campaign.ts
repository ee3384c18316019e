/** Runs a campaign of `campaigns/` as a user does. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Summary } from '../../reports/summary.ts';
import { type CliEnd, readSummary, runCli } from './cli.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const CAMPAIGNS = fileURLToPath(new URL('../../campaigns/', import.meta.url));
const ENDS_WITHIN_MS = 280_000;

export type ShippedCampaign = CliEnd & { directory: string; summary: Summary };

/** @param set `path=value` of each `--set` */
export async function runShippedCampaign(
  t: ExecutionContext,
  name: string,
  set: readonly string[] = [],
): Promise<ShippedCampaign> {
  const folder = await makeTemporaryFolder(t);
  const directory = join(folder, 'out');
  const flags = set.flatMap((each) => ['--set', each]);
  const end = await runCli(t, ['run', join(CAMPAIGNS, `${name}.ts`), '--out', directory, ...flags], {
    folder,
    endsWithinMs: ENDS_WITHIN_MS,
  });
  try {
    return { ...end, directory, summary: await readSummary(directory) };
  } catch (cause) {
    throw new Error(`no summary; exit ${end.exitCode}:\n${end.stderr}`, { cause });
  }
}

/** What was expected and what was found, for the log. */
export function listFindings({ findings, thresholds }: Summary): string[] {
  const rows = (findings?.rows ?? []).map(({ says, measured, verdict }) => `${verdict}: ${says}: ${measured}`);
  return [...rows, ...thresholds.map(({ check, measured, verdict }) => `${verdict}: ${check}: ${measured}`)];
}
