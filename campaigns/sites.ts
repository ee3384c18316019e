/**
 * Clients at sites with different latency (2.1): three local sites behind relays of 0, 20 and 100 ms, and two services.
 *
 * - One that has time for everybody: what an operation takes differs between the sites by its round trips, 3 for a connection
 *   of its own over GSI.
 * - One that is saturated: it lets 50 operations a second pass, wherever they come from. (There the sites' times draw near each
 *   other: who is far away has waited less in the queue.)
 *
 * Predicted CPU at 160 Hz: frontend 30 % of a core, pilots 25 %.
 */

import { defineConfig, embedded, local, srmLs } from 'glidetester';
import { SMALL, WELL_UNDER_ONE_CORE, latencyOf } from './services.ts';

const FAR_MS = 100;
const MIDDLE_MS = 20;
const ROUND_TRIPS = 3;
const LOCKED_MS = 10;

const service = (latency: string, lockOverCallOut: boolean) =>
  embedded({
    httpg: true,
    identities: 8,
    container: 'bestman2',
    mapping: { by: 'service', latency },
    lockOverCallOut,
    fsConcurrency: 64,
    root: { make: [SMALL] },
  });

export default defineConfig({
  name: 'sites',
  targets: { roomy: service('100ms', false), saturated: service(latencyOf(LOCKED_MS), true) },
  scenario: srmLs({ directories: { [SMALL]: `/d${SMALL}` } }),
  load: { levels: [15, 30, 45], start: { within: '1s' } },
  timing: {
    warmUp: { atLeast: '2s', atMost: '8s' },
    window: { atLeast: '5s', operationsPerClient: 5, atMost: '10s' },
    drain: '6s',
    recovery: { within: '10s', otherwise: 'restart' },
  },
  pools: [
    local({ site: 'near', pilots: 1, slotsPerPilot: 16 }),
    local({ site: 'middle', pilots: 1, slotsPerPilot: 16, roundTrip: `${MIDDLE_MS}ms` }),
    local({ site: 'far', pilots: 1, slotsPerPilot: 16, roundTrip: `${FAR_MS}ms` }),
  ],
  spread: { near: '33.4%', middle: '33.3%', far: '33.3%' },
  thresholds: WELL_UNDER_ONE_CORE,
  expect: {
    source: 'predicted',
    findings: [
      {
        says: 'An operation from the far site takes 3 round trips of 100 ms more than one from near by',
        check: `mean of roomy at site far - mean of roomy at site near = ${ROUND_TRIPS * FAR_MS} ms ± 10 %`,
      },
      {
        says: 'and 3 of 80 ms more than one from the middle',
        check: `mean of roomy at site far - mean of roomy at site middle = ${ROUND_TRIPS * (FAR_MS - MIDDLE_MS)} ms ± 10 %`,
      },
      { says: 'The rate of a saturated service is the same whoever asks', check: 'spread of saturated <= 10 %' },
      {
        says: 'and what the look-up lets pass',
        check: `rate of saturated = ${1000 / (2 * LOCKED_MS)} Hz ± 10 %`,
      },
    ],
  },
});
