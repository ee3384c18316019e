import test from 'ava';
import type { PilotEvidence } from '../../reports/evidence.ts';
import { gatherPilots } from '../../reports/pilot-lines.ts';
import { HEALTHY, exponential, simulateCell } from '../support/synthetic-cell.ts';

const { evidence } = simulateCell({ clients: 4, serviceUs: exponential(9000), windowMs: 100 });
const [PILOT] = evidence.pilots as [PilotEvidence];

function linesOf(...cells: Partial<PilotEvidence>[][]) {
  const gathering = gatherPilots();
  cells.forEach((pilots, index) =>
    gathering.add({ id: `cell-${index + 1}`, pilots: pilots.map((changes) => ({ ...PILOT, ...changes })) }),
  );
  return gathering.lines();
}

test('a pilot is one line over all its cells, with the worst of each figure', (t) => {
  const shared = { method: 'shared-clock', offsetMs: 0, errorMs: 0.001, startCorrectionMs: 0 } as const;
  const [line, ...others] = linesOf(
    [{ clients: 3, clock: shared, health: { ...HEALTHY, loopUtilisation: 0.4, gcShare: 0.3, runQueueShare: null } }],
    [
      {
        clients: 5,
        clock: { ...shared, method: 'exchange', errorMs: 0.7 },
        health: { ...HEALTHY, loopUtilisation: 0.9 },
      },
    ],
    [{ clients: 4, clock: shared, health: { ...HEALTHY, loopUtilisation: 0.5, loopDelayP99Ms: 8 } }],
  );
  t.deepEqual(others, []);
  t.deepEqual(line, {
    id: PILOT.id,
    site: 'here',
    host: 'synthetic',
    cells: 3,
    clientsAtMost: 5,
    lostIn: null,
    worst: {
      ...HEALTHY,
      loopUtilisation: 0.9,
      loopDelayP99Ms: 8,
      gcShare: 0.3,
      busiestCell: 'cell-2',
    },
    clockMethod: 'exchange',
    clockErrorMsAtMost: 0.7,
  });
});

test('a spare pilot held no clients in any cell; a lost one is told with its cell, and keeps what it said before', (t) => {
  const [lost, spare] = linesOf(
    [{ id: 'a' }, { id: 'spare', clients: 0 }],
    [{ id: 'a', lostAtMs: 120, health: null }],
    [{ id: 'spare', clients: 0 }],
  );
  t.like(lost, { id: 'a', cells: 2, lostIn: 'cell-2' });
  t.is(lost?.worst?.busiestCell, 'cell-1');
  t.like(spare, { id: 'spare', cells: 0, clientsAtMost: 0, lostIn: null });
});

test('a pilot that never told has no figures', (t) => {
  t.is(linesOf([{ health: null, lostAtMs: 5 }])[0]?.worst, null);
});
