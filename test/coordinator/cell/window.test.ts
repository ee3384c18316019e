import test from 'ava';
import * as fc from 'fast-check';
import { createOperationTally } from '../../../coordinator/cell/operation-tally.ts';
import {
  type CellKnowledge,
  type WindowClosing,
  type WindowLimits,
  type WindowOpening,
  decideClosing,
  decideOpening,
} from '../../../coordinator/cell/window.ts';
import { createOperationBlock } from '../../../reports/operation.ts';

const limits: WindowLimits = {
  warmUpAtLeastMs: 1000,
  warmUpAtMostMs: 4000,
  windowAtLeastMs: 500,
  windowAtMostMs: 2000,
  operationsPerClient: 5,
};

/** Operations that end one every 10 ms, so that ten clients have five each after 500 ms. */
const steady = (fromMs: number, toMs: number): number => Math.floor((toMs - fromMs) / 10);

const knowledge: CellKnowledge = {
  horizonMs: 10_000,
  clients: 10,
  everyClientEndedMs: 200,
  endedBetween: steady,
  gridMs: 10,
};

const opens = test.macro<[string, Partial<CellKnowledge>, WindowOpening | null]>({
  exec(t, _what, known, expected) {
    t.deepEqual(decideOpening({ ...knowledge, ...known }, limits), expected);
  },
  title: (_, what, __, expected) =>
    `opening, ${what}: ${expected === null ? 'not yet known' : `${expected.openMs} ms`}`,
});

const byContent = 'every-client-ended-one';
const byLimit = 'warm-up-limit';
test(opens, 'all ended early', {}, { openMs: 1000, openedBy: byContent });
test(opens, 'all ended late', { everyClientEndedMs: 1234 }, { openMs: 1240, openedBy: byContent });
test(opens, 'all ended on the grid', { everyClientEndedMs: 1230 }, { openMs: 1230, openedBy: byContent });
test(opens, 'the last one at the limit', { everyClientEndedMs: 4000 }, { openMs: 4000, openedBy: byContent });
test(opens, 'the last one after the limit', { everyClientEndedMs: 4001 }, { openMs: 4000, openedBy: byLimit });
test(opens, 'one never ended', { everyClientEndedMs: null }, { openMs: 4000, openedBy: byLimit });
test(opens, 'one never ended so far', { everyClientEndedMs: null, horizonMs: 3990 }, null);
test(opens, 'all ended, the least warm-up not over', { horizonMs: 990 }, null);
test(opens, 'all ended, known just so far', { horizonMs: 1000 }, { openMs: 1000, openedBy: byContent });
test(opens, 'ended later than known of all', { everyClientEndedMs: 2000, horizonMs: 1500 }, null);
test(opens, 'on a coarse grid', { gridMs: 30 }, { openMs: 1020, openedBy: byContent });

test('a window may open at T0 itself', (t) => {
  const opening = decideOpening({ ...knowledge, everyClientEndedMs: 0 }, { ...limits, warmUpAtLeastMs: 0 });
  t.is(opening?.openMs, 0);
});

const closes = test.macro<[string, Partial<CellKnowledge>, WindowClosing | null]>({
  exec(t, _what, known, expected) {
    t.deepEqual(decideClosing({ ...knowledge, ...known }, limits, 1000), expected);
  },
  title: (_, what, __, expected) =>
    `closing, ${what}: ${expected === null ? 'not yet known' : `${expected.closeMs} ms`}`,
});

test(closes, 'enough at the shortest', {}, { closeMs: 1500, closedBy: 'content' });
test(closes, 'twice the clients', { clients: 20 }, { closeMs: 2000, closedBy: 'content' });
test(closes, 'enough only at the longest', { clients: 40 }, { closeMs: 3000, closedBy: 'content' });
test(closes, 'never enough', { clients: 41 }, { closeMs: 3000, closedBy: 'at-most' });
test(closes, 'not enough so far', { clients: 41, horizonMs: 2990 }, null);
test(closes, 'far more than enough, too short', { endedBetween: () => 1e6, horizonMs: 1490 }, null);
test(closes, 'known just so far', { horizonMs: 1500 }, { closeMs: 1500, closedBy: 'content' });
test(closes, 'on a coarse grid', { gridMs: 40 }, { closeMs: 1520, closedBy: 'content' });

