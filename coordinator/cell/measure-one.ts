/**
 * One planned cell with all that belongs to it: attempts, rows on disk, server's count, recovery, measures, and what follows
 * for the rest of the campaign.
 *
 * | what happened | the cell | the campaign |
 * | --- | --- | --- |
 * | measured, the service is back | kept | goes on |
 * | measured, not recovered | kept as failed | `recovery.otherwise`: stops (123), restarts the target (123 if that fails), leaves the target's other cells out, or goes on |
 * | a pilot was lost at the last look | the next attempt, from the barrier on | goes on |
 * | a pilot was lost, `lost.pilot: keep` | kept as degraded | goes on |
 * | a pilot was lost, `repeat` | measured again, at most `lost.times`; then kept as degraded | goes on; then stops (121) |
 * | a pilot was lost, `fail` | kept as degraded | stops (121) |
 * | a credential would expire in it, or can't be read | skipped, with the reason | stops (119) |
 * | barrier missed | skipped, with the reason | stops (120) |
 * | interrupted | skipped | stops (105) |
 */

import { join } from 'node:path';
import { messageOf } from '../../foundation/error.ts';
import type { CellEvidence, CellIdentity } from '../../reports/evidence.ts';
import { MEASURES_VERSION, measureCell } from '../../reports/measure.ts';
import { type CellRecord, cellFiles } from '../../reports/result-directory.ts';
import type { CellSummary } from '../../reports/summary.ts';
import type { CampaignStop } from '../campaign-stop.ts';
import { assembleCell } from './assemble-cell.ts';
import { firstCredential } from '../identities/identities.ts';
import { durationMs, type PlannedCell } from '../plan.ts';
import { probeRecovery } from '../target/recovery.ts';
import { type ReadyCell, runCell } from './run-cell.ts';
import { countAfter, countBefore } from '../target/count-cell.ts';
import { type World, targetOf } from '../world.ts';

export type CellResult =
  | ({ kind: 'measured'; summary: CellSummary } & Consequence)
  | { kind: 'skipped'; reason: string; stop: CampaignStop };

/** What a cell means to those that come after it. */
type Consequence = {
  /** Null: the campaign goes on. */
  stop: CampaignStop | null;
  /** Why the target's other cells are left out; null: they are not. */
  dropTarget: string | null;
};

const GO_ON: Consequence = { stop: null, dropTarget: null };

/** @param answerWithinMs a probe's answer counts as in time within this */
export async function measureOne(
  world: World,
  cell: PlannedCell,
  position: number,
  answerWithinMs: number,
): Promise<CellResult> {
  const { config, journal, observe } = world;
  const { id } = cell.identity;
  let repeats = 0;
  for (let attempt = 1; ; attempt += 1) {
    await journal.write('cell-started', { cell: id, attempt });
    observe({ type: 'cell-started', position, cell: cell.identity, attempt });
    const assembled = await assembleCell(world, cell, attempt);
    if (assembled.kind === 'interrupted') return skipInterrupted(world);
    if (assembled.kind !== 'assembled') {
      const { kind, reason } = assembled;
      return { kind: 'skipped', reason, stop: { exitCode: kind === 'missed' ? 120 : 119, reason } };
    }
    const measured = await measureAttempt(world, { cell, attempt, assembled }, answerWithinMs);
    if (measured.kind === 'interrupted') {
      await journal.write('cell-interrupted', { cell: id, attempt });
      return skipInterrupted(world);
    }
    if (measured.kind === 'not-fired') {
      await journal.write('cell-rechecked', { cell: id, attempt, result: 'a pilot was lost at the last look' });
      continue;
    }
    const { summary, evidence, stop, dropTarget } = measured;
    const lost = evidence.pilots.filter(({ lostAtMs }) => lostAtMs !== null);
    if (lost.length > 0 && config.lost.pilot === 'repeat' && repeats < config.lost.times && stop === null) {
      repeats += 1;
      await putAside(world, id, attempt);
      await journal.write('cell-repeated', { cell: id, attempt, lost: lost.map((pilot) => pilot.id) });
      continue;
    }
    observe({ type: 'cell-finished', position, summary });
    return { kind: 'measured', summary, stop: stop ?? stopForLosses(world, id, lost.length), dropTarget };
  }
}

function skipInterrupted({ interrupt }: World): CellResult {
  const stop = interrupt.stop();
  return { kind: 'skipped', reason: stop.reason, stop };
}

