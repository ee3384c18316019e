import test from 'ava';
import * as fc from 'fast-check';
import { type Demand, demandPilots } from '../../../coordinator/pilots/demand.ts';

const base: Demand = {
  neededSlots: 0,
  heldSlots: 0,
  pendingSlots: 0,
  slotsPerPilot: 1,
  pilots: 0,
  pilotsAtMost: 10_000,
  damped: false,
};

const asksFor = test.macro<[Partial<Demand>, number]>({
  exec(t, demand, pilots) {
    t.is(demandPilots({ ...base, ...demand }), pilots);
  },
  title: (_, demand, pilots) => `${JSON.stringify(demand)} asks for ${pilots} pilots`,
});

test(asksFor, { neededSlots: 0 }, 0);
test(asksFor, { neededSlots: 7 }, 7);
test(asksFor, { neededSlots: 7, slotsPerPilot: 4 }, 2);
test(asksFor, { neededSlots: 8, slotsPerPilot: 4 }, 2);
test(asksFor, { neededSlots: 8, heldSlots: 4, slotsPerPilot: 4 }, 1);
test(asksFor, { neededSlots: 8, pendingSlots: 8, slotsPerPilot: 4 }, 0);
test(asksFor, { neededSlots: 8, heldSlots: 12, slotsPerPilot: 4 }, 0);
test(asksFor, { neededSlots: 100, slotsPerPilot: 10, pilotsAtMost: 3 }, 3);
test(asksFor, { neededSlots: 100, heldSlots: 10, pendingSlots: 20, slotsPerPilot: 10, pilots: 3, pilotsAtMost: 3 }, 0);
// Each of the three there has fewer slots than was asked of it.
test(asksFor, { neededSlots: 100, heldSlots: 6, slotsPerPilot: 2, pilots: 3, pilotsAtMost: 4 }, 1);
test(asksFor, { neededSlots: 100, heldSlots: 6, slotsPerPilot: 2, pilots: 3, pilotsAtMost: 3 }, 0);
// Damped: floor(2/3 of the deficit) + 1, never above the deficit, at most 100 slots.
test(asksFor, { damped: true, neededSlots: 1 }, 1);
test(asksFor, { damped: true, neededSlots: 2 }, 2);
test(asksFor, { damped: true, neededSlots: 3 }, 3);
test(asksFor, { damped: true, neededSlots: 4 }, 3);
test(asksFor, { damped: true, neededSlots: 10 }, 7);
test(asksFor, { damped: true, neededSlots: 40 }, 27);
test(asksFor, { damped: true, neededSlots: 40, slotsPerPilot: 4 }, 7);
test(asksFor, { damped: true, neededSlots: 40, heldSlots: 27 }, 9);
test(asksFor, { damped: true, neededSlots: 1000 }, 100);
test(asksFor, { damped: true, neededSlots: 1000, slotsPerPilot: 8 }, 13);

const anyDemand = fc.record({
  neededSlots: fc.nat({ max: 2000 }),
  heldSlots: fc.nat({ max: 1000 }),
  pendingSlots: fc.nat({ max: 1000 }),
  slotsPerPilot: fc.integer({ min: 1, max: 64 }),
  pilots: fc.nat({ max: 100 }),
  pilotsAtMost: fc.nat({ max: 100 }),
  damped: fc.boolean(),
});

test('never asks for more than the deficit in whole pilots, nor beyond what the site may have', (t) => {
  fc.assert(
    fc.property(anyDemand, (demand) => {
      const pilots = demandPilots(demand);
      const coming = demand.heldSlots + demand.pendingSlots;
      t.true(Number.isInteger(pilots) && pilots >= 0);
      t.true(pilots <= Math.ceil(Math.max(0, demand.neededSlots - coming) / demand.slotsPerPilot));
      if (pilots > 0) t.true(demand.pilots + pilots <= demand.pilotsAtMost);
    }),
  );
});

test('a damped request is never larger than an undamped one, and never nothing where there is need and room', (t) => {
  fc.assert(
    fc.property(anyDemand, (demand) => {
      const undamped = demandPilots({ ...demand, damped: false });
      const damped = demandPilots({ ...demand, damped: true });
      t.true(damped <= undamped);
      t.is(damped > 0, undamped > 0);
    }),
  );
});

test('damped requests that are fulfilled only rounds later reach the need and stay below it plus one pilot', (t) => {
  const scene = fc.record({
    neededSlots: fc.integer({ min: 1, max: 1500 }),
    slotsPerPilot: fc.integer({ min: 1, max: 40 }),
    lateRounds: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(scene, ({ neededSlots, slotsPerPilot, lateRounds }) => {
      const onTheWay: { slots: number; round: number }[] = [];
      let heldSlots = 0;
      for (let round = 0; round < 200; round += 1) {
        while (onTheWay[0] !== undefined && onTheWay[0].round <= round) heldSlots += onTheWay.shift()?.slots ?? 0;
        const pendingSlots = onTheWay.reduce((sum, { slots }) => sum + slots, 0);
        const demand = {
          neededSlots,
          heldSlots,
          pendingSlots,
          slotsPerPilot,
          pilots: 0,
          pilotsAtMost: 1e6,
          damped: true,
        };
        const slots = demandPilots(demand) * slotsPerPilot;
        if (slots > 0) onTheWay.push({ slots, round: round + lateRounds });
      }
      t.true(heldSlots >= neededSlots, `${heldSlots} of ${neededSlots}`);
      t.true(heldSlots < neededSlots + slotsPerPilot, `${heldSlots} for ${neededSlots}`);
    }),
  );
});
