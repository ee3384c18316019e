/** Puts together what a measured cell leaves behind beside its rows. */

import type { CellEvidence, CellWindow, ClockTie, PilotEvidence } from '../../reports/evidence.ts';
import type { AssembledCell, AssembledPilot } from './prepare-cell.ts';
import { startSpreadMs } from './cell-limits.ts';
import type { CellCollector } from './cell-collector.ts';
import { spanOffsets } from '../pilots/clock-tie.ts';
import type { PilotClock } from '../pilots/exchange-clocks.ts';
import { countUsers } from '../identities/identities.ts';
import type { PlannedCell } from '../plan.ts';
import type { World } from '../world.ts';

export type EvidenceParts = {
  world: World;
  cell: PlannedCell;
  attempt: number;
  assembled: AssembledCell;
  collector: CellCollector;
  t0Ms: number;
  window: CellWindow | null;
  drainedMs: number | null;
  lostAtMs: ReadonlyMap<string, number>;
  clocksAfter: ReadonlyMap<string, PilotClock>;
};

/** Server's count and recovery are not known yet: they are null. */
export function assembleEvidence(parts: EvidenceParts): CellEvidence {
  const { world, cell, attempt, assembled, collector, t0Ms, window, drainedMs } = parts;
  const { clock, config } = world;
  const { pilots, target, identities } = assembled;
  const clientsFired = pilots.reduce((sum, { clients }) => sum + clients, 0);
  return {
    ...cell.identity,
    version: 1,
    attempt,
    t0AtMs: clock.unixMs() - (clock.nowMs() - t0Ms),
    clientsFired,
    window,
    drainedMs,
    failure: explainFailure(parts),
    addresses: target.addresses.map(({ address }) => address),
    connection: target.connection,
    identities: countUsers(identities),
    timeoutsMs: target.timeoutsMs,
    startSpreadMs: startSpreadMs(config),
    pilots: pilots.map((pilot) => describePilot(pilot, parts)),
    gauges: collector.gauges(),
    server: null,
    service: null,
    recovery: null,
  };
}

function explainFailure({ assembled, window, drainedMs, lostAtMs }: EvidenceParts): string | null {
  const isDeserted = assembled.pilots.every(({ pilot }) => lostAtMs.has(pilot.id));
  if (window === null) {
    return isDeserted
      ? 'no pilot was left to open or close the window'
      : 'the pilots told too little in time to open or close the window';
  }
  return isDeserted && drainedMs === null ? 'no pilot was left to end the operations of the window' : null;
}

function describePilot(
  assembled: AssembledPilot,
  { world, cell, attempt, collector, lostAtMs, clocksAfter }: EvidenceParts,
): PilotEvidence {
  const { pilot, firstClient, clients } = assembled;
  const done = world.switchboard.latest(pilot.id, 'cell-done')?.message;
  const isDone = done?.cell === cell.identity.id && done.attempt === attempt;
  return {
    id: pilot.id,
    site: pilot.site,
    host: pilot.connection.host.hostname,
    pid: pilot.connection.host.pid,
    firstClient,
    clients,
    clock: tieClock(assembled.clock, clocksAfter.get(pilot.id)),
    lostAtMs: lostAtMs.get(pilot.id) ?? null,
    health: isDone ? { ...done.health, loopUtilisation: Math.min(1, done.health.loopUtilisation) } : null,
    rowsSent: isDone ? done.rowsSent : null,
    rowsStored: collector.rowsStored(pilot.id),
    connections: isDone ? done.connections : null,
  };
}

/** Without an exchange after the cell (the pilot was lost) the one before it stands alone. */
function tieClock(before: PilotClock, after: PilotClock | undefined): ClockTie {
  const span = after === undefined ? before.offset : spanOffsets(before.offset, after.offset);
  return { method: before.method, ...span, startCorrectionMs: before.offset.offsetMs - span.offsetMs };
}
