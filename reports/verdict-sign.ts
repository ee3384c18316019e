/** A verdict with its sign, the same wherever it is shown: never by colour alone. */

import type { Verdict } from './summary.ts';

const SIGNS: Record<Verdict['verdict'], string> = { met: '✓', 'not met': '✗', 'not measured': '?' };

/** '✓ met', '✗ not met', '? not measured'. */
export function nameVerdict({ verdict }: Pick<Verdict, 'verdict'>): string {
  return `${SIGNS[verdict]} ${verdict}`;
}
