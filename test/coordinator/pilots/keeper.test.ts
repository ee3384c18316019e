import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { type ScriptedWorldOptions, createScriptedWorld } from '../../support/scripted-world.ts';

/** A world whose pilots and keeper end with the test. */
function createWorld(t: ExecutionContext, options: ScriptedWorldOptions) {
  const world = createScriptedWorld(options);
  t.teardown(() => world.keeper.stop());
  const [pool] = world.pools;
  if (pool === undefined) throw new Error('no pool');
  return { ...world, pool };
}

const sumOf = (numbers: Iterable<number>): number => [...numbers].reduce((sum, each) => sum + each, 0);

test('asks at once for what the level needs and the spare, and for nothing more once that has come', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, {});
  keeper.need(10, 0.1);
  await clock.advance(30_000);
  t.deepEqual(
    pool.requests.map(({ pilots }) => pilots),
    [6],
  );
  t.is(roster.slots('ready'), 12);
});

test('a tenth of a hundred slots is ten slots more, not eleven', async (t) => {
  const { clock, keeper, pool } = createWorld(t, { pools: [{ slotsPerPilot: 1, pilotsAtMost: 1000 }] });
  keeper.need(100, 0.1);
  await clock.advance(1000);
  t.is(pool.pilots.length, 110);
});

test('never asks twice for the same slots, however late the pilots come', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, { pools: [{ script: () => ({ joinsAfterMs: 300_000 }) }] });
  keeper.need(10, 0);
  await clock.advance(200_000);
  keeper.need(10, 0);
  await clock.advance(99_000);
  t.is(pool.pilots.length, 5);
  await clock.advance(2000);
  t.is(roster.slots('ready'), 10);
});

test('what a smaller level needs is there already; a larger one asks for the difference', async (t) => {
  const { clock, keeper, pool } = createWorld(t, {});
  for (const level of [8, 2, 12]) {
    keeper.need(level, 0);
    await clock.advance(5000);
  }
  t.deepEqual(
    pool.requests.map(({ pilots }) => pilots),
    [4, 2],
  );
});

test('replaces a pilot that was lost', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, {});
  keeper.need(6, 0);
  await clock.advance(1000);
  pool.pilots[0]?.die('killed');
  await clock.advance(2000);
  t.is(roster.slots('ready'), 6);
  t.is(pool.pilots.length, 4);
});

test('a shared engine is asked again after twenty seconds, in damped steps', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, { pools: [{ damped: true, slotsPerPilot: 1 }] });
  const startMs = clock.nowMs();
  keeper.need(40, 0);
  await clock.advance(100_000);
  t.deepEqual(
    pool.requests.map(({ atMs, pilots }) => [atMs - startMs, pilots]),
    [
      [0, 27],
      [20_000, 9],
      [40_000, 3],
      [60_000, 1],
    ],
  );
  t.is(roster.slots('ready'), 40);
});

test('the damped rhythm goes on over levels', async (t) => {
  const { clock, keeper, pool } = createWorld(t, { pools: [{ damped: true, slotsPerPilot: 1 }] });
  keeper.need(1, 0);
  await clock.advance(5000);
  keeper.need(2, 0);
  await clock.advance(14_000);
  t.is(pool.requests.length, 1);
  await clock.advance(2000);
  t.is(pool.requests.length, 2);
});

test('a site whose pilots end before they join is left alone after three, until the next level', async (t) => {
  const world = createWorld(t, { pools: [{ script: () => ({ joinsAfterMs: null, endsAfterMs: 500 }) }] });
  const { clock, keeper, pool } = world;
  keeper.need(2, 0);
  await clock.advance(60_000);
  t.is(pool.pilots.length, 3);
  t.is(keeper.troubles(), 'local: 3 pilots did not join, the last because its process ended');
  keeper.need(2, 0);
  t.is(keeper.troubles(), null);
  await clock.advance(60_000);
  t.is(pool.pilots.length, 6);
});

test('a site where half of the pilots fail is asked until the level is there', async (t) => {
  const { clock, keeper, roster } = createWorld(t, {
    pools: [
      {
        slotsPerPilot: 1,
        damped: true,
        script: (number) => (number % 2 === 0 ? { joinsAfterMs: null, endsAfterMs: 500 } : {}),
      },
    ],
  });
  keeper.need(8, 0);
  await clock.advance(400_000);
  t.is(roster.slots('ready'), 8);
});

test('an engine that refuses a request is not asked again for this level, and says why', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, { pools: [{ refuses: true }] });
  keeper.need(4, 0);
  await clock.advance(60_000);
  t.is(pool.requests.length, 1);
  t.is(roster.slots('asked'), 0);
  t.regex(keeper.troubles() ?? '', /the queue is closed/);
});

const limited = { slotsPerPilot: 1000, script: () => ({ slotsAtMost: 216 }) };

test('pilots that hold fewer clients than asked of them are counted as what they offer, and more are asked for', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, { pools: [{ ...limited, pilotsAtMost: 4 }] });
  keeper.need(600, 0);
  await clock.advance(5000);
  t.is(pool.pilots.length, 3);
  t.is(roster.slots('ready'), 3 * 216);
  t.false(keeper.hasGivenUp());
  // The next one is expected to be like those that are there.
  keeper.need(800, 0);
  t.deepEqual(
    pool.requests.map(({ pilots }) => pilots),
    [1, 2, 1],
  );
});

