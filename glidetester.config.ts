/** The shipped campaign, run by `npm start`: how the embedded SRM service scales, about a minute and a half on 2 cores. */

import { defineConfig, embedded, local, srmLs } from 'glidetester';

export default defineConfig({
  name: 'first-look',
  // Every operation has a connection of its own, as each srm-ls in real life. `--set target.httpg=true`: over GSI, as 20 users.
  target: embedded({
    // One listing at a time: the limit that the curve shows belongs to the service, not to this machine.
    fsConcurrency: 1,
    showChecksumWhenListingFile: true, // a listing reads its files, so that it has real work to do
    root: { make: [20, 100, 200, 1000], fileBytes: 32_768 }, // real files below a temporary directory, removed afterwards
    timeouts: { answer: '10s' },
  }),
  scenario: srmLs({
    directories: { 20: '/d20', 100: '/d100', 200: '/d200', 1000: '/d1000' },
    detail: 'full',
    expectEntries: true, // a listing with another number of entries is a failure
  }),
  load: {
    levels: [1, 2, 4, 8, 16, 24],
    runs: 2,
    order: 'run-major', // run 1 of all cells, then run 2: drift shows as spread
    start: 'together',
  },
  timing: {
    warmUp: { atLeast: '300ms', atMost: '4s' },
    window: { atLeast: '600ms', operationsPerClient: 3, atMost: '4s' }, // closes on time and content, whichever is later
    drain: '5s',
    recovery: { within: '5s', otherwise: 'restart' },
  },
  pools: [local({ pilots: 4, slotsPerPilot: 10 })], // processes of their own, with more slots than there are cores
  barrier: { within: '20s' },
});
