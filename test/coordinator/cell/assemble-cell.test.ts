import test, { type ExecutionContext } from 'ava';
import { type Assembly, assembleCell } from '../../../coordinator/cell/assemble-cell.ts';
import { type AssembledCell, gaugeGridMs } from '../../../coordinator/cell/prepare-cell.ts';
import type { PlannedCell } from '../../../coordinator/plan.ts';
import { type ScriptedWorldOptions, createScriptedWorld } from '../../support/scripted-world.ts';

function createScene(t: ExecutionContext, options: ScriptedWorldOptions = {}) {
  const world = createScriptedWorld(options);
  t.teardown(() => world.keeper.stop());
  const assemble = (attempt = 1): Promise<Assembly> => assembleCell(world, world.cells[0] as PlannedCell, attempt);
  const steps = (): string[] => world.lines().map(({ step }) => step);
  return { ...world, assemble, steps };
}

const heardBy = (world: ReturnType<typeof createScene>, number: number): string[] =>
  (world.pools[0]?.pilots[number]?.heard ?? []).map(({ type }) => type).filter((type) => type !== 'clock');

function isAssembled(t: ExecutionContext, assembly: Assembly): assembly is AssembledCell {
  return t.is(assembly.kind, 'assembled');
}

test('clients wait on their pilots, numbered without a gap, once all are prepared and their clocks are tied', async (t) => {
  const scene = createScene(t, { levels: [5] });
  const assembly = await scene.clock.runUntil(scene.assemble());
  if (!isAssembled(t, assembly)) return;
  t.deepEqual(
    assembly.pilots.map(({ firstClient, clients, clock }) => [firstClient, clients, clock.method]),
    [
      [0, 2, 'exchange'],
      [2, 2, 'exchange'],
      [4, 1, 'exchange'],
    ],
  );
  t.deepEqual(assembly.target.addresses, [{ address: '127.0.0.1', family: 4, port: 9 }]);
  t.deepEqual(heardBy(scene, 0), ['prepare']);
  t.deepEqual(
    scene.steps().filter((step) => !step.startsWith('pilot')),
    ['slots-needed', 'barrier-reached', 'target-resolved', 'cell-prepared'],
  );
});

test('the pilot is told all that it needs for its part', async (t) => {
  const scene = createScene(t, { config: { load: { levels: [4], start: { within: '1s' }, seed: 7 } } });
  await scene.clock.runUntil(scene.assemble(3));
  const prepare = scene.pools[0]?.pilots[1]?.heard.find((message) => message.type === 'prepare');
  t.like(prepare?.type === 'prepare' ? prepare.plan : null, {
    cell: '001-d20-l4-r1',
    attempt: 3,
    firstClient: 2,
    clients: 2,
    level: 4,
    labelled: true,
    startSpreadMs: 1000,
    afterFailure: { pauseMs: 500, growToMs: 5000 },
    seed: 7,
    gaugeEveryMs: 10,
  });
});

test('a clock that is far off and far away is tied within its error', async (t) => {
  const scene = createScene(t, { pools: [{ script: () => ({ offsetMs: -1e6, wayMs: 25 }) }] });
  const assembly = await scene.clock.runUntil(scene.assemble());
  if (!isAssembled(t, assembly)) return;
  for (const { clock } of assembly.pilots) {
    t.deepEqual(clock.offset, { offsetMs: -1e6, errorMs: 25 });
    t.is(clock.roundTripMs, 50);
  }
});

test('a pilot that is lost while preparing raises the barrier again: the others stand down and prepare afresh', async (t) => {
  const scene = createScene(t, { pools: [{ script: (number) => ({ goesWhilePreparing: number === 1 }) }] });
  const assembly = await scene.clock.runUntil(scene.assemble());
  if (!isAssembled(t, assembly)) return;
  t.deepEqual(heardBy(scene, 0), ['prepare', 'stand-down', 'prepare']);
  t.deepEqual(heardBy(scene, 2), ['prepare']);
  t.is(scene.lines('barrier-reached').length, 2);
  t.is(scene.lines('cell-rechecked').length, 1);
});

test('what was prepared before a stand-down does not count for the second time', async (t) => {
  // The survivor takes long for its second preparation: the cell must not be assembled before.
  const scene = createScene(t, {
    pools: [{ script: (number) => ({ goesWhilePreparing: number === 1, preparesForMs: number === 0 ? 4000 : 20 }) }],
  });
  const startMs = scene.clock.nowMs();
  const assembly = await scene.clock.runUntil(scene.assemble());
  t.is(assembly.kind, 'assembled');
  t.true(scene.clock.nowMs() - startMs >= 8000, `after ${scene.clock.nowMs() - startMs} ms`);
});

