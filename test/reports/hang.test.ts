import test from 'ava';
import { type SyntheticOptions, blocksOf, simulateCell } from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

const NOT_RECOVERED = { recoveredMs: null, answerWithinMs: 100, withinMs: 5000, probes: 9 };

/** Whether a service hung that answers in 10 ms until `untilMs` and resets afterwards. */
async function hungWhen(untilMs: number, changes: object, options: Partial<SyntheticOptions> = {}): Promise<unknown> {
  const { evidence, operations } = simulateCell({
    clients: 4,
    serviceUs: () => 10_000,
    pauseAfterFailureUs: 10_000,
    windowMs: 1000,
    ...options,
  });
  const seen = operations.map((operation) =>
    operation.startUs < untilMs * 1000 ? operation : { ...operation, outcome: 'reset' as const },
  );
  return (await summarizeCell({ ...evidence, ...changes }, blocksOf(seen))).hung;
}

test('a service hung when it did not recover and nothing succeeded in the second half of the window', async (t) => {
  t.true(await hungWhen(0, { recovery: NOT_RECOVERED }));
  t.true(await hungWhen(400, { recovery: NOT_RECOVERED }));
  t.false(await hungWhen(600, { recovery: NOT_RECOVERED }));
  t.false(await hungWhen(0, {}));
  t.is(await hungWhen(0, { recovery: null }), null);
});

test('without a window the time from T0 to drained has two halves', async (t) => {
  const changes = { recovery: NOT_RECOVERED, window: null };
  t.true(await hungWhen(400, { ...changes, drainedMs: 1000 }));
  t.false(await hungWhen(600, { ...changes, drainedMs: 1000 }));
  t.false(await hungWhen(1, { ...changes, drainedMs: null }));
  t.true(await hungWhen(0, { ...changes, drainedMs: null }));
});
