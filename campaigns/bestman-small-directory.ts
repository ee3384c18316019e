/**
 * BeStMan with a small directory (Fig. 1 and 6): the rate grows with the clients, 1 Hz for every 40 of them; beyond about 2500
 * it hangs, and does not come back.
 *
 * Predicted CPU at its highest rate, 50 Hz: frontend 12 % of a core, pilots 10 %. Full scale: `--set parameters.scale=1`.
 */

import { defineConfig, srmLs } from 'glidetester';
import { BESTMAN, SMALL, WELL_UNDER_ONE_CORE, bestman, clients, load, pilots, timing } from './services.ts';

const LINEAR = [250, 500, 1000, 1500, 2000];
const BEYOND = 3000;

export default defineConfig({ scale: 25 }, ({ scale }) => {
  const [lowest, highest] = [clients(LINEAR[0] as number, scale), clients(LINEAR.at(-1) as number, scale)];
  return {
    name: 'bestman-small-directory',
    target: bestman(scale),
    scenario: srmLs({ directories: { [SMALL]: `/d${SMALL}` } }),
    // All at once: what starves the container is that every thread is taken before one is left for an authorization.
    load: load([...LINEAR, BEYOND], scale, null),
    timing: timing(scale),
    pools: pilots(BEYOND, scale),
    thresholds: WELL_UNDER_ONE_CORE,
    expect: {
      source: 'the paper',
      findings: [
        {
          says: '1 Hz for every 40 clients (Fig. 6)',
          // In clients of the paper's size, each of which stands for `scale` of them.
          check: `slope from level ${lowest} to level ${highest} / ${scale} = ${1 / BESTMAN.operationS} Hz/client ± 3 %`,
        },
        {
          says: 'A strong linear correlation',
          check: `r2 from level ${lowest} to level ${highest} > 0.99`,
        },
        {
          says: 'Beyond about 2500 clients it hangs, and is not able to recover',
          check: `hung at level ${clients(BEYOND, scale)}`,
        },
      ],
    },
  };
});
