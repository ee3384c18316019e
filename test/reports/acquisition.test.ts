/** How pilots were acquired, read from journals that the coordinator's own keeper, switchboard and cells have written. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { measureOne } from '../../coordinator/cell/measure-one.ts';
import type { Acquisition } from '../../reports/acquisition.ts';
import { readAcquisition } from '../../reports/read-acquisition.ts';
import { type ScriptedWorld, type ScriptedWorldOptions, createScriptedWorld } from '../support/scripted-world.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

function createWorld(t: ExecutionContext, options: ScriptedWorldOptions): ScriptedWorld {
  const world = createScriptedWorld(options);
  t.teardown(() => world.keeper.stop());
  return world;
}

async function readText(t: ExecutionContext, text: string): Promise<Acquisition> {
  const file = join(await makeTemporaryFolder(t), 'journal.ndjson');
  await writeFile(file, text);
  const acquisition = await readAcquisition(file);
  if (acquisition === null) throw new Error('expected a journal');
  return acquisition;
}

const textOf = ({ lines }: ScriptedWorld): string =>
  lines()
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

test('a site tells who came, who did not and who was lost, and the steps how many there were', async (t) => {
  const world = createWorld(t, {
    pools: [
      {
        script: (number) => {
          if (number === 1) return { joinsAfterMs: null, endsAfterMs: 400 };
          return number === 2 ? { joinsAfterMs: 700 } : { joinsAfterMs: 100 };
        },
      },
    ],
  });
  const { clock, keeper, pools } = world;
  keeper.need(6, 0);
  await clock.advance(5000);
  pools[0]?.pilots[0]?.die('killed');
  await clock.advance(5000);
  const { sites, steps } = await readText(t, textOf(world));
  t.deepEqual(sites, [
    {
      site: 'local',
      asked: 5,
      joined: 4,
      refused: 1,
      lost: 1,
      queueWaitMs: { count: 4, p50: null, p95: null, max: 700 },
    },
  ]);
  const { roster } = world;
  t.like(steps.at(-1), {
    pendingPilots: 0,
    readyPilots: roster.ready().length,
    heldSlots: roster.slots('ready'),
    neededSlots: 6,
  });
  t.true(steps.some(({ readyPilots, heldSlots }) => readyPilots === 2 && heldSlots === 4));
  t.deepEqual(
    steps.map(({ atMs }) => atMs),
    steps.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
  );
});

test('a pilot that offers fewer slots than its pool says holds those that it offers', async (t) => {
  const world = createWorld(t, { pools: [{ slotsPerPilot: 10, script: () => ({ slotsAtMost: 3 }) }] });
  world.keeper.need(10, 0);
  await world.clock.advance(5000);
  const { steps, sites } = await readText(t, textOf(world));
  t.is(steps.at(-1)?.heldSlots, world.roster.slots('ready'));
  t.is(steps.at(-1)?.readyPilots, 4);
  t.is(sites[0]?.joined, 4);
});

test('what a level needs is told when it changes, not only when pilots are asked for', async (t) => {
  const world = createWorld(t, { pools: [{ site: 'near' }, { site: 'far' }], weights: [0.75, 0.25] });
  for (const level of [8, 4, 4, 12]) {
    world.keeper.need(level, 0);
    await world.clock.advance(3000);
  }
  const { steps, sites } = await readText(t, textOf(world));
  const needed = steps.map(({ neededSlots }) => neededSlots);
  t.deepEqual(
    needed.filter((each, index) => each !== needed[index - 1]),
    [8, 4, 12],
  );
  t.is(world.lines('slots-needed').length, 3);
  t.deepEqual(
    sites.map(({ site }) => site),
    ['near', 'far'],
  );
});

const TIMING = {
  warmUp: { atLeast: '200ms', atMost: '2s' },
  window: { atLeast: '1s', operationsPerClient: 5, atMost: '4s' },
  drain: '3s',
};

test('a cell waits from its start and is fired at T0; a repeated one is told of by its last attempt', async (t) => {
  const world = createWorld(t, {
    config: {
      lost: { pilot: 'repeat', times: 1 },
      timing: { ...TIMING, recovery: { within: '1s', otherwise: 'continue' } },
    },
    pools: [{ script: (number) => (number === 0 ? { goesAtMs: 900 } : {}) }],
  });
  const [cell] = world.cells;
  if (cell === undefined) throw new Error('no cell');
  await world.clock.runUntil(measureOne(world, cell, 0, 1000), 60_000);
  const { cells, sites } = await readText(t, textOf(world));
  const [started, fired] = [world.lines('cell-started'), world.lines('cell-fired')];
  t.is(started.length, 2);
  const zeroMs = world.lines()[0]?.monotonicMs as number;
  t.deepEqual(cells, [
    {
      id: cell.identity.id,
      startedAtMs: (started[1]?.monotonicMs as number) - zeroMs,
      firedAtMs: (fired[1]?.t0Ms as number) - zeroMs,
    },
  ]);
  t.like(sites[0], { asked: 3, joined: 3, lost: 1 });
});

test('a percentile of the queue waits is given where enough pilots waited', async (t) => {
  const world = createWorld(t, {
    pools: [{ slotsPerPilot: 1, pilotsAtMost: 200, script: (number) => ({ joinsAfterMs: number + 1 }) }],
  });
  world.keeper.need(100, 0);
  await world.clock.advance(1000);
  const { sites } = await readText(t, textOf(world));
  t.deepEqual(sites[0]?.queueWaitMs, { count: 100, p50: 50, p95: 95, max: 100 });
});

/** A line of a journal, written by hand. */
const line = (monotonicMs: number, step: string, fields: object = {}): string =>
  `${JSON.stringify({ v: 1, at: new Date(1_795_000_000_000 + monotonicMs).toISOString(), monotonicMs, step, ...fields })}\n`;
