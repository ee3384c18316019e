import test, { type ExecutionContext } from 'ava';
import { type CellResult, measureOne } from '../../../coordinator/cell/measure-one.ts';
import type { PlannedCell } from '../../../coordinator/plan.ts';
import { createScriptedWorld } from '../../support/scripted-world.ts';

/** What a threshold with `abort` may take from being crossed to the end of the campaign. */
const STOPS_WITHIN_MS = 2000;
/** The scripted clients take so long for each operation. */
const SERVICE_MS = 100;

function createScene(t: ExecutionContext, threshold: string) {
  const world = createScriptedWorld({
    config: {
      target: { kind: 'url', url: 'http://127.0.0.1:9/srm' },
      timing: {
        warmUp: { atLeast: '200ms', atMost: '2s' },
        window: { atLeast: '1h', operationsPerClient: 5, atMost: '2h' },
        drain: '1h',
        recovery: { within: '1s', otherwise: 'continue' },
      },
      thresholds: { [threshold]: 'abort' },
    },
    pools: [{ script: () => ({ serviceMs: SERVICE_MS }) }],
  });
  t.teardown(() => world.keeper.stop());
  const measure = (): Promise<CellResult> =>
    world.clock.runUntil(measureOne(world, world.cells[0] as PlannedCell, 0, 60_000), 1e10);
  const instantOf = (step: string): number => world.lines(step)[0]?.monotonicMs as number;
  return { ...world, measure, instantOf };
}

test('a threshold with abort that is crossed in the window stops the campaign within 2 s, and for its own reason', async (t) => {
  const check = `p50 < ${SERVICE_MS / 2} ms`;
  const scene = createScene(t, check);
  const result = await scene.measure();
  t.is(result.kind, 'skipped');
  t.is(result.stop?.exitCode, 99);
  t.true(result.stop?.reason.startsWith(`the threshold '${check}' was crossed in cell 001`), result.stop?.reason);
  t.is(scene.lines('threshold-crossed').length, 1);
  t.is(scene.lines('window-closed').length, 0);
  const tookMs = scene.instantOf('cell-interrupted') - scene.instantOf('threshold-crossed');
  t.true(tookMs >= 0 && tookMs <= STOPS_WITHIN_MS, `${tookMs} ms`);
  // It takes some operations to be sure that it is no chance, and the window had an hour to go.
  const sureMs = scene.instantOf('threshold-crossed') - scene.instantOf('window-opened');
  t.true(sureMs <= 50 * SERVICE_MS, `${sureMs} ms`);
});

test('one that holds stops nothing', async (t) => {
  const scene = createScene(t, `p50 < ${2 * SERVICE_MS} ms`);
  const result = await scene.measure();
  t.like(result, { kind: 'measured', stop: null });
  t.deepEqual(scene.lines('threshold-crossed'), []);
});

test('a Ctrl-C that came before it is what the campaign was stopped for', (t) => {
  const { interrupt, stop } = createScene(t, 'failed < 1 %');
  stop.drain();
  interrupt.abort({ exitCode: 99, reason: 'too late' });
  t.is(interrupt.stop().exitCode, 105);
  t.false(interrupt.now.aborted);
});
