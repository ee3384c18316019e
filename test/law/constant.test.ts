/** A service with a place for everybody and one service time R serves N clients at N/R. */

import test from 'ava';
import type { Law } from '../support/law.ts';
import { assertAgrees, assertTrusted, meanHoldMs, measureLaws } from '../support/law-campaign.ts';

/** Long against the burst: what N answers, N requests and their reading take of two cores must be far below 1 % of it. */
const hold = (holdMs: number): Law => ({ service: 'constant', holdMs, places: null });

test('a constant delay R serves N clients at N/R, each in R', async (t) => {
  const cells = await measureLaws(t, {
    laws: { 1: hold(400), 10: hold(400), 100: hold(1000), 1000: hold(4000) },
    timing: {
      warmUp: { atLeast: '0s', atMost: '10s' },
      window: { atLeast: '2s', operationsPerClient: 1, atMost: '10s' },
    },
  });
  for (const cell of cells) {
    const { level, ratePerS, serviceTimeMs, marks } = cell.summary;
    assertTrusted(t, cell);
    t.false(marks.some(({ code }) => code === 'transient'));
    const holdMs = meanHoldMs(cell.served, cell.window);
    assertAgrees(t, cell, ['rate', ratePerS, (1000 * level) / holdMs]);
    assertAgrees(t, cell, ['mean service time', serviceTimeMs.mean, holdMs]);
    assertAgrees(t, cell, ['in flight', cell.summary.inFlight, level]);
  }
});
