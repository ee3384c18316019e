import test, { type ExecutionContext } from 'ava';
import { assembleCell } from '../../../coordinator/cell/assemble-cell.ts';
import type { PlannedCell } from '../../../coordinator/plan.ts';
import { type CellEnd, runCell } from '../../../coordinator/cell/run-cell.ts';
import type { CellEvidence } from '../../../reports/evidence.ts';
import { CellEvidenceSchema } from '../../../reports/evidence.ts';
import type { PilotScript } from '../../support/scripted-pilot.ts';
import { type ScriptedWorldOptions, createScriptedWorld } from '../../support/scripted-world.ts';

const ROWS = '/results/rows';

type Scene = ReturnType<typeof createScene>;

/** A world with a cell of four clients on two pilots (the first with its script), and what is done to it after the shot. */
function createScene(t: ExecutionContext, script: (number: number) => Partial<PilotScript> = () => ({})) {
  return createSceneOf(t, { pools: [{ script }] });
}

function createSceneOf(t: ExecutionContext, options: ScriptedWorldOptions) {
  const world = createScriptedWorld(options);
  t.teardown(() => world.keeper.stop());
  const cell = world.cells[0] as PlannedCell;
  /** Assembles the cell, lets `before` happen, and runs it to its end. */
  const run = async (before = (): void => {}): Promise<CellEnd> => {
    const assembled = await world.clock.runUntil(assembleCell(world, cell, 1));
    if (assembled.kind !== 'assembled') throw new Error(assembled.kind);
    const rows = await world.disk.openRows(ROWS);
    before();
    return world.clock.runUntil(runCell(world, { cell, attempt: 1, assembled }, rows));
  };
  /** What the pilot with this number was told, but for clocks and acknowledgements. */
  const heardBy = (number: number): string[] =>
    (world.pools[0]?.pilots[number]?.heard ?? [])
      .map(({ type }) => type)
      .filter((type) => !['clock', 'ack', 'prepare'].includes(type));
  const storedRows = (): number => (world.disk.rows.get(ROWS) ?? []).reduce((sum, { rows }) => sum + rows, 0);
  const steps = (): string[] =>
    world
      .lines()
      .map(({ step }) => step)
      .filter((step) => /^(cell-fired|window|cell-drained|pilot-lost)/.test(step));
  return { ...world, run, heardBy, storedRows, steps };
}

function evidenceOf(t: ExecutionContext, end: CellEnd): CellEvidence {
  if (end.kind !== 'measured') throw new Error(`expected a measured cell, got ${end.kind}`);
  t.true(CellEvidenceSchema.safeParse(end.evidence).success, 'the evidence is as its schema says');
  return end.evidence;
}

/** So long after the shot, do this. */
function afterShot({ clock, lines }: Scene, ms: number, action: () => void): void {
  clock.after(0, () => {
    const [fired] = lines('cell-fired');
    clock.after((fired?.['t0Ms'] as number) + ms - clock.nowMs(), action);
  });
}

test('a cell goes from the shot over the window to its last row, and leaves whole evidence', async (t) => {
  const scene = createScene(t);
  const evidence = evidenceOf(t, await scene.run());
  t.deepEqual(scene.steps(), ['cell-fired', 'window-opened', 'window-closed', 'cell-drained']);
  t.deepEqual(scene.heardBy(0), ['fire', 'drain', 'finish']);
  t.deepEqual(scene.heardBy(1), ['fire', 'drain', 'finish']);
  // Operations of 100 ms: all have ended one at 100, the least warm-up is 200; five of each client take 500, the least is 1 s.
  t.deepEqual(evidence.window, { openMs: 200, openedBy: 'every-client-ended-one', closeMs: 1200, closedBy: 'content' });
  t.is(evidence.failure, null);
  t.is(evidence.clientsFired, 4);
  t.true((evidence.drainedMs as number) >= 1200);
  t.true(scene.disk.closed.has(ROWS));
  for (const pilot of evidence.pilots) {
    t.like(pilot, { clients: 2, lostAtMs: null });
    t.is(pilot.rowsSent, pilot.rowsStored);
    t.deepEqual(pilot.clock, { method: 'exchange', offsetMs: 0, errorMs: 1, startCorrectionMs: 0 });
    t.is(pilot.health?.loopUtilisation, 0.1);
  }
  t.is(
    scene.storedRows(),
    evidence.pilots.reduce((sum, { rowsStored }) => sum + rowsStored, 0),
  );
  // Four clients in flight all the time.
  const { everyMs, inFlight } = evidence.gauges;
  t.true(inFlight.length > 1200 / everyMs);
  t.true(inFlight.every((integral, point) => Math.abs(integral - 4 * point * everyMs) < 1e-6));
});