test('where there can be no more pilots and those that are there hold too few, the level is given up at once, with the fix', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, { pools: [{ ...limited, pilotsAtMost: 3 }] });
  keeper.need(700, 0);
  t.false(keeper.hasGivenUp(), 'they are on their way');
  await clock.advance(5000);
  t.is(pool.pilots.length, 3);
  t.is(roster.slots('ready'), 648);
  t.true(keeper.hasGivenUp());
  t.is(
    keeper.troubles(),
    'local: 3 pilots offer 216 slots each, not 1000: their limit of open files is 256; raise it (ulimit -n) or allow more pilots there',
  );
  keeper.need(648, 0);
  t.false(keeper.hasGivenUp());
});

test('a limited pilot that is lost is replaced', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, { pools: [{ ...limited, pilotsAtMost: 3 }] });
  keeper.need(648, 0);
  await clock.advance(5000);
  pool.pilots[1]?.die('killed');
  t.false(keeper.hasGivenUp(), 'there is room for another one');
  await clock.advance(5000);
  t.is(roster.slots('ready'), 648);
  t.is(pool.pilots.length, 4);
});

test('a site whose pilot says that it is of no use there is given up at once, until the next level', async (t) => {
  const { clock, keeper, pool } = createWorld(t, { pools: [{ script: () => ({ unfit: '192.0.2.1 is not here' }) }] });
  keeper.need(2, 0);
  await clock.advance(60_000);
  t.is(pool.pilots.length, 1);
  t.true(keeper.hasGivenUp());
  t.is(keeper.troubles(), 'local: GT_PILOT_UNFIT: 192.0.2.1 is not here');
  keeper.need(2, 0);
  t.is(keeper.troubles(), null);
  await clock.advance(1000);
  t.is(pool.pilots.length, 2);
});

test('a keeper that is stopped asks for nothing any more, also when its pilots leave', async (t) => {
  const { clock, keeper, roster, pool } = createWorld(t, {});
  keeper.need(4, 0);
  await clock.advance(1000);
  keeper.stop();
  roster.dismiss('the campaign is over');
  await clock.advance(60_000);
  t.is(pool.requests.length, 1);
});

test('clients are shared over sites by slots, or by weight within their slots', (t) => {
  const pools = [
    { site: 'desk', pilotsAtMost: 10, slotsPerPilot: 2 },
    { site: 'attic', pilotsAtMost: 20, slotsPerPilot: 4 },
  ];
  const bySlots = createWorld(t, { pools });
  t.deepEqual([...bySlots.keeper.shareOverSites(10).values()], [2, 8]);
  t.deepEqual([...bySlots.keeper.shareOverSites(1000).values()], [20, 80]);
  const byWeight = createWorld(t, { pools, weights: [0.5, 0.5] });
  t.deepEqual([...byWeight.keeper.shareOverSites(10).values()], [5, 5]);
  t.deepEqual([...byWeight.keeper.shareOverSites(60).values()], [20, 40]);
});

test('a site that is kept out carries nothing, even where its slots are all that is left', (t) => {
  const { keeper } = createWorld(t, {
    pools: [
      { site: 'desk', pilotsAtMost: 5, slotsPerPilot: 2 },
      { site: 'attic', pilotsAtMost: 100, slotsPerPilot: 2 },
    ],
    weights: [1, 0],
  });
  t.deepEqual([...keeper.shareOverSites(20).values()], [10, 0]);
  t.notThrows(() => keeper.need(10, 0.5));
});

test('whatever the sites, what is asked of each holds its share of the level (also where a larger total means less)', async (t) => {
  const site = fc.record({
    pilotsAtMost: fc.integer({ min: 1, max: 12 }),
    slotsPerPilot: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(site, { minLength: 1, maxLength: 4 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.constantFrom(0, 0.1, 0.25),
      async (sites, fill, spare) => {
        const pools = sites.map((each, index) => ({ ...each, site: `site-${index}` }));
        const { clock, keeper, roster, pools: scripted } = createScriptedWorld({ pools });
        const capacity = sumOf(sites.map(({ pilotsAtMost, slotsPerPilot }) => pilotsAtMost * slotsPerPilot));
        const level = Math.max(1, Math.floor(capacity * fill));
        keeper.need(level, spare);
        await clock.advance(500);
        keeper.stop();
        const shares = keeper.shareOverSites(level);
        t.is(sumOf(shares.values()), level);
        for (const pool of scripted) {
          const share = shares.get(pool.site) as number;
          const held = roster.slots('ready', pool.site);
          t.true(held >= share, `${pool.site} holds ${held} of ${share}`);
          t.true(held < share * (1 + spare) + 1 + pool.slotsPerPilot);
          t.true(pool.pilots.length <= pool.pilotsAtMost);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('the apportionment paradox does not starve a site: 10 clients give it 2, 11 would give it 1', async (t) => {
  const pools = [6, 6, 2].map((pilotsAtMost, index) => ({ site: `site-${index}`, pilotsAtMost, slotsPerPilot: 1 }));
  const { clock, keeper, roster } = createWorld(t, { pools });
  t.deepEqual([...keeper.shareOverSites(10).values()], [4, 4, 2]);
  t.deepEqual([...keeper.shareOverSites(11).values()], [5, 5, 1]);
  keeper.need(10, 0.1);
  await clock.advance(1000);
  t.is(roster.slots('ready', 'site-2'), 2);
});
