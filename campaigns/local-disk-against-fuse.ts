/**
 * The same directories on local disk and on a distributed file system that is mounted by FUSE (4.2): at least 30 % slower
 * there.
 *
 * `deploy/glusterfs/up.sh` makes such a mount on this machine; then
 * `glidetester run campaigns/local-disk-against-fuse.ts --set parameters.fuse=<mounted directory>`. Both directories are to
 * hold `d100` and `d1000` with as many files; `deploy/glusterfs/fill.sh DIR` makes them.
 *
 * Listing is what is compared here: the frontend is not held under 60 % of a core, and with local disk the pilots may bear the
 * mark `generator-bound`, which makes local disk look slower than it is.
 */

import { defineConfig, embedded, srmLs } from 'glidetester';

const SIZES = [100, 1000];

const served = (root: string) => embedded({ root, fsConcurrency: 2, timeouts: { answer: '30s' } });

export default defineConfig({ disk: '/var/tmp/glidetester-disk', fuse: '/mnt/glidetester' }, ({ disk, fuse }) => {
  return {
    name: 'local-disk-against-fuse',
    targets: { disk: served(disk), fuse: served(fuse) },
    scenario: srmLs({ directories: Object.fromEntries(SIZES.map((size) => [size, `/d${size}`])) }),
    load: { levels: [1, 2, 4], runs: 2 },
    timing: {
      warmUp: { atLeast: '1s', atMost: '10s' },
      window: { atLeast: '3s', operationsPerClient: 10, atMost: '10s' },
      drain: '10s',
      recovery: { within: '20s', otherwise: 'stop' },
    },
    pools: [{ kind: 'local', site: 'here', pilots: 2, slotsPerPilot: 4 }],
    expect: {
      source: 'the paper',
      findings: SIZES.flatMap((size) => [
        {
          says: `At least 30 % slower through FUSE: ${size} files`,
          check: `rate of fuse at ${size} files at level 4 / rate of disk at ${size} files at level 4 <= 0.7`,
        },
        {
          says: `The time goes into the listing, before the first byte: ${size} files`,
          check: `first byte of fuse at ${size} files at level 1 > first byte of disk at ${size} files at level 1`,
        },
      ]),
    },
  };
});