test('the shot is due at one instant on every pilot’s own clock, late enough for the order to arrive', async (t) => {
  const offsets = [5e5, -3e5];
  const scene = createScene(t, (number) => ({ offsetMs: offsets[number] as number, wayMs: 20 * (number + 1) }));
  const orderedMs: number[] = [];
  await scene.run(() => orderedMs.push(scene.clock.nowMs()));
  const dueMs = scene.pools[0]?.pilots.map(({ heard }, number) => {
    const fire = heard.find((message) => message.type === 'fire');
    return (fire?.type === 'fire' ? fire.t0Ms : Number.NaN) - (offsets[number] as number);
  });
  t.is(dueMs?.[0], dueMs?.[1]);
  t.true((dueMs?.[0] as number) > (orderedMs[0] as number) + 40);
});

test('the window waits for the slowest client, and opens at the warm-up limit when that is too slow', async (t) => {
  const slow = createScene(t, (number) => ({ serviceMs: number === 0 ? 100 : 1500 }));
  t.like(evidenceOf(t, await slow.run()).window, { openMs: 1500, openedBy: 'every-client-ended-one' });
  const tooSlow = createScene(t, (number) => ({ serviceMs: number === 0 ? 100 : 2500 }));
  t.like(evidenceOf(t, await tooSlow.run()).window, { openMs: 2000, openedBy: 'warm-up-limit' });
});

test('a window without enough operations closes at its longest', async (t) => {
  const scene = createScene(t, () => ({ serviceMs: 1500 }));
  t.like(evidenceOf(t, await scene.run()).window, { openMs: 1500, closeMs: 5500, closedBy: 'at-most' });
});

test('a spread start makes the warm-up limit that much later', async (t) => {
  const scene = createSceneOf(t, {
    config: { load: { levels: [4], start: { within: '1s' } } },
    pools: [{ script: () => ({ serviceMs: 3500 }) }],
  });
  t.like(evidenceOf(t, await scene.run()).window, { openMs: 3000, openedBy: 'warm-up-limit' });
});

test('a pilot lost in the window is dated, its clients are not waited for, and what it sent stays', async (t) => {
  const scene = createScene(t, (number) => (number === 1 ? { goesAtMs: 640 } : {}));
  const { window, pilots, failure, gauges } = evidenceOf(t, await scene.run());
  t.is(failure, null);
  t.like(window, { openMs: 200, closedBy: 'content' });
  t.deepEqual(
    pilots.map(({ lostAtMs }) => lostAtMs),
    [null, 640],
  );
  // Frames of 250 and 500 ms had come: five operations of each of its two clients.
  t.like(pilots[1], { rowsSent: null, rowsStored: 10, health: null });
  t.deepEqual(scene.steps(), ['cell-fired', 'window-opened', 'pilot-lost', 'window-closed', 'cell-drained']);
  const at = (ms: number): number => gauges.inFlight[ms / gauges.everyMs] as number;
  t.deepEqual([at(500), at(1000)], [4 * 500, 2 * 1000 + 2 * 500]);
});

test('losing the slowest pilot during warm-up opens the window without it', async (t) => {
  const scene = createScene(t, (number) => (number === 1 ? { serviceMs: 1900, goesAtMs: 700 } : {}));
  const { window } = evidenceOf(t, await scene.run());
  t.like(window, { openMs: 200, openedBy: 'every-client-ended-one' });
});

for (const [when, goesAtMs, hasWindow, failure] of [
  ['before the window', 150, false, 'no pilot was left to open or close the window'],
  ['in the window', 700, false, 'no pilot was left to open or close the window'],
] as const) {
  test(`when all pilots are lost ${when}, the cell ends at once, as failed`, async (t) => {
    const scene = createScene(t, () => ({ goesAtMs }));
    const evidence = evidenceOf(t, await scene.run());
    t.is(evidence.window !== null, hasWindow);
    t.is(evidence.failure, failure);
    t.is(evidence.drainedMs, null);
    t.true(evidence.pilots.every(({ lostAtMs }) => lostAtMs === goesAtMs));
    t.true(scene.clock.nowMs() < (scene.lines('cell-fired')[0]?.['t0Ms'] as number) + 1000);
  });
}