function stopForLosses({ config }: World, cell: string, lost: number): CampaignStop | null {
  if (lost === 0 || config.lost.pilot === 'keep') return null;
  return {
    exitCode: 121,
    reason: `${lost} pilots were lost in cell ${cell}, and lost.pilot is '${config.lost.pilot}'`,
  };
}

/** Rows and record of an attempt that is measured again stay beside the ones that count. */
async function putAside({ directory, disk }: World, cell: string, attempt: number): Promise<void> {
  const { folder, operations, record } = cellFiles(directory, cell);
  await disk.rename(operations, join(folder, `operations.attempt-${attempt}.parquet`));
  await disk.rename(record, join(folder, `cell.attempt-${attempt}.json`));
}

type MeasuredAttempt =
  | ({ kind: 'measured'; summary: CellSummary; evidence: CellEvidence } & Consequence)
  | { kind: 'not-fired' }
  | { kind: 'interrupted' };

/** When interrupted, what has come so far stays as `operations.partial.parquet`. */
async function measureAttempt(world: World, ready: ReadyCell, answerWithinMs: number): Promise<MeasuredAttempt> {
  const { cell, attempt } = ready;
  const { directory, disk, journal } = world;
  const { id } = cell.identity;
  const files = cellFiles(directory, id);
  const partial = join(files.folder, 'operations.partial.parquet');
  await disk.makeFolder(files.folder);
  const target = targetOf(world, cell.identity);
  const before = await countBefore(target);
  const end = await runCell(world, ready, await disk.openRows(partial));
  if (end.kind !== 'measured') return end;
  await disk.rename(partial, files.operations);
  await journal.write('rows-stored', {
    cell: id,
    attempt,
    rows: end.evidence.pilots.reduce((sum, { rowsStored }) => sum + rowsStored, 0),
  });
  const counted = await countAfter(world, target, { id, attempt, cut: end.collector.cutOperations(), before });
  const recovery = await seeRecovery(world, ready, { answerWithinMs, closedMs: end.closedMs });
  const evidence: CellEvidence = { ...end.evidence, ...counted, recovery };
  const { summary, detail } = await measureCell(evidence, disk.readRows(files.operations));
  const madeOf = { measures: MEASURES_VERSION, rowsBytes: await disk.sizeOf(files.operations) };
  const record: CellRecord = { evidence, summary, detail, madeOf };
  await disk.write(files.record, `${JSON.stringify(record)}\n`);
  await journal.write('cell-finished', { cell: id, attempt, state: summary.state, ratePerS: summary.ratePerS });
  const after = recovery?.recoveredMs === null ? await followNotRecovered(world, cell.identity) : GO_ON;
  return { kind: 'measured', summary, evidence, ...after };
}

/** What the config says about a service that does not come back. */
async function followNotRecovered(world: World, cell: CellIdentity): Promise<Consequence> {
  const { config, journal } = world;
  const { handle } = targetOf(world, cell);
  const { otherwise, within } = config.timing.recovery;
  await journal.write('not-recovered', { cell: cell.id, within, otherwise });
  const reason = `the target did not recover within ${within} after cell ${cell.id}`;
  if (otherwise === 'continue') return GO_ON;
  if (otherwise === 'skip-target') return { stop: null, dropTarget: reason };
  const stop: CampaignStop = { exitCode: 123, reason };
  if (otherwise !== 'restart' || handle.restart === null) return { ...GO_ON, stop };
  try {
    await handle.restart();
  } catch (thrown) {
    const failed = `${reason}, and could not be restarted: ${messageOf(thrown)}`;
    return { ...GO_ON, stop: { ...stop, reason: failed } };
  }
  await journal.write('target-restarted', { target: cell.target, url: handle.url(), pid: handle.pid() });
  return GO_ON;
}

/** Null when it could not be seen because the campaign was interrupted. */
async function seeRecovery(
  world: World,
  { cell, assembled }: ReadyCell,
  { answerWithinMs, closedMs }: { answerWithinMs: number; closedMs: number },
): Promise<CellEvidence['recovery']> {
  const { config, clock, journal, interrupt, observe } = world;
  observe({ type: 'phase', phase: 'recovery' });
  const recovery = await probeRecovery({
    clock,
    scenario: cell.scenario,
    target: assembled.target,
    credential: firstCredential(assembled.identities),
    withinMs: durationMs(config.timing.recovery.within),
    answerWithinMs,
    closedMs,
    signal: interrupt.drain,
  });
  if (recovery.recoveredMs === null && interrupt.drain.aborted) return null;
  if (recovery.recoveredMs !== null) await journal.write('recovered', { cell: cell.identity.id, ...recovery });
  return recovery;
}
