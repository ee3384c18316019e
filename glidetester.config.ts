/**
 * The shipped campaign, run by `npm start`: how a small BeStMan2 scales, about a minute and a half on 2 cores.
 *
 * The curve is linear while each operation takes its own time (three round trips to the service, two look-ups of the
 * identity), has its knee at about 16 clients, and is flat from there: the look-ups go one at a time, 2 x 10 ms for an
 * operation. Frontend and pilots need less than half a core each: the limit is the service's, not this machine's.
 */

import { defineConfig, embedded, local, srmLs } from 'glidetester';

export default defineConfig({
  name: 'first-look',
  target: embedded({
    httpg: true, // SRM over GSI: every operation has a connection and a handshake of its own, as each srm-ls in real life
    identities: 10,
    container: 'bestman2',
    mapping: { by: 'service', latency: '10ms' }, // a process of its own, which the service asks who a client is
    fsConcurrency: 1, // one listing at a time: a larger directory has a plateau that is a little lower
    roundTrip: '100ms', // a relay stands for the distance between clients and service
    root: { make: [20, 1000] }, // real files below a temporary directory, removed afterwards
    timeouts: { handshake: '10s', answer: '10s' },
  }),
  scenario: srmLs({
    directories: { 20: '/d20', 1000: '/d1000' },
    detail: 'full',
    expectEntries: true, // a listing with another number of entries is a failure
  }),
  load: {
    levels: [2, 4, 8, 16, 32, 64],
    runs: 2,
    order: 'run-major', // run 1 of all cells, then run 2: drift shows as spread
    start: 'together',
  },
  timing: {
    warmUp: { atLeast: '500ms', atMost: '5s' },
    window: { atLeast: '1s', operationsPerClient: 3, atMost: '6s' }, // closes on time and content, whichever is later
    drain: '6s',
    recovery: { within: '6s', otherwise: 'restart' },
  },
  pools: [local({ pilots: 4, slotsPerPilot: 20 })], // processes of their own, with more slots than there are cores
  barrier: { within: '20s' },
  // The campaign fails itself (exit code 99) when it measures this machine instead of the service.
  thresholds: { 'frontend cpu < 80 %': 'fail', 'generator cpu < 80 %': 'fail' },
});