test('when all pilots are lost while draining, the window stays and the cell is failed, not drained', async (t) => {
  const scene = createScene(t, () => ({ serviceMs: 900, goesAtMs: 5200 }));
  const evidence = evidenceOf(t, await scene.run());
  t.not(evidence.window, null);
  t.is(evidence.drainedMs, null);
  t.is(evidence.failure, 'no pilot was left to end the operations of the window');
});

test('pilots that are alive but tell nothing end the cell as failed, once the longest window must be over', async (t) => {
  const mute = createScene(t, () => ({ shipsUntilMs: 0 }));
  const silent = evidenceOf(t, await mute.run());
  t.is(silent.failure, 'the pilots told too little in time to open or close the window');
  t.deepEqual([silent.window, silent.drainedMs], [null, null]);
  t.deepEqual(mute.lines('window-opened')[0]?.['openedBy'], 'warm-up-limit');
  const one = createScene(t, (number) => (number === 0 ? { shipsUntilMs: 300 } : {}));
  const half = evidenceOf(t, await one.run());
  t.is(half.failure, silent.failure);
  t.is(half.pilots[1]?.rowsSent, half.pilots[1]?.rowsStored as number, 'what the other one told is kept');
});

test('operations that do not end within the drain limit are cut, and listed', async (t) => {
  const scene = createScene(t, () => ({ stallsAtMs: 1000 }));
  const end = await scene.run();
  const evidence = evidenceOf(t, end);
  t.is(evidence.drainedMs, null);
  t.is(evidence.failure, null);
  const cut = end.kind === 'measured' ? end.collector.cutOperations() : [];
  t.deepEqual(
    cut.toSorted((a, b) => a.client - b.client).map(({ client, sequence }) => [client, sequence]),
    [0, 1, 2, 3].map((client) => [client, 10]),
  );
  const finish = scene.pools[0]?.pilots[0]?.heard.find((message) => message.type === 'finish');
  t.like(finish, { graceMs: 0 });
  const [closedAtMs, drainedAtMs] = (['window-closed', 'cell-drained'] as const).map(
    (step) => scene.lines(step)[0]?.['monotonicMs'] as number,
  );
  t.true(Math.abs((drainedAtMs as number) - (closedAtMs as number) - 3000) < 1);
});

test('a pilot that does not end the cell in time is lost, and the cell is kept', async (t) => {
  const scene = createScene(t, (number) => ({ neverDone: number === 0 }));
  const { pilots, failure } = evidenceOf(t, await scene.run());
  t.is(failure, null);
  t.not(pilots[0]?.lostAtMs, null);
  t.is(pilots[0]?.rowsSent, null);
  t.is(pilots[1]?.lostAtMs, null);
  t.like(scene.lines('pilot-lost')[0], { reason: 'it did not end the cell in time' });
});

test('a pilot that is lost between the barrier and the shot stops the shot: the other stands down', async (t) => {
  const scene = createScene(t);
  const end = await scene.run(() => scene.pools[0]?.pilots[1]?.die('killed'));
  t.is(end.kind, 'not-fired');
  await scene.clock.advance(10);
  t.deepEqual(scene.heardBy(0), ['stand-down']);
  t.deepEqual(scene.steps(), ['pilot-lost']);
  t.true(scene.disk.closed.has(ROWS));
});

test('the first Ctrl-C before the window ends the load in order and gives the cell up', async (t) => {
  const scene = createScene(t, () => ({ serviceMs: 700 }));
  const end = await scene.run(() => afterShot(scene, 300, scene.stop.drain));
  t.is(end.kind, 'interrupted');
  t.deepEqual(scene.heardBy(0), ['fire', 'finish']);
  t.is(scene.storedRows(), 4, 'what was under way has ended');
  t.true(scene.disk.closed.has(ROWS));
});

