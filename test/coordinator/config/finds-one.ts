/** What a rule says about a config that breaks it alone. */

import test from 'ava';
import { checkAcrossKeys } from '../../../coordinator/config/check-config.ts';
import { sampleConfig } from './sample-config.ts';

/** The sample with these changes breaks one rule, which is told at this path, in these words among others. */
export const findsOne = test.macro<[changes: Record<string, unknown>, path: string, words: string[]]>(
  (t, changes, path, words) => {
    const findings = checkAcrossKeys(sampleConfig(changes));
    t.deepEqual(
      findings.map((finding) => finding.path),
      [path],
    );
    const text = Object.values(findings[0] ?? {}).join('\n');
    for (const word of words) t.true(text.includes(word), `${JSON.stringify(word)} in:\n${text}`);
  },
);
