import test from 'ava';
import { createChanges } from '../../foundation/changes.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

test('a wait whose condition holds already is met at once, even after its deadline or an abort', async (t) => {
  const changes = createChanges(createVirtualClock());
  t.is(await changes.until(() => true), 'met');
  t.is(await changes.until(() => true, { deadlineMs: 0 }), 'met');
  t.is(await changes.until(() => true, { signal: AbortSignal.abort() }), 'met');
});

test('a wait is met by the change that makes its condition hold, not by time', async (t) => {
  const clock = createVirtualClock();
  const changes = createChanges(clock);
  let count = 0;
  const wait = changes.until(() => count === 2);
  count = 1;
  changes.notify();
  await clock.advance(60_000);
  count = 2;
  t.is(await Promise.race([wait, clock.advance(1000)]), undefined, 'nobody said so yet');
  changes.notify();
  t.is(await wait, 'met');
});

test('a wait ends at its deadline, and looks once more before it gives up', async (t) => {
  const clock = createVirtualClock();
  const changes = createChanges(clock);
  let isMet = false;
  const late = changes.until(() => false, { deadlineMs: clock.nowMs() + 500 });
  const lucky = changes.until(() => isMet, { deadlineMs: clock.nowMs() + 500 });
  await clock.advance(499);
  isMet = true; // without a notify
  await clock.advance(1);
  t.is(await late, 'deadline');
  t.is(await lucky, 'met');
});

test('a wait ends when its signal is aborted, before or after it began', async (t) => {
  const changes = createChanges(createVirtualClock());
  const controller = new AbortController();
  const wait = changes.until(() => false, { signal: controller.signal });
  controller.abort();
  t.is(await wait, 'aborted');
  t.is(await changes.until(() => false, { signal: controller.signal }), 'aborted');
});

test('a wait that has ended leaves no timer behind', async (t) => {
  const clock = createVirtualClock();
  const changes = createChanges(clock);
  let isMet = false;
  const wait = changes.until(() => isMet, { deadlineMs: clock.nowMs() + 500 });
  t.is(clock.timers(), 1);
  isMet = true;
  changes.notify();
  await wait;
  t.is(clock.timers(), 0);
});

for (const [moment, bring] of [
  ['at a change', (changes: { notify(): void }) => changes.notify()],
  ['at the deadline', () => {}],
] as const) {
  test(`a condition that throws ${moment} rejects the wait and disturbs no other`, async (t) => {
    const clock = createVirtualClock();
    const changes = createChanges(clock);
    let isBroken = false;
    const broken = changes.until(
      () => {
        if (isBroken) throw new Error('broken');
        return false;
      },
      { deadlineMs: clock.nowMs() + 500 },
    );
    const other = changes.until(() => isBroken, { deadlineMs: clock.nowMs() + 1000 });
    isBroken = true;
    const rejected = t.throwsAsync(broken, { message: 'broken' });
    bring(changes);
    await clock.advance(1000);
    await rejected;
    t.is(await other, 'met');
    t.is(clock.timers(), 0);
  });
}
