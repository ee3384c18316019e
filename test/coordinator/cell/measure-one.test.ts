import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type CellResult, measureOne } from '../../../coordinator/cell/measure-one.ts';
import type { PlannedCell } from '../../../coordinator/plan.ts';
import type { ConfigInput } from '../../../coordinator/config/schema.ts';
import type { PilotScript } from '../../support/scripted-pilot.ts';
import { type ScriptedWorldOptions, createScriptedWorld } from '../../support/scripted-world.ts';
import { startScriptedService } from '../../support/srm-script.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const CELL = '001-d20-l4-r1';
const FOLDER = `/results/cells/${CELL}`;
/** Probes and commands are real: while they run, time on the virtual clock goes on as fast as it can. */
const ANY_TIME_MS = 1e10;

type SceneOptions = Pick<ScriptedWorldOptions, 'pools'> & {
  script?: (number: number) => Partial<PilotScript>;
  lost?: { pilot: 'keep' | 'repeat' | 'fail'; times?: number };
  recovery?: { within?: string; otherwise?: 'stop' | 'restart' | 'skip-target' | 'continue' };
  counters?: { command: string };
  /** Where the service is; by default nobody listens, so that it never recovers. */
  url?: string;
};

const TIMING: ConfigInput['timing'] = {
  warmUp: { atLeast: '200ms', atMost: '2s' },
  window: { atLeast: '1s', operationsPerClient: 5, atMost: '4s' },
  drain: '3s',
};

function createScene(t: ExecutionContext, { script, lost, recovery, counters, url, pools }: SceneOptions) {
  const world = createScriptedWorld({
    config: {
      timing: { ...TIMING, recovery: { within: '1s', otherwise: 'continue', ...recovery } },
      target: { kind: 'url', url: url ?? 'http://127.0.0.1:9/srm', ...(counters === undefined ? {} : { counters }) },
      ...(lost === undefined ? {} : { lost }),
    },
    pools: pools ?? [script === undefined ? {} : { script }],
  });
  t.teardown(() => world.keeper.stop());
  const measure = (): Promise<CellResult> =>
    world.clock.runUntil(measureOne(world, world.cells[0] as PlannedCell, 0, 60_000), ANY_TIME_MS);
  const stepsOf = (...steps: string[]): string[] =>
    world
      .lines()
      .map(({ step }) => step)
      .filter((step) => steps.includes(step));
  const record = (): { evidence: { attempt: number; server: unknown; recovery: unknown } } =>
    JSON.parse(world.disk.files.get(`${FOLDER}/cell.json`) as string);
  return { ...world, world, measure, stepsOf, record };
}

test('a cell whose service is back is kept: rows, then the count, then recovery, then finished', async (t) => {
  const service = await startScriptedService(t, () => 'ok');
  const scene = createScene(t, { url: service.url, recovery: { within: '8h' } });
  const result = await scene.measure();
  t.like(result, { kind: 'measured', stop: null });
  t.like(result.kind === 'measured' ? result.summary : null, { id: CELL, state: 'ok', held: 4 });
  t.is(service.requests(), 3);
  t.deepEqual(scene.stepsOf('cell-started', 'rows-stored', 'server-counted', 'recovered', 'cell-finished'), [
    'cell-started',
    'rows-stored',
    'server-counted',
    'recovered',
    'cell-finished',
  ]);
  t.deepEqual([...scene.disk.rows.keys()], [`${FOLDER}/operations.parquet`]);
  t.like(scene.record().evidence, { attempt: 1, server: null, recovery: { probes: 3 } });
  t.deepEqual(
    scene.events.filter(({ type }) => type === 'cell-started' || type === 'cell-finished').map(({ type }) => type),
    ['cell-started', 'cell-finished'],
  );
});

test('a service that does not come back stops the campaign with 123; the cell is kept, as failed', async (t) => {
  const scene = createScene(t, { recovery: { otherwise: 'stop' } });
  const result = await scene.measure();
  t.like(result.stop, { exitCode: 123, reason: `the target did not recover within 1s after cell ${CELL}` });
  t.is(result.kind === 'measured' ? result.summary.state : null, 'failed');
  t.deepEqual(scene.stepsOf('cell-finished', 'not-recovered'), ['cell-finished', 'not-recovered']);
  t.true(scene.disk.files.has(`${FOLDER}/cell.json`));
});

test('a service that does not come back is left behind under continue', async (t) => {
  const result = await createScene(t, { recovery: { otherwise: 'continue' } }).measure();
  t.is(result.stop, null);
});

test('under skip-target, the other cells of a target that does not come back are left out', async (t) => {
  const result = await createScene(t, { recovery: { otherwise: 'skip-target' } }).measure();
  t.like(result, { kind: 'measured', stop: null });
  t.regex(
    (result.kind === 'measured' && result.dropTarget) || '',
    /^the target did not recover within 1s after cell 001/,
  );
});

