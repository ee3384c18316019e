import test from 'ava';
import { openAlarm } from '../../foundation/alarm.ts';
import { monotonicNowMs } from '../../foundation/clock.ts';

test('an alarm comes once, never before its time, and may be set again each time that it came', async (t) => {
  const { alarm, close } = await openAlarm();
  t.teardown(close);
  const spansMs = [0, 0.05, 0.4, 1, 2.5, 7];
  for (let round = 0; round < 60; round += 1) {
    const dueMs = monotonicNowMs() + (spansMs[round % spansMs.length] as number);
    const cameMs = await new Promise<number>((resolve) => {
      alarm(dueMs, () => resolve(monotonicNowMs()));
    });
    t.true(cameMs >= dueMs, `round ${round}: ${cameMs - dueMs} ms`);
  }
});

test('one that has been put off comes at its new time only', async (t) => {
  const { alarm, close } = await openAlarm();
  t.teardown(close);
  let early = 0;
  const startMs = monotonicNowMs();
  alarm(startMs + 2, () => (early += 1));
  const cameMs = await new Promise<number>((resolve) => {
    alarm(startMs + 30, () => resolve(monotonicNowMs()));
  });
  t.true(cameMs >= startMs + 30);
  t.is(early, 0);
});

test('a closed one says nothing, and keeps no process alive', async (t) => {
  const { alarm, close } = await openAlarm();
  let came = 0;
  alarm(monotonicNowMs() + 5, () => (came += 1));
  await close();
  await close();
  t.is(came, 0);
});