const ASKED = line(1000, 'pilots-asked', { site: 'here', pilots: ['a', 'b', 'c'], neededSlots: 6 });

test('a torn last line, steps of later versions and what is no JSON are passed over', async (t) => {
  const start = line(900, 'campaign-started');
  const joined = line(1500, 'pilot-joined', { pilot: 'a', slots: 2 });
  const strange = [
    line(1200, 'unheard-of'),
    line(1300, 'pilot-joined', { pilot: 7 }),
    '\u{1F980} no JSON\n\n',
    '{"v":2,"step":"pilot-lost","pilot":"a"}\n',
  ];
  const whole = start + ASKED + joined;
  const expected = await readText(t, whole);
  t.deepEqual(await readText(t, start + ASKED + strange.join('') + joined), expected);
  const lost = line(1600, 'pilot-lost', { pilot: 'a' });
  for (const cut of [1, 10, lost.length - 2]) t.deepEqual(await readText(t, whole + lost.slice(0, cut)), expected);
  t.is((await readText(t, whole + lost)).sites[0]?.lost, 1);
});

test('who is turned away at the door in the name of another changes nothing, and nobody is refused twice', async (t) => {
  const { sites, steps } = await readText(
    t,
    ASKED +
      line(1100, 'pilot-joined', { pilot: 'a', slots: 2 }) +
      line(1200, 'pilot-refused', { pilot: 'a', reason: 'it is there already' }) +
      line(1300, 'pilot-refused', { pilot: 'nobody', reason: 'nobody asked for it' }) +
      line(1400, 'pilot-refused', { reason: 'wrong secret' }) +
      line(1500, 'pilot-ended', { pilot: 'b' }) +
      line(1600, 'pilot-refused', { pilot: 'b', reason: 'nobody asked for it' }),
  );
  t.like(sites[0], { asked: 3, joined: 1, refused: 1, lost: 0 });
  t.deepEqual(
    steps.map(({ pendingPilots, readyPilots }) => [pendingPilots, readyPilots]),
    [
      [3, 0],
      [2, 1],
      [1, 1],
    ],
  );
});

test('held slots are not made up where the journal does not tell them', async (t) => {
  const { steps } = await readText(t, ASKED + line(1100, 'pilot-joined', { pilot: 'a' }));
  t.like(steps.at(-1), { readyPilots: 1, heldSlots: null, neededSlots: 6 });
});

test('a clock that begins anew with its host is followed by the time of day', async (t) => {
  const later = JSON.parse(line(61_000, 'pilot-joined', { pilot: 'a', slots: 2 })) as object;
  const { steps } = await readText(t, ASKED + JSON.stringify({ ...later, monotonicMs: 5 }));
  t.deepEqual(
    steps.map(({ atMs }) => atMs),
    [0, 60_000],
  );
});

test('a campaign of many pilots is told in some 500 steps, the first and the last among them', async (t) => {
  const pilots = Array.from({ length: 4000 }, (_, index) => `p${index}`);
  const text =
    line(0, 'pilots-asked', { site: 'here', pilots, neededSlots: 4000 }) +
    pilots.map((pilot, index) => line(10 + index * 7, 'pilot-joined', { pilot, slots: 1 })).join('');
  const { steps } = await readText(t, text);
  t.true(steps.length > 400 && steps.length <= 502);
  t.like(steps[0], { atMs: 0, pendingPilots: 4000, readyPilots: 0 });
  t.like(steps.at(-1), { pendingPilots: 0, readyPilots: 4000, heldSlots: 4000 });
});

test('whatever order the steps come in, those asked for are pending, ready, refused or lost', async (t) => {
  const pilot = fc.constantFrom('a', 'b', 'c', 'd');
  const step = fc.tuple(fc.constantFrom('pilot-joined', 'pilot-refused', 'pilot-ended', 'pilot-lost'), pilot);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (taken) => {
      const lines = taken.map(([name, id], index) => line(1001 + index, name, { pilot: id, slots: 2 }));
      const { sites, steps } = await readText(t, ASKED + lines.join(''));
      const [{ asked, joined, refused, lost }] = sites as [Acquisition['sites'][number]];
      const { pendingPilots, readyPilots, heldSlots } = steps.at(-1) as Acquisition['steps'][number];
      t.is(asked, joined + refused + pendingPilots);
      t.is(joined, readyPilots + lost);
      t.is(heldSlots, 2 * readyPilots);
    }),
    { numRuns: 60 },
  );
});

test('without a journal nothing is told; an empty one tells of nobody', async (t) => {
  t.is(await readAcquisition(join(await makeTemporaryFolder(t), 'journal.ndjson')), null);
  t.deepEqual(await readText(t, ''), { sites: [], steps: [], cells: [] });
  const error = await t.throwsAsync(readAcquisition(await makeTemporaryFolder(t)), { code: 'GT_RESULT_NOT_READABLE' });
  t.regex(error?.message ?? '', /expected readable lines in/);
});
