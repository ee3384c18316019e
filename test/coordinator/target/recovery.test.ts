import test, { type ExecutionContext } from 'ava';
import { probeBaseline, probeRecovery } from '../../../coordinator/target/recovery.ts';
import { type Clock, machineClock } from '../../../foundation/clock.ts';
import { ANY_LISTING, type ScriptedAnswer, startScriptedService } from '../../support/srm-script.ts';

const LONG_MS = 60_000;

/** The machine's clock in a hurry: what is waited for comes after a millisecond, and how long it should have been is kept. */
function createHurriedClock(): Clock & { pausesMs: number[] } {
  const pausesMs: number[] = [];
  return {
    ...machineClock,
    pausesMs,
    after(delayMs, callback) {
      // 20 ms is how often a probe looks at its deadlines.
      if (delayMs !== 20) pausesMs.push(delayMs);
      return machineClock.after(1, callback);
    },
  };
}

async function probe(
  t: ExecutionContext,
  answers: ScriptedAnswer[],
  changes: Partial<Parameters<typeof probeRecovery>[0]> = {},
) {
  const service = await startScriptedService(t, (request) => answers[request] ?? (answers.at(-1) as ScriptedAnswer));
  const clock = createHurriedClock();
  const recovery = await probeService(service, { clock, ...changes });
  return { recovery, service, pausesMs: clock.pausesMs };
}

function probeService(
  { target }: Pick<Awaited<ReturnType<typeof startScriptedService>>, 'target'>,
  changes: Partial<Parameters<typeof probeRecovery>[0]>,
) {
  return probeRecovery({
    clock: machineClock,
    scenario: ANY_LISTING,
    target,
    credential: null,
    withinMs: LONG_MS,
    answerWithinMs: LONG_MS,
    closedMs: machineClock.nowMs(),
    signal: new AbortController().signal,
    ...changes,
  });
}

const recovers = test.macro<[ScriptedAnswer[], number]>({
  async exec(t, answers, probes) {
    const { recovery, service } = await probe(t, answers);
    t.like(recovery, { probes, withinMs: LONG_MS, answerWithinMs: LONG_MS });
    t.true((recovery.recoveredMs as number) > 0);
    t.is(service.requests(), probes);
  },
  title: (_, answers, probes) => `after ${answers.join(', ')} and so on, the service is back with probe ${probes}`,
});

test(recovers, ['ok'], 3);
test(recovers, ['fault', 'ok'], 4);
test(recovers, ['reset', 'fault', 'ok'], 5);
test(recovers, ['ok', 'ok', 'fault', 'ok'], 6);

test('pauses grow from a tenth of a second to a second, and are short again once the service answers in time', async (t) => {
  const { pausesMs } = await probe(t, [...Array.from({ length: 8 }, () => 'fault' as const), 'ok']);
  t.deepEqual(
    pausesMs.map((pauseMs) => Math.round(pauseMs)),
    [100, 150, 225, 338, 506, 759, 1000, 1000, 1000, 100, 100],
  );
});

test('answers that come too late are none', async (t) => {
  const controller = new AbortController();
  const service = await startScriptedService(t, (request) => {
    // Three answers in a row would do if they came in time: the sixth request shows that they did not.
    if (request === 5) controller.abort();
    return 'ok';
  });
  const recovery = await probeRecovery({
    clock: createHurriedClock(),
    scenario: ANY_LISTING,
    target: service.target,
    credential: null,
    withinMs: LONG_MS,
    answerWithinMs: 0,
    closedMs: machineClock.nowMs(),
    signal: controller.signal,
  });
  t.is(recovery.recoveredMs, null);
  t.is(recovery.probes, 6);
});

test('a service that hangs is given up when the time is over', async (t) => {
  let passedMs = 0;
  const service = await startScriptedService(t, () => {
    passedMs = LONG_MS;
    return 'hang';
  });
  const recovery = await probeService(service, {
    clock: { ...createHurriedClock(), nowMs: () => machineClock.nowMs() + passedMs },
  });
  t.deepEqual(recovery, { recoveredMs: null, withinMs: LONG_MS, answerWithinMs: LONG_MS, probes: 1 });
});

test('an interrupt ends the probes, also one that is under way', async (t) => {
  const controller = new AbortController();
  const service = await startScriptedService(t, () => {
    controller.abort();
    return 'hang';
  });
  const recovery = await probeService(service, { signal: controller.signal });
  t.like(recovery, { recoveredMs: null, probes: 1 });
});

test('the baseline is twice the p95 of ten probes', async (t) => {
  const service = await startScriptedService(t, () => 'ok');
  const baseline = await probeBaseline({
    clock: machineClock,
    scenario: ANY_LISTING,
    target: service.target,
    credential: null,
    withinMs: LONG_MS,
    signal: new AbortController().signal,
  });
  t.true('answerWithinMs' in baseline && baseline.answerWithinMs > 0);
  t.is(service.requests(), 10);
});

test('the baseline ends with the first probe that fails, and says how', async (t) => {
  const service = await startScriptedService(t, (request) => (request === 4 ? 'fault' : 'ok'));
  const baseline = await probeBaseline({
    clock: machineClock,
    scenario: ANY_LISTING,
    target: service.target,
    credential: null,
    withinMs: LONG_MS,
    signal: new AbortController().signal,
  });
  t.deepEqual(baseline, { outcome: 'status/soap-fault' });
  t.is(service.requests(), 5);
});