test('a target that can be started anew is, under restart; another one stops the campaign', async (t) => {
  const stuck = createScene(t, { recovery: { otherwise: 'restart' } });
  t.is((await stuck.measure()).stop?.exitCode, 123);
  const scene = createScene(t, { recovery: { otherwise: 'restart' } });
  let restarts = 0;
  scene.handle.restart = async () => {
    restarts += 1;
  };
  t.is((await scene.measure()).stop, null);
  t.is(restarts, 1);
  t.deepEqual(scene.stepsOf('not-recovered', 'target-restarted'), ['not-recovered', 'target-restarted']);
});

const losesFirst = (number: number): Partial<PilotScript> => (number === 0 ? { goesAtMs: 600 } : {});
const losesEach = (): Partial<PilotScript> => ({ goesAtMs: 600 });

test('under keep, a cell that lost a pilot is kept as it is', async (t) => {
  const scene = createScene(t, { script: losesFirst, lost: { pilot: 'keep' } });
  t.like(await scene.measure(), { kind: 'measured', stop: null });
  t.is(scene.record().evidence.attempt, 1);
});

test('under fail, a lost pilot stops the campaign with 121 after the cell was kept', async (t) => {
  const scene = createScene(t, { script: losesFirst, lost: { pilot: 'fail' } });
  t.like(await scene.measure(), { kind: 'measured', stop: { exitCode: 121 } });
  t.true(scene.disk.files.has(`${FOLDER}/cell.json`));
});

test('under repeat, the cell is measured again and the first attempt stays beside it', async (t) => {
  const scene = createScene(t, { script: losesFirst, lost: { pilot: 'repeat' } });
  t.like(await scene.measure(), { kind: 'measured', stop: null });
  t.is(scene.record().evidence.attempt, 2);
  t.deepEqual([...scene.disk.rows.keys()].toSorted(), [
    `${FOLDER}/operations.attempt-1.parquet`,
    `${FOLDER}/operations.parquet`,
  ]);
  t.true(scene.disk.files.has(`${FOLDER}/cell.attempt-1.json`));
  t.is(scene.lines('cell-repeated').length, 1);
});

test('a cell that loses pilots again and again is repeated as often as allowed, then the campaign stops', async (t) => {
  const scene = createScene(t, { script: losesEach, lost: { pilot: 'repeat', times: 2 } });
  t.like(await scene.measure(), { kind: 'measured', stop: { exitCode: 121 } });
  t.is(scene.record().evidence.attempt, 3);
});

test('a pilot that is lost at the last look costs an attempt, but neither the cell nor a repeat', async (t) => {
  const scene = createScene(t, { lost: { pilot: 'fail' } });
  const { makeFolder } = scene.disk;
  let isFirst = true;
  scene.disk.makeFolder = async (folder) => {
    if (isFirst) scene.pools[0]?.pilots[0]?.die('killed');
    isFirst = false;
    await makeFolder(folder);
  };
  t.like(await scene.measure(), { kind: 'measured', stop: null });
  t.is(scene.record().evidence.attempt, 2);
  t.is(scene.lines('cell-rechecked').length, 1);
  t.is(scene.lines('cell-fired').length, 1);
});

test('a missed barrier skips the cell and stops the campaign with 120', async (t) => {
  const scene = createScene(t, { script: () => ({ joinsAfterMs: null }) });
  const result = await scene.measure();
  t.like(result, { kind: 'skipped', stop: { exitCode: 120 } });
  t.is(scene.disk.rows.size, 0);
});

test('Ctrl-C in a cell skips it and stops the campaign with 105; what came stays as partial rows', async (t) => {
  const scene = createScene(t, {});
  scene.clock.after(1000, scene.stop.drain);
  t.like(await scene.measure(), { kind: 'skipped', stop: { exitCode: 105 } });
  t.deepEqual([...scene.disk.rows.keys()], [`${FOLDER}/operations.partial.parquet`]);
  t.is(scene.lines('cell-interrupted').length, 1);
  t.false(scene.disk.files.has(`${FOLDER}/cell.json`));
});

test('Ctrl-C while the service recovers keeps the cell, without a word on recovery', async (t) => {
  const scene = createScene(t, { recovery: { within: '8h', otherwise: 'stop' } });
  scene.world.observe = (event) => {
    if (event.type === 'phase' && event.phase === 'recovery') scene.stop.drain();
  };
  t.like(await scene.measure(), { kind: 'measured', stop: null });
  t.is(scene.record().evidence.recovery, null);
});

test('the service’s own count is what its command counted between before and after the cell', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'count');
  const command = `n=$(cat ${file} 2>/dev/null || echo 100); echo $((n + 42)) > ${file}; echo $n`;
  const scene = createScene(t, { counters: { command } });
  await scene.measure();
  t.deepEqual(scene.record().evidence.server, { source: 'hook', counted: 42, byOutcome: {}, okButCutHere: 0 });
});

test('a command that fails after the cell leaves it unchecked, with a warning, and nothing measured is lost', async (t) => {
  const file = join(await makeTemporaryFolder(t), 'once');
  const scene = createScene(t, { counters: { command: `test ! -e ${file} && touch ${file} && echo 1` } });
  t.like(await scene.measure(), { kind: 'measured', stop: null });
  t.is(scene.record().evidence.server, null);
  const warning = scene.events.find(({ type }) => type === 'warning');
  t.regex(warning?.type === 'warning' ? warning.text : '', /target.counters.command/);
});
