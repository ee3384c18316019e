import test from 'ava';
import { exchangeClocks } from '../../../coordinator/pilots/exchange-clocks.ts';
import type { PilotScript } from '../../support/scripted-pilot.ts';
import { createScriptedWorld } from '../../support/scripted-world.ts';

async function createScene(t: { teardown(end: () => void): void }, script: (number: number) => Partial<PilotScript>) {
  const world = createScriptedWorld({ pools: [{ script }] });
  t.teardown(() => world.keeper.stop());
  world.keeper.need(4, 0);
  await world.clock.advance(1000);
  return { ...world, world };
}

test('each pilot’s clock is tied by exchanges with it alone, and its round trip is known', async (t) => {
  const { world, clock, roster } = await createScene(t, (number) => ({
    offsetMs: 1000 * number,
    wayMs: 5 * (number + 1),
  }));
  const clocks = await clock.runUntil(exchangeClocks(world, roster.ready()));
  t.deepEqual(
    [...clocks.values()],
    [
      { method: 'exchange', offset: { offsetMs: 0, errorMs: 5 }, roundTripMs: 10 },
      { method: 'exchange', offset: { offsetMs: 1000, errorMs: 10 }, roundTripMs: 20 },
    ],
  );
});

test('a pilot in the same boot and time namespace shares the clock', async (t) => {
  const { world, clock, roster } = await createScene(t, () => ({}));
  world.clockIdentity = { bootId: 'boot', timeNamespace: 'time' };
  const [near, far] = roster.ready();
  Object.assign(near?.connection.host ?? {}, world.clockIdentity);
  Object.assign(far?.connection.host ?? {}, { bootId: 'boot', timeNamespace: 'other' });
  const clocks = await clock.runUntil(exchangeClocks(world, roster.ready()));
  t.deepEqual(
    [...clocks.values()].map(({ method, offset }) => [method, offset.errorMs]),
    [
      ['shared-clock', 0.001],
      ['exchange', 1],
    ],
  );
});

test('where nobody can tell which clock it is, none is shared', async (t) => {
  const { world, clock, roster } = await createScene(t, () => ({}));
  const clocks = await clock.runUntil(exchangeClocks(world, roster.ready()));
  t.true([...clocks.values()].every(({ method }) => method === 'exchange'));
});

test('a pilot that does not answer, or is lost over it, is left out and holds up nobody for long', async (t) => {
  const { world, clock, roster, pools } = await createScene(t, (number) => (number === 0 ? { wayMs: 5000 } : {}));
  await clock.advance(10_000);
  const ready = roster.ready();
  t.is(ready.length, 2);
  const startMs = clock.nowMs();
  const clocks = await clock.runUntil(exchangeClocks(world, ready));
  t.deepEqual([...clocks.keys()], [pools[0]?.pilots[1]?.join.pilot]);
  t.is(clock.nowMs() - startMs, 2000);
  clock.after(1, () => pools[0]?.pilots[1]?.die('killed'));
  t.is((await clock.runUntil(exchangeClocks(world, ready.slice(1)))).size, 0);
});
