/** The verdict on a cell: ok, degraded or failed, with one sentence why. */

import { formatDuration, formatShare } from '../../foundation/quantity.ts';
import type { CellEvidence } from '../evidence.ts';
import { formatCount, formatNumber, formatQuantity } from '../format-number.ts';
import type { CellSummary } from '../summary.ts';
import { averageHeld } from './concurrency.ts';
import type { Failures } from './counts.ts';

/** A cell fails when at least this share of the operations that ended in its window failed on the service's side. */
const FAILED_SHARE_LIMIT = 0.5;
/** A cell is degraded when fewer of its clients were held at any moment of its window. */
const HELD_SHARE_LIMIT = 0.99;

type Verdict = Pick<CellSummary, 'state' | 'reason'>;

/** The operations that ended in the window, and the service's failures among them, most frequent first. */
type Ended = { inWindow: CellSummary['inWindow']; failures: Failures };

/** `failed` before `degraded` before `ok`; the reason is null only for `ok`. */
export function judgeCell(evidence: CellEvidence, ended: Ended): Verdict {
  const failure = explainFailure(evidence, ended);
  if (failure !== null) return { state: 'failed', reason: failure };
  const degradation = explainDegradation(evidence);
  return degradation === null ? { state: 'ok', reason: null } : { state: 'degraded', reason: degradation };
}

function explainFailure(evidence: CellEvidence, { inWindow, failures }: Ended): string | null {
  const { failure, window, recovery } = evidence;
  if (failure !== null) return failure;
  if (window === null) return 'The window never opened.';
  const ended = inWindow.ok + inWindow.failed + inWindow.local;
  if (ended > 0 && inWindow.failed / ended >= FAILED_SHARE_LIMIT) {
    const kinds = failures.map(({ outcome, count }) => `${formatCount(count)} ${outcome}`);
    return `${formatShare(inWindow.failed / ended)} of the operations that ended in the window failed: ${kinds.join(', ')}.`;
  }
  if (inWindow.ok === 0) return `None of the ${formatQuantity(ended, 'operation')} that ended in the window succeeded.`;
  if (recovery !== null && recovery.recoveredMs === null)
    return `The service had not recovered after ${formatDuration(recovery.withinMs)}.`;
  return null;
}

function explainDegradation({ pilots, window, level }: CellEvidence): string | null {
  if (window === null) return null;
  const lost = pilots.filter(
    ({ clients, lostAtMs }) =>
      clients > 0 && lostAtMs !== null && lostAtMs >= window.openMs && lostAtMs <= window.closeMs,
  );
  const { smallest } = averageHeld({ pilots }, window);
  if (lost.length > 0) {
    const clients = lost.reduce((sum, pilot) => sum + pilot.clients, 0);
    const what = `${formatQuantity(lost.length, 'pilot')} with ${formatQuantity(clients, 'client')}`;
    return `${what} ${lost.length === 1 ? 'was' : 'were'} lost in the window.`;
  }
  if (smallest >= HELD_SHARE_LIMIT * level) return null;
  return `Only ${formatNumber(smallest)} of ${formatCount(level)} clients were held (at least 99 % are needed).`;
}