test('the first Ctrl-C in the window gives the cell up too', async (t) => {
  const scene = createScene(t);
  const end = await scene.run(() => afterShot(scene, 800, scene.stop.drain));
  t.is(end.kind, 'interrupted');
  t.deepEqual(scene.steps(), ['cell-fired', 'window-opened']);
});

test('the first Ctrl-C while draining lets the cell be measured', async (t) => {
  const scene = createScene(t, () => ({ serviceMs: 900 }));
  const end = await scene.run(() => afterShot(scene, 5150, scene.stop.drain));
  t.is(evidenceOf(t, end).window?.closeMs, 4900);
});

test('the second Ctrl-C cuts at once', async (t) => {
  const scene = createScene(t, () => ({ stallsAtMs: 500 }));
  const end = await scene.run(() => afterShot(scene, 800, scene.stop.now));
  t.is(end.kind, 'interrupted');
  t.is(scene.clock.nowMs(), (scene.lines('cell-fired')[0]?.['t0Ms'] as number) + 800);
  await scene.clock.advance(10);
  const finish = scene.pools[0]?.pilots[0]?.heard.find(({ type }) => type === 'finish');
  t.like(finish, { type: 'finish', graceMs: 0 });
});

test('the second Ctrl-C ends a drain that the first one left alone', async (t) => {
  const scene = createScene(t, () => ({ stallsAtMs: 1000 }));
  const end = await scene.run(() => {
    afterShot(scene, 2000, scene.stop.drain);
    afterShot(scene, 2500, scene.stop.now);
  });
  t.is(end.kind, 'interrupted');
  t.is(scene.clock.nowMs(), (scene.lines('cell-fired')[0]?.['t0Ms'] as number) + 2500);
});

test('a disk that refuses ends the cell with its error, and the rows file is closed', async (t) => {
  const scene = createScene(t);
  const { openRows } = scene.disk;
  scene.disk.openRows = async (file) => ({
    ...(await openRows(file)),
    append: () => Promise.reject(new Error('disk full')),
  });
  await t.throwsAsync(scene.run(), { message: 'disk full' });
  t.true(scene.disk.closed.has(ROWS));
});

test('clocks are tied again after the cell, and a drift widens the bound', async (t) => {
  const scene = createScene(t, () => ({ wayMs: 5 }));
  const { pilots } = evidenceOf(t, await scene.run());
  t.is(scene.lines('clock-tied').length, 2);
  for (const { clock } of pilots)
    t.deepEqual(clock, { method: 'exchange', offsetMs: 0, errorMs: 5, startCorrectionMs: 0 });
});

test('progress is told while the cell runs, phase by phase, and not after it', async (t) => {
  const scene = createScene(t);
  await scene.run();
  const phases = scene.events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []));
  t.deepEqual(phases, ['acquiring', 'preparing', 'warm-up', 'window', 'drain']);
  const progress = scene.events.filter((event) => event.type === 'progress');
  const last = progress.at(-1);
  t.like(last, { heldClients: 4, readyPilots: 2, pendingPilots: 0, failed: 0 });
  t.true(Math.abs((last?.inFlight as number) - 4) < 1e-6);
  t.true(Math.abs((last?.ratePerS as number) - 40) < 1e-6);
  await scene.clock.advance(5000);
  t.is(scene.events.filter((event) => event.type === 'progress').length, progress.length);
});

test('a disk that refuses in mid-cell ends the load at once, and the refusal is the error', async (t) => {
  const scene = createScene(t);
  const assembled = await scene.clock.runUntil(assembleCell(scene, scene.cells[0] as PlannedCell, 1));
  if (assembled.kind !== 'assembled') throw new Error(assembled.kind);
  const refusal = new Error('no space left');
  let isClosed = false;
  const rows = {
    append: () => Promise.reject(refusal),
    close: async () => void (isClosed = true),
  };
  const ready = { cell: scene.cells[0] as PlannedCell, attempt: 1, assembled };
  const thrown = await scene.clock.runUntil(runCell(scene, ready, rows).catch((error: unknown) => error));
  t.is(thrown, refusal);
  t.true(isClosed);
  const finish = scene.pools[0]?.pilots[0]?.heard.find((message) => message.type === 'finish');
  t.like(finish, { graceMs: 0 });
  const [fired] = scene.lines('cell-fired');
  t.true(scene.clock.nowMs() - (fired?.['t0Ms'] as number) < 1200, 'before the window would have closed');
});
