/** Writes docs/summary.schema.json, the published form of the schema of summary.json. */

import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { SUMMARY_VERSION, SummarySchema } from '../reports/summary.ts';

export const SCHEMA_FILE = new URL('../docs/summary.schema.json', import.meta.url);

/** JSON Schema (draft 2020-12) of summary.json as text. */
export function describeSummarySchema(): string {
  // As input, so that a reader with this schema accepts the fields that a later version adds.
  const schema = {
    title: `GlideTester summary.json, version ${SUMMARY_VERSION}`,
    ...z.toJSONSchema(SummarySchema, { io: 'input' }),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) await writeFile(SCHEMA_FILE, describeSummarySchema());
