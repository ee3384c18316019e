import { readFile } from 'node:fs/promises';
import test from 'ava';
import { SCHEMA_FILE, describeSummarySchema } from '../../scripts/summary-schema.ts';

test('the published schema of summary.json is the one that the code checks with', async (t) => {
  const published = await readFile(SCHEMA_FILE, 'utf8');
  t.is(published, describeSummarySchema(), 'run `node scripts/summary-schema.ts` and commit docs/summary.schema.json');
});
