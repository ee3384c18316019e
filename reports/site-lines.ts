/** What each site of a cell measured, a line a site, for people. */

import { formatDuration } from '../foundation/quantity.ts';
import { NO_NUMBER, formatNumber, formatQuantity } from './format-number.ts';
import { putOnOneLine } from './plain-text.ts';
import type { CellSummary, SiteSummary } from './summary.ts';

/** In the order of the summary; nothing with one site only. Plain text. */
export function describeSites({ sites }: Pick<CellSummary, 'sites'>): string[] {
  return sites.map(({ site, clients, ratePerS, serviceTimeMs, phasesMs }) => {
    const { p50, p95 } = serviceTimeMs;
    const times = `service time ${span(serviceTimeMs.mean)} on average${describePhases(phasesMs)}, p50 ${span(p50)}, p95 ${span(p95)}`;
    return putOnOneLine(`${site}: ${formatQuantity(clients, 'client')}, ${formatNumber(ratePerS)} Hz, ${times}`);
  });
}

const PHASES = [
  ['connect', 'connect'],
  ['handshake', 'handshake'],
  ['firstByte', 'first byte'],
  ['rest', 'rest'],
] as const;

/** Those that there were. */
function describePhases(phasesMs: SiteSummary['phasesMs']): string {
  const there = PHASES.filter(([phase]) => phasesMs[phase] !== null);
  if (there.length === 0) return '';
  return ` (${there.map(([phase, name]) => `${name} ${span(phasesMs[phase])}`).join(', ')})`;
}

function span(ms: number | null): string {
  return ms === null ? NO_NUMBER : formatDuration(ms);
}
