import test from 'ava';
import { array, assert, constantFrom, double, integer, oneof, property, record } from 'fast-check';
import { MACHINE_TIME, createDueQueue, type DueTime } from '../../../frontend/mapping-service/due-queue.ts';

type Waiting = { atMs: number; callback: () => void };

/** A clock that stands still unless it is told to go on; every look at it takes a hundredth of a millisecond. */
function createTime(lateMs: (timer: number) => number = () => 0) {
  let nowMs = 1000.37;
  let turn: (() => void)[] = [];
  const timers: Waiting[] = [];
  const asked = { timersMs: [] as number[], turns: 0 };
  const time: DueTime = {
    nowMs: () => (nowMs += 0.01),
    after(delayMs, callback) {
      asked.timersMs.push(delayMs);
      const timer = { atMs: nowMs + delayMs + lateMs(asked.timersMs.length), callback };
      timers.push(timer);
      return () => {
        const place = timers.indexOf(timer);
        if (place !== -1) timers.splice(place, 1);
      };
    },
    soon(callback) {
      asked.turns += 1;
      turn.push(callback);
    },
  };
  /** What the event loop does next: a turn that was asked for, else the first timer. False: there is nothing to wait for. */
  const step = (): boolean => {
    const callbacks = turn;
    turn = [];
    callbacks.forEach((callback) => callback());
    if (callbacks.length > 0) return true;
    const [first] = timers.sort((one, other) => one.atMs - other.atMs);
    if (first === undefined) return false;
    timers.shift();
    nowMs = Math.max(nowMs, first.atMs);
    first.callback();
    return true;
  };
  return { time, asked, step, timers, now: () => nowMs, goTo: (ms: number) => (nowMs = Math.max(nowMs, ms)) };
}

test('a timer waits until at most a millisecond and a half before, then the clock is watched', (t) => {
  const { time, asked, step, now } = createTime();
  const queue = createDueQueue(time);
  const dueMs = now() + 8;
  let givenMs = 0;
  queue.add(dueMs, () => (givenMs = now()));
  t.deepEqual(asked.timersMs, [7]);
  t.is(asked.turns, 0);
  while (step());
  t.true(givenMs >= dueMs && givenMs < dueMs + 0.02, `${givenMs - dueMs} ms late`);
  t.is(asked.timersMs.length, 1);
  t.true(asked.turns > 50, 'each look takes a hundredth');
});

test('what is nearly due is watched at once; what was due is given in the next turn, not at once', (t) => {
  const { time, asked, step, now } = createTime();
  const queue = createDueQueue(time);
  const given: string[] = [];
  queue.add(now(), () => given.push('due'));
  queue.add(now() + 1, () => given.push('nearly'));
  t.deepEqual(given, []);
  while (step());
  t.deepEqual(given, ['due', 'nearly']);
  t.deepEqual(asked.timersMs, []);
});

test('one loop watches for all that are nearly due', (t) => {
  const { time, asked, step, now } = createTime();
  const queue = createDueQueue(time);
  const dueMs = now() + 8;
  let given = 0;
  for (let answer = 0; answer < 100; answer += 1) queue.add(dueMs + answer / 1000, () => (given += 1));
  t.is(asked.timersMs.length, 1);
  while (step());
  t.is(given, 100);
  t.is(asked.timersMs.length, 1);
  t.true(asked.turns < 130, `${asked.turns} turns`);
});

test('once nothing waits no timer is left, and the next answer starts anew', (t) => {
  const { time, asked, step, timers, now } = createTime();
  const queue = createDueQueue(time);
  const fail = (): never => t.fail();
  const withdraw = [queue.add(now() + 50, fail), queue.add(now() + 60, fail)];
  withdraw[0]?.();
  t.is(timers.length, 1);
  withdraw[1]?.();
  t.is(timers.length, 0);
  withdraw[1]?.();
  let given = 0;
  queue.add(now() + 5, () => (given += 1));
  while (step());
  t.is(given, 1);
  t.deepEqual(asked.timersMs, [49, 4]);
});

test('answers withdrawn while the clock is watched are never given, and it is watched no longer', (t) => {
  const { time, step, now } = createTime();
  const queue = createDueQueue(time);
  const withdraw = queue.add(now() + 1.2, () => t.fail());
  t.true(step());
  withdraw();
  t.true(step());
  t.false(step());
  queue.add(now(), () => t.pass());
  while (step());
});

const additions = array(
  record({
    /** Before it is added. */
    pauseMs: oneof(constantFrom(0), double({ min: 0, max: 30, noNaN: true })),
    /** Withdrawn after so many further steps; many: never. */
    leaveAfter: integer({ min: 0, max: 40 }),
  }),
  { maxLength: 40 },
);

test('whatever comes, leaves and is late: nothing is given early or twice, the order is kept, no timer oversleeps', (t) => {
  assert(
    property(
      additions,
      double({ min: 0, max: 20, noNaN: true }),
      array(double({ min: -1, max: 3, noNaN: true }), { minLength: 1 }),
      (all, latencyMs, lateMs) => {
        const { time, step, timers, now, goTo } = createTime((timer) => lateMs[timer % lateMs.length] as number);
        const queue = createDueQueue({
          ...time,
          after(delayMs, callback) {
            t.true(Number.isInteger(delayMs) && delayMs >= 1 && delayMs <= latencyMs);
            return time.after(delayMs, callback);
          },
        });
        const given: number[] = [];
        const left = new Set<number>();
        const leaving: { at: number; answer: number; withdraw: () => void }[] = [];
        let steps = 0;
        const goOn = (): boolean => {
          steps += 1;
          for (const { at, answer, withdraw } of leaving) {
            if (at !== steps) continue;
            if (!given.includes(answer)) left.add(answer);
            withdraw();
          }
          return step();
        };
        all.forEach(({ pauseMs, leaveAfter }, answer) => {
          const untilMs = now() + pauseMs;
          while (now() < untilMs && (timers[0]?.atMs ?? 0) < untilMs) if (!goOn()) break;
          goTo(untilMs);
          const dueMs = now() + latencyMs;
          const withdraw = queue.add(dueMs, () => {
            t.true(now() >= dueMs);
            given.push(answer);
          });
          if (leaveAfter < 20) leaving.push({ at: steps + leaveAfter, answer, withdraw });
        });
        while (goOn());
        const stayed = all.map((_, answer) => answer).filter((answer) => !left.has(answer));
        t.deepEqual(given, stayed);
        t.is(timers.length, 0);
      },
    ),
  );
});

test('on the machine’s clock answers come in order and never early', async (t) => {
  const queue = createDueQueue(MACHINE_TIME);
  const given: number[] = [];
  await new Promise<void>((done) => {
    for (let answer = 0; answer < 50; answer += 1) {
      const dueMs = MACHINE_TIME.nowMs() + 3.3;
      queue.add(dueMs, () => {
        t.true(MACHINE_TIME.nowMs() >= dueMs);
        if (given.push(answer) === 50) done();
      });
    }
  });
  t.deepEqual(
    given,
    given.map((_, place) => place),
  );
});