test('a barrier that can not be reached any more ends at once, and says what was there and why not more', async (t) => {
  const scene = createScene(t, {
    pools: [{ script: (number) => (number === 0 ? {} : { joinsAfterMs: null, endsAfterMs: 500 }) }],
  });
  const startMs = scene.clock.nowMs();
  const assembly = await scene.clock.runUntil(scene.assemble());
  // Four pilots end after 500 ms each: then three more have failed than joined.
  t.is(scene.clock.nowMs() - startMs, 2000);
  t.deepEqual(assembly, {
    kind: 'missed',
    reason:
      'barrier: 4 slots were not ready after 2.0 s of 10s; ready 2, asked for 0; ' +
      'local: 4 pilots did not join, the last because its process ended',
  });
  t.is(scene.steps().at(-1), 'barrier-missed');
});

test('a barrier waits to its limit for pilots that may still come', async (t) => {
  const scene = createScene(t, { pools: [{ script: (number) => (number === 0 ? {} : { joinsAfterMs: null }) }] });
  const startMs = scene.clock.nowMs();
  const assembly = await scene.clock.runUntil(scene.assemble());
  t.is(scene.clock.nowMs() - startMs, 10_000);
  t.like(assembly, {
    kind: 'missed',
    reason: 'barrier: 4 slots were not ready after 10 s of 10s; ready 2, asked for 2',
  });
});

test('a level that the sites together can not hold is never taken for reached', async (t) => {
  const scene = createScene(t, { levels: [5], pools: [{ pilotsAtMost: 2 }] });
  const assembly = await scene.clock.runUntil(scene.assemble());
  t.is(assembly.kind, 'missed');
});

const degrades = test.macro<[string, number | null]>({
  async exec(t, atLeast, clients) {
    const scene = createScene(t, {
      config: { barrier: { within: '10s', otherwise: 'degrade', atLeast, spare: '0%' } },
      levels: [8],
      pools: [{ script: (number) => (number < 3 ? {} : { joinsAfterMs: null }) }],
    });
    const startMs = scene.clock.nowMs();
    const assembly = await scene.clock.runUntil(scene.assemble());
    t.true(scene.clock.nowMs() - startMs >= 10_000);
    t.is(assembly.kind, clients === null ? 'missed' : 'assembled');
    if (assembly.kind === 'assembled') {
      t.is(
        assembly.pilots.reduce((sum, pilot) => sum + pilot.clients, 0),
        clients as number,
      );
    }
  },
  title: (_, atLeast, clients) =>
    `with 6 of 8 slots and at least ${atLeast}, a degraded cell has ${clients ?? 'no chance'}${clients === null ? '' : ' clients'}`,
});

test(degrades, '75%', 6);
test(degrades, '76%', null);

test('pilots that fail at every preparation end the barrier in time, however fast they are replaced', async (t) => {
  // With so many to spare, the level is there again at once after every loss.
  const barrier = { within: '10s', spare: '5000%' };
  const scene = createScene(t, {
    config: { barrier },
    pools: [{ script: () => ({ goesWhilePreparing: true, preparesForMs: 100 }) }],
  });
  const startMs = scene.clock.nowMs();
  const assembly = await scene.clock.runUntil(scene.assemble());
  t.is(assembly.kind, 'missed');
  t.true(scene.clock.nowMs() - startMs < 12_000);
});

test('a pilot that does not prepare in time is lost, and another one takes its place', async (t) => {
  const scene = createScene(t, {
    config: { barrier: { within: '2min', spare: '0%' } },
    pools: [{ script: (number) => ({ preparesForMs: number === 0 ? 1e9 : 20 }) }],
  });
  const assembly = await scene.clock.runUntil(scene.assemble());
  t.is(assembly.kind, 'assembled');
  t.like(scene.lines('pilot-lost')[0], { reason: 'it did not prepare the cell in time' });
});

test('Ctrl-C ends the wait for pilots', async (t) => {
  const scene = createScene(t, { pools: [{ script: () => ({ joinsAfterMs: null }) }] });
  scene.clock.after(3000, scene.stop.drain);
  const startMs = scene.clock.nowMs();
  t.deepEqual(await scene.clock.runUntil(scene.assemble()), { kind: 'interrupted' });
  t.is(scene.clock.nowMs() - startMs, 3000);
});

test('Ctrl-C while pilots prepare stands them down', async (t) => {
  const scene = createScene(t, { pools: [{ script: () => ({ preparesForMs: 5000 }) }] });
  scene.clock.after(3000, scene.stop.drain);
  t.deepEqual(await scene.clock.runUntil(scene.assemble()), { kind: 'interrupted' });
  await scene.clock.advance(10);
  t.deepEqual(heardBy(scene, 0), ['prepare', 'stand-down']);
});

test('Ctrl-C before the cell sends nothing to the pilots that are there', async (t) => {
  const scene = createScene(t);
  await scene.clock.runUntil(scene.assemble());
  scene.stop.drain();
  t.deepEqual(await scene.clock.runUntil(scene.assemble(2)), { kind: 'interrupted' });
  t.deepEqual(heardBy(scene, 0), ['prepare']);
});

test('the gauges have a grid of 10 ms, coarser where a cell may last longer than half a minute', (t) => {
  t.deepEqual([1, 30_000, 30_001, 60_000, 152_000].map(gaugeGridMs), [10, 10, 20, 20, 60]);
});
