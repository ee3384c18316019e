import test from 'ava';
import * as fc from 'fast-check';
import { outcomeClassOf } from '../../../foundation/outcome.ts';
import { createOperationTally } from '../../../coordinator/cell/operation-tally.ts';
import { type BriefRow, briefBlock } from '../../support/frames.ts';

const GRID_MS = 10;
const CLIENTS = 5;

const anyRow: fc.Arbitrary<BriefRow> = fc
  .record({
    client: fc.nat({ max: CLIENTS - 1 }),
    sequence: fc.nat({ max: 1000 }),
    startUs: fc.integer({ min: -500, max: 400_000 }),
    // Many ends lie on a grid point, where off-by-one hides.
    endUs: fc.oneof(
      fc.integer({ min: 0, max: 50 }).map((point) => point * 10_000),
      fc.integer({ min: 0, max: 500_000 }),
    ),
    outcome: fc.constantFrom('ok', 'ok', 'cut', 'refused', 'status/SRM_FAILURE', 'local/no-port'),
  })
  .map(({ startUs, endUs, ...row }) => ({
    ...row,
    startMs: Math.min(startUs, endUs) / 1000,
    endMs: endUs / 1000,
  }));

test('counts agree with naive counting, however the rows are cut into blocks and whatever is asked between them', (t) => {
  const point = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(
      fc.array(fc.array(anyRow, { maxLength: 20 }), { maxLength: 10 }),
      fc.array(fc.tuple(point, point), { minLength: 1, maxLength: 5 }),
      (blocks, ranges) => {
        const tally = createOperationTally(CLIENTS, GRID_MS);
        const seen: BriefRow[] = [];
        for (const rows of blocks) {
          tally.count(briefBlock(rows));
          seen.push(...rows);
          const ended = seen.filter(({ outcome }) => outcome !== 'cut');
          for (const [a, b] of ranges) {
            const [fromMs, toMs] = [Math.min(a, b) * GRID_MS, Math.max(a, b) * GRID_MS];
            // An end at or before T0 is counted just after it.
            const within = ended.filter(
              ({ endMs }) => Math.max(endMs, 0.001) > fromMs && Math.max(endMs, 0.001) <= toMs,
            );
            t.is(tally.endedBetween(fromMs, toMs), within.length);
            t.is(tally.okBetween(fromMs, toMs), within.filter(({ outcome }) => outcome === 'ok').length);
          }
          t.is(tally.failed(), ended.filter(({ outcome }) => outcome !== 'ok').length);
          const classes = seen.map(({ outcome }) => outcomeClassOf(outcome ?? 'ok'));
          t.deepEqual(
            Object.entries(tally.byClass()).filter(([, count]) => count > 0),
            [...new Set(classes)].map((name) => [name, classes.filter((each) => each === name).length]),
          );
          const cut = seen.filter(({ outcome }) => outcome === 'cut');
          t.deepEqual(
            tally.cut(),
            cut.map(({ client, sequence }) => ({ client, sequence: sequence as number })),
          );
          for (let client = 0; client < CLIENTS; client += 1) {
            const ends = ended.filter((row) => row.client === client).map(({ endMs }) => endMs);
            t.is(tally.firstEndMs(client), Math.min(Infinity, ...ends));
          }
        }
      },
    ),
  );
});

test('a clock that is off by its error may put an end before T0: it counts in the first step', (t) => {
  const tally = createOperationTally(1, GRID_MS);
  tally.count(briefBlock([{ client: 0, startMs: -3, endMs: -1 }]));
  t.is(tally.endedBetween(0, GRID_MS), 1);
});
