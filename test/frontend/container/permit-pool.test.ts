import { array, assert, constantFrom, integer, property } from 'fast-check';
import test from 'ava';
import { createPermitPool, withPermit } from '../../../frontend/container/permit-pool.ts';

test('never more permits are held than there are, who came first has his first, and nobody is lost', (t) => {
  const steps = array(constantFrom('acquire', 'acquire-and-release', 'release'), { maxLength: 200 });
  assert(
    property(integer({ min: 1, max: 5 }), steps, (size, script) => {
      const pool = createPermitPool(size);
      const granted: number[] = [];
      let [came, held, most] = [0, 0, 0];
      const come = (leavesAtOnce: boolean): void => {
        const number = came++;
        const wasFree = pool.isFree();
        pool.acquire(() => {
          granted.push(number);
          held += 1;
          most = Math.max(most, held);
          if (leavesAtOnce) release();
        });
        t.is(granted.includes(number), wasFree);
      };
      const release = (): void => {
        held -= 1;
        pool.release();
      };
      for (const step of script) {
        if (step !== 'release') come(step === 'acquire-and-release');
        else if (held > 0) release();
      }
      for (let left = held; left > 0; left = held) release();
      t.true(most <= size);
      t.deepEqual(
        granted,
        Array.from({ length: came }, (_, number) => number),
      );
      t.true(pool.isFree());
    }),
  );
});

test('thousands who leave at once when their turn comes are no depth of calls', (t) => {
  const pool = createPermitPool(1);
  pool.acquire(() => {});
  let turns = 0;
  for (let waiting = 0; waiting < 100_000; waiting += 1) {
    pool.acquire(() => {
      turns += 1;
      pool.release();
    });
  }
  pool.release();
  t.is(turns, 100_000);
});

test('work that fails gives its permit back, and is told as it failed', async (t) => {
  const pool = createPermitPool(1);
  const tally = { waiting: 0, holding: 0 };
  const counted = {
    waits: (by: number) => void (tally.waiting += by),
    holds: (by: number) => void (tally.holding += by),
  };
  const failing = withPermit(pool, () => Promise.reject(new Error('no')), counted);
  const next = withPermit(pool, async () => ({ ...tally }), counted);
  t.deepEqual(tally, { waiting: 1, holding: 1 });
  await t.throwsAsync(failing, { message: 'no' });
  t.deepEqual(await next, { waiting: 0, holding: 1 });
  t.deepEqual(tally, { waiting: 0, holding: 0 });
});

test('a closed pool grants nothing, whoever waits or comes', (t) => {
  const pool = createPermitPool(1);
  let granted = 0;
  const count = (): void => void (granted += 1);
  pool.acquire(count);
  pool.acquire(count);
  pool.close();
  pool.release();
  pool.acquire(count);
  t.is(granted, 1);
});
