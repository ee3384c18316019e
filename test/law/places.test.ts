/**
 * A service with k places of R each, first come first served, serves N clients at min(N, k)/R, each in T = max(R, N R/k). A
 * window that opens before T has passed sees the common start: it is transient, and its headline is the completed rate.
 */

import test, { type ExecutionContext } from 'ava';
import type { Law } from '../support/law.ts';
import { type LawCell, assertAgrees, assertTrusted, meanHoldMs, measureLaws } from '../support/law-campaign.ts';

const PLACES = 10;
/** T of every level, so that one warm-up suits all: R = min(1, k/N) T. */
const T_MS = 1000;
const LEVELS = [1, 10, 100, 1000];
/** An answer needs a moment to reach its client: those of so long before an edge may count on either side. */
const ON_ITS_WAY_MS = 20;

const laws = Object.fromEntries(
  LEVELS.map((level): [number, Law] => [
    level,
    { service: 'constant', holdMs: T_MS * Math.min(1, PLACES / level), places: PLACES },
  ]),
);

async function measureFrom(t: ExecutionContext, share: number, windowMs: number): Promise<LawCell[]> {
  const openMs = share * T_MS;
  const cells = await measureLaws(t, {
    laws,
    timing: {
      warmUp: { atLeast: `${openMs}ms`, atMost: `${openMs}ms` },
      window: { atLeast: `${windowMs}ms`, operationsPerClient: 0.01, atMost: `${windowMs}ms` },
    },
  });
  for (const cell of cells) {
    assertTrusted(t, cell);
    t.deepEqual([cell.window.openMs, cell.window.closeMs], [openMs, openMs + windowMs]);
  }
  return cells;
}

async function seesTransient(t: ExecutionContext, share: number): Promise<void> {
  for (const cell of await measureFrom(t, share, 1200)) {
    const { marks, ratePerS, rateCompletedPerS, level } = cell.summary;
    t.true(marks.some(({ code }) => code === 'transient'));
    t.is(ratePerS, rateCompletedPerS);
    const { openMs, closeMs } = cell.window;
    const completed = Math.round(((ratePerS as number) * (closeMs - openMs)) / 1000);
    const fewest = countAnswered(cell, openMs, closeMs - ON_ITS_WAY_MS);
    const most = countAnswered(cell, openMs - ON_ITS_WAY_MS, closeMs);
    const text = `level ${level}: ${completed} completed, the server answered ${fewest} to ${most} then`;
    t.log(text);
    t.true(fewest <= completed && completed <= most, text);
  }
}

function countAnswered({ served }: LawCell, fromMs: number, toMs: number): number {
  return served.filter(({ answeredMs }) => answeredMs > fromMs && answeredMs <= toMs).length;
}

test('a window opened at 0.1 T is transient and counts what the server answered in it', seesTransient, 0.1);
test('a window opened at 0.5 T is transient and counts what the server answered in it', seesTransient, 0.5);

test('a window opened at 1.2 T shows the law: min(N, k)/R, each in max(R, N R/k)', async (t) => {
  for (const cell of await measureFrom(t, 1.2, 3000)) {
    const { level, marks, ratePerS, serviceTimeMs } = cell.summary;
    t.false(marks.some(({ code }) => code === 'transient'));
    const holdMs = meanHoldMs(cell.served, cell.window);
    assertAgrees(t, cell, ['rate', ratePerS, (1000 * Math.min(level, PLACES)) / holdMs]);
    assertAgrees(t, cell, ['mean service time', serviceTimeMs.mean, Math.max(holdMs, (level * holdMs) / PLACES)]);
  }
});
