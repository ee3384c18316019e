/**
 * Clients at sites with different latency (2.1): three local sites behind relays of 0, 20 and 100 ms. What an operation takes
 * differs between them by its round trips, 3 for a connection of its own over GSI; the rate of the service doesn't: it is
 * saturated, and the look-up of the identity lets 50 operations a second pass, wherever they come from.
 *
 * Predicted CPU at 50 Hz: frontend 12 % of a core, pilots 10 %.
 */

import { defineConfig, embedded, local, srmLs } from 'glidetester';
import { SMALL, WELL_UNDER_ONE_CORE } from './services.ts';

const LATENCY_MS = 10;
const FAR_MS = 100;
const MIDDLE_MS = 20;
const ROUND_TRIPS = 3;

export default defineConfig({
  name: 'sites',
  target: embedded({
    httpg: true,
    identities: 8,
    container: 'bestman2',
    mapping: { by: 'service', latency: `${LATENCY_MS}ms` },
    root: { make: [SMALL] },
  }),
  scenario: srmLs({ directories: { [SMALL]: `/d${SMALL}` } }),
  load: { levels: [30, 60, 90], runs: 2, start: { within: '1s' } },
  timing: {
    warmUp: { atLeast: '2s', atMost: '8s' },
    window: { atLeast: '4s', operationsPerClient: 4, atMost: '10s' },
    drain: '6s',
    recovery: { within: '10s', otherwise: 'restart' },
  },
  pools: [
    local({ site: 'near', pilots: 1, slotsPerPilot: 32 }),
    local({ site: 'middle', pilots: 1, slotsPerPilot: 32, roundTrip: `${MIDDLE_MS}ms` }),
    local({ site: 'far', pilots: 1, slotsPerPilot: 32, roundTrip: `${FAR_MS}ms` }),
  ],
  spread: { near: '33.4%', middle: '33.3%', far: '33.3%' },
  thresholds: WELL_UNDER_ONE_CORE,
  expect: {
    source: 'predicted',
    findings: [
      {
        says: 'An operation from the far site takes 3 round trips of 100 ms more than one from near by',
        check: `mean at site far - mean at site near = ${ROUND_TRIPS * FAR_MS} ms ± 10 %`,
      },
      {
        says: 'and 3 of 80 ms more than one from the middle',
        check: `mean at site far - mean at site middle = ${ROUND_TRIPS * (FAR_MS - MIDDLE_MS)} ms ± 10 %`,
      },
      { says: 'The rate of the service is the same whoever asks', check: 'spread <= 10 %' },
      {
        says: 'and what the look-up lets pass',
        check: `rate = ${1000 / (2 * LATENCY_MS)} Hz ± 10 %`,
      },
    ],
  },
});
