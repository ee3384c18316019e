/**
 * BeStMan2 with directories of 20 to 1000 files (Fig. 8 and 9): for each size the rate hardly depends on the clients; it is
 * lower for larger directories, and the time for one listing is close to linear in its size.
 *
 * One listing at a time (fsConcurrency), each with the second look-up of its identity: 16 ms and what the listing itself takes.
 * Predicted CPU with 1000 files, about 40 Hz: frontend 40 % of a core, pilots 20 %. Full scale: `--set parameters.scale=1`.
 * On a slower machine a longer look-up leaves more time for each listing: `--set parameters.lookUpMs=24`.
 */

import { defineConfig, srmLs } from 'glidetester';
import { WELL_UNDER_ONE_CORE, bestman2, clients, load, pilots, timing } from './services.ts';

const SIZES = [20, 50, 100, 200, 500, 1000];
const LEVELS = [250, 1000];

export default defineConfig({ scale: 25, lookUpMs: 16 }, ({ scale, lookUpMs }) => {
  const at = (level: number): string => `level ${clients(level, scale)}`;
  return {
    name: 'directory-sizes',
    target: bestman2(scale, {
      root: { make: SIZES },
      mapping: { by: 'service', latency: `${lookUpMs}ms` },
      lockOverCallOut: false,
      fsConcurrency: 1,
      roundTrip: '0ms',
    }),
    scenario: srmLs({ directories: Object.fromEntries(SIZES.map((size) => [size, `/d${size}`])) }),
    load: load(LEVELS, scale, 20),
    timing: timing(scale),
    pools: pilots(LEVELS.at(-1) as number, scale),
    thresholds: WELL_UNDER_ONE_CORE,
    expect: {
      source: 'the paper',
      findings: [
        {
          says: 'The rate is stable for a given number of files (Fig. 8)',
          check: 'spread <= 15 %',
        },
        {
          says: 'The larger the directory, the lower the rate',
          check: `rate at 1000 files at ${at(1000)} < rate at 20 files at ${at(1000)}`,
        },
        {
          says: 'The larger the directory, the longer the processing time (Fig. 9)',
          check: `mean at 1000 files at ${at(1000)} > mean at 20 files at ${at(1000)}`,
        },
        {
          says: 'Time and size are close to linear',
          check: `line deviation at ${at(1000)} <= 15 %`,
        },
      ],
    },
  };
});