const scene = fc.record({
  gridMs: fc.constantFrom(10, 20, 30, 50),
  /** Per client, when its operations end. */
  endsMs: fc.array(fc.array(fc.integer({ min: 0, max: 6000 }), { maxLength: 30 }), { minLength: 1, maxLength: 8 }),
  limits: fc
    .tuple(
      fc.nat({ max: 2000 }),
      fc.nat({ max: 3000 }),
      fc.nat({ max: 800 }),
      fc.nat({ max: 2000 }),
      fc.nat({ max: 8 }),
    )
    .map(([least, more, length, longer, operations]) => ({
      warmUpAtLeastMs: least,
      warmUpAtMostMs: least + more,
      windowAtLeastMs: length,
      windowAtMostMs: length + longer + 1,
      operationsPerClient: operations + 0.5,
    })),
  /** How much more is known at each look. */
  steps: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
});

/** A window that opens at T0 and holds only what ended there. */
const ALL_AT_T0 = {
  gridMs: 10,
  endsMs: [[0]],
  limits: { warmUpAtLeastMs: 0, warmUpAtMostMs: 0, windowAtLeastMs: 0, windowAtMostMs: 10, operationsPerClient: 0.5 },
  steps: [1],
};

type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

/** What is known up to a horizon; rows that end later may have come too (`eager`) or not. */
function knowUpTo({ gridMs, endsMs }: Scene, horizonMs: number, eager: boolean): CellKnowledge {
  const seen = endsMs.map((ends) => (eager ? ends : ends.filter((end) => end <= horizonMs)));
  const rows = seen.flatMap((ends, client) => ends.map((end) => ({ client, end })));
  const block = createOperationBlock(rows.length);
  block.rows = rows.length;
  block.outcomes = ['ok'];
  block.client.set(rows.map(({ client }) => client));
  block.durationUs.set(rows.map(({ end }) => end * 1000));
  const tally = createOperationTally(endsMs.length, gridMs);
  tally.count(block);
  const last = Math.max(...endsMs.map((_, client) => tally.firstEndMs(client)));
  return {
    horizonMs,
    clients: endsMs.length,
    everyClientEndedMs: last === Infinity ? null : last,
    endedBetween: tally.endedBetween,
    gridMs,
  };
}

/** The first decision of a coordinator that learns in these steps, and looks after each. */
function decideStepwise(all: Scene, eager: boolean) {
  let horizonMs = 0;
  let opening: WindowOpening | null = null;
  for (let step = 0; horizonMs < 20_000; step += 1) {
    horizonMs += (all.steps[step % all.steps.length] as number) * all.gridMs;
    const known = knowUpTo(all, horizonMs, eager);
    opening ??= decideOpening(known, all.limits);
    const closing = opening === null ? null : decideClosing(known, all.limits, opening.openMs);
    if (closing !== null) return { ...opening, ...closing };
  }
  return null;
}

test('the same window whatever the steps in which knowledge comes, and whether rows run ahead of it', (t) => {
  fc.assert(
    fc.property(scene, (all) => {
      const known = knowUpTo(all, 20_000, true);
      const opening = decideOpening(known, all.limits) as WindowOpening;
      const closing = decideClosing(known, all.limits, opening.openMs) as WindowClosing;
      t.deepEqual(decideStepwise(all, false), { ...opening, ...closing });
      t.deepEqual(decideStepwise(all, true), { ...opening, ...closing });
    }),
  );
});

test('edges lie on the grid and keep to the limits; it opens after everybody ended one, or at the limit', (t) => {
  fc.assert(
    fc.property(scene, (all) => {
      const { gridMs, endsMs, limits: those } = all;
      const known = knowUpTo(all, 20_000, true);
      const { openMs, openedBy } = decideOpening(known, those) as WindowOpening;
      const { closeMs, closedBy } = decideClosing(known, those, openMs) as WindowClosing;
      t.is(openMs % gridMs, 0);
      t.is(closeMs % gridMs, 0);
      t.true(openMs >= those.warmUpAtLeastMs && openMs < those.warmUpAtMostMs + gridMs);
      t.true(closeMs - openMs >= those.windowAtLeastMs && closeMs - openMs < those.windowAtMostMs + gridMs);
      const hasEnded = endsMs.every((ends) => ends.some((end) => end <= openMs));
      t.is(openedBy === 'every-client-ended-one', hasEnded);
      // What ends at T0 itself is of the first step, as the tally has it.
      const stepped = endsMs.flat().map((end) => Math.max(end, 1));
      const ended = stepped.filter((end) => end > openMs && end <= closeMs).length;
      if (closedBy === 'content') t.true(ended >= those.operationsPerClient * endsMs.length);
    }),
    { examples: [[ALL_AT_T0]] },
  );
});
