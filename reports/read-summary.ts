/** `summary.json` of this version or an earlier one, as this version has it. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { GlideTesterError, messageOf } from '../foundation/error.ts';
import { modelCampaign } from './models/model-series.ts';
import { SUMMARY_VERSION, type Summary, SummarySchema } from './summary.ts';

/** Version 1 had neither models, which follow from the cells, nor acquisition. */
const EarlierSummarySchema = SummarySchema.omit({ models: true, acquisition: true }).extend({ version: z.literal(1) });
const AnySummarySchema = z.discriminatedUnion('version', [SummarySchema, EarlierSummarySchema]);

/** @throws z.ZodError when it is no summary of a known version */
export function parseSummary(value: unknown): Summary {
  const parsed = AnySummarySchema.parse(value);
  if (parsed.version === SUMMARY_VERSION) return parsed;
  return { ...parsed, version: SUMMARY_VERSION, models: modelCampaign(parsed.cells), acquisition: null };
}

/** @throws GlideTesterError GT_RESULT_NOT_READABLE */
export async function readSummary(file: string): Promise<Summary> {
  try {
    return parseSummary(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const problem =
      cause instanceof z.ZodError
        ? cause.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
        : [messageOf(cause)];
    throw new GlideTesterError(
      'GT_RESULT_NOT_READABLE',
      `expected a summary of version 1 to ${SUMMARY_VERSION} in ${file}: ${problem.join('; ')}`,
      { hint: 'give the summary.json that `glidetester run` or `glidetester report` wrote', cause },
    );
  }
}
