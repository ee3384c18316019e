import test, { type ExecutionContext } from 'ava';
import { tryOperations } from '../../../coordinator/target/first-operation.ts';
import type { MeasuredTarget } from '../../../coordinator/world.ts';
import { type ScriptedWorldOptions, createScriptedWorld } from '../../support/scripted-world.ts';
import { type ScriptedAnswer, startScriptedService } from '../../support/srm-script.ts';

/** Probes are real: while they run, time on the virtual clock goes on as fast as it can. */
const ANY_TIME_MS = 1e10;

type SceneOptions = Pick<ScriptedWorldOptions, 'pools' | 'weights'> & { answer?: (request: number) => ScriptedAnswer };

async function createScene(t: ExecutionContext, { answer = () => 'ok', ...options }: SceneOptions = {}) {
  const service = await startScriptedService(t, answer);
  // No limit may pass while a probe is under way.
  const timeouts = { connect: '24h', handshake: '24h', answer: '24h' };
  const world = createScriptedWorld({ ...options, config: { target: { kind: 'url', url: service.url, timeouts } } });
  t.teardown(() => world.keeper.stop());
  const hour = { ...service.target, timeoutsMs: { connect: 1e9, handshake: 1e9, answer: 1e9 } };
  const measured = [...world.targets.values()][0] as MeasuredTarget;
  const tryAll = () =>
    world.clock.runUntil(tryOperations(world, world.cells, { measured, target: hour, credential: null }), ANY_TIME_MS);
  const sitesTried = (): unknown[] => world.lines('operation-tried').map(({ site }) => site);
  return { ...world, service, tryAll, sitesTried };
}

const twoSites = [
  { site: 'desk', pilotsAtMost: 10 },
  { site: 'attic', pilotsAtMost: 10 },
];

test('each size is probed ten times, and each site runs one operation', async (t) => {
  const scene = await createScene(t, { pools: twoSites });
  const answerWithinMs = await scene.tryAll();
  t.deepEqual([...answerWithinMs.keys()], [20]);
  t.true((answerWithinMs.get(20) as number) > 0);
  t.is(scene.service.requests(), 10);
  t.deepEqual(scene.sitesTried(), ['desk', 'attic']);
  t.like(
    scene.events.find(({ type }) => type === 'operation-tried'),
    { tried: { site: 'desk', operation: 'srm-ls of 20 files', outcome: 'ok', connectMs: 1, restMs: 3 } },
  );
});

test('a site that carries nothing is not asked', async (t) => {
  const scene = await createScene(t, { pools: twoSites, weights: [0, 1] });
  await scene.tryAll();
  t.deepEqual(scene.sitesTried(), ['attic']);
});

test('a service that can not do one operation is not fired at', async (t) => {
  const scene = await createScene(t, { answer: () => 'fault' });
  await t.throwsAsync(scene.tryAll(), {
    code: 'GT_TARGET_UNUSABLE',
    message: /srm-ls of 20 files from the coordinator.*status\/soap-fault/,
  });
  t.is(scene.service.requests(), 1);
  t.is(scene.pools[0]?.pilots.length, 0);
});

test('a site from which the operation fails is named', async (t) => {
  const pools = [
    { site: 'desk', pilotsAtMost: 10 },
    { site: 'attic', pilotsAtMost: 10, script: () => ({ tries: 'refused' }) },
  ];
  const scene = await createScene(t, { pools });
  await t.throwsAsync(scene.tryAll(), {
    code: 'GT_TARGET_UNUSABLE',
    message: /srm-ls of 20 files from site attic.*refused/,
  });
  t.deepEqual(scene.sitesTried(), ['desk', 'attic']);
});

test('a pilot that is lost over its operation is no verdict on the target: another one is asked', async (t) => {
  const scene = await createScene(t, { pools: [{ script: (number) => (number === 0 ? { tries: null } : {}) }] });
  await scene.tryAll();
  t.deepEqual(scene.sitesTried(), ['local']);
  t.is(scene.lines('pilot-lost').length, 1);
});

test('a site without pilots is waited for as long as the barrier would, and left to it', async (t) => {
  const scene = await createScene(t, { pools: [{ script: () => ({ joinsAfterMs: null }) }] });
  await scene.tryAll();
  t.deepEqual(scene.sitesTried(), []);
});

test('Ctrl-C ends the probes and the wait for pilots', async (t) => {
  const probing = await createScene(t, {
    answer: () => {
      probing.stop.drain();
      return 'hang';
    },
  });
  await probing.tryAll();
  t.is(probing.service.requests(), 1);
  const waiting = await createScene(t, { pools: [{ script: () => ({ joinsAfterMs: null }) }] });
  const { write } = waiting.journal;
  waiting.journal.write = (step, fields) => {
    if (step === 'pilots-asked') waiting.stop.drain();
    return write(step, fields);
  };
  await waiting.tryAll();
  t.deepEqual(waiting.sitesTried(), []);
});
