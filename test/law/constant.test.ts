/** A service with a place for everybody and one service time R serves N clients at N/R. */

import test from 'ava';
import type { Law } from '../support/law.ts';
import { assertAgrees, assertTrusted, meanHoldMs, measureLaws } from '../support/law-campaign.ts';

const hold = (holdMs: number): Law => ({ service: 'constant', holdMs, places: null });

test('a constant delay R serves N clients at N/R, each in R', async (t) => {
  const cells = await measureLaws(t, {
    // R is long against what N answers, N requests and their reading take of two cores. In step, a thousand clients would still
    // wait for each other at both ends by 1 % of it; such a service keeps them apart for good once they started apart.
    laws: { 1: hold(1000), 10: hold(1000), 100: hold(1500), 1000: hold(4000) },
    start: { within: '1s' },
    timing: {
      warmUp: { atLeast: '0s', atMost: '15s' },
      // Long against a late wake-up on a busy machine too: it may cost one client some 10 ms.
      window: { atLeast: '3s', operationsPerClient: 1, atMost: '15s' },
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
