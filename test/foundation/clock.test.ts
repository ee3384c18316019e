import test from 'ava';
import { delay, every, machineClock, monotonicNowMs } from '../../foundation/clock.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

test('the machine clock is CLOCK_MONOTONIC: a reading lies between two of hrtime', (t) => {
  for (let reading = 0; reading < 1000; reading += 1) {
    const before = Number(process.hrtime.bigint()) / 1e6;
    const nowMs = monotonicNowMs();
    const after = Number(process.hrtime.bigint()) / 1e6;
    // performance.now() is rounded to a microsecond or so.
    if (nowMs < before - 0.01 || nowMs > after + 0.01) t.fail(`${nowMs} is not between ${before} and ${after}`);
  }
  t.pass();
});

test('a cancelled timer of the machine clock never fires, and cancelling twice is harmless', async (t) => {
  let isFired = false;
  const cancel = machineClock.after(0, () => (isFired = true));
  cancel();
  cancel();
  await new Promise<void>((resolve) => {
    machineClock.after(5, resolve);
  });
  t.false(isFired);
});

test('a timer far beyond what Node keeps does not fire at once', async (t) => {
  let isFired = false;
  const cancel = machineClock.after(2 ** 40, () => (isFired = true));
  await new Promise<void>((resolve) => {
    machineClock.after(20, resolve);
  });
  cancel();
  t.false(isFired);
});

test('every calls back from the end of one call to the next until it is cancelled, also from within', async (t) => {
  const clock = createVirtualClock(0);
  const calls: number[] = [];
  const cancel = every(clock, 100, () => {
    calls.push(clock.nowMs());
    if (calls.length === 3) cancel();
  });
  await clock.advance(1000);
  t.deepEqual(calls, [100, 200, 300]);
  t.is(clock.timers(), 0);
});

test('a delay resolves after its time, or at once when the signal is or gets aborted', async (t) => {
  const clock = createVirtualClock();
  const controller = new AbortController();
  const whole = delay(clock, 100).then(() => 'whole');
  const cut = delay(clock, 1e9, controller.signal).then(() => 'cut');
  await clock.advance(100);
  t.is(await whole, 'whole');
  controller.abort();
  t.is(await cut, 'cut');
  await delay(clock, 1e9, controller.signal);
  t.is(clock.timers(), 0);
});

test('a virtual clock fires timers in order of time, then of age, and settles promises between them', async (t) => {
  const clock = createVirtualClock(0);
  const log: string[] = [];
  clock.after(20, () => log.push('late'));
  clock.after(10, () => {
    log.push('first');
    void Promise.resolve().then(() => log.push('its promise'));
    clock.after(5, () => log.push('child'));
  });
  clock.after(10, () => log.push('second'));
  await clock.advance(19);
  t.deepEqual(log, ['first', 'its promise', 'second', 'child']);
  await clock.advance(1);
  t.is(log.at(-1), 'late');
  t.is(clock.nowMs(), 20);
  await t.throwsAsync(clock.runUntil(new Promise(() => {}), 1000), { message: /within 1000 ms/ });
});
