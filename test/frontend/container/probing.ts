/** Whether a frontend comes back, asked as a campaign asks it, by a clock that leaps whenever a probe is stuck. */

import { probeRecovery } from '../../../coordinator/target/recovery.ts';
import { type Clock, machineClock } from '../../../foundation/clock.ts';
import type { Frontend } from '../../../frontend/main.ts';
import type { Recovery } from '../../../reports/evidence.ts';
import { testCertificates } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { secureTarget, testSecurity } from '../../support/secure-server.ts';
import { ANY_LISTING } from '../../support/srm-script.ts';

const WITHIN_MS = 60_000;
/** How long a probe waits for its handshake. */
const HANDSHAKE_MS = 5000;

/** The machine's clock, but what is waited for comes after a millisecond, and the test can leap ahead. */
function createLeapingClock(): Clock & { leap(ms: number): void } {
  let aheadMs = 0;
  return {
    unixMs: () => machineClock.unixMs() + aheadMs,
    nowMs: () => machineClock.nowMs() + aheadMs,
    after: (_delayMs, callback) => machineClock.after(1, callback),
    leap(ms) {
      aheadMs += ms;
    },
  };
}

/**
 * Probes for a minute. A probe that is left waiting before its handshake is given all its time by a leap; the frontend itself has
 * no clock that could tell.
 */
export async function probeForAMinute(frontend: Frontend): Promise<Recovery> {
  const clock = createLeapingClock();
  const { user } = await testCertificates();
  const waitedBefore = frontend.counts.waitedForThread;
  const probing = probeRecovery({
    clock,
    scenario: ANY_LISTING,
    target: secureTarget(Number(new URL(frontend.url).port), await testSecurity(), {
      timeoutsMs: { connect: WITHIN_MS, handshake: HANDSHAKE_MS, answer: WITHIN_MS },
    }),
    credential: user,
    withinMs: WITHIN_MS,
    answerWithinMs: WITHIN_MS,
    closedMs: clock.nowMs(),
    signal: new AbortController().signal,
  });
  const probed = probing.then(() => 'probed' as const);
  for (let stuck = 1; ; stuck += 1) {
    const waits = eventually(`probe ${stuck} waits`, () =>
      frontend.counts.waitedForThread >= waitedBefore + stuck ? ('waits' as const) : undefined,
    );
    waits.catch(() => {}); // nobody waits when the service has come back
    if ((await Promise.race([probed, waits])) === 'probed') return probing;
    clock.leap(HANDSHAKE_MS);
  }
}
