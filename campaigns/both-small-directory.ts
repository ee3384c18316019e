/**
 * Both services with a small directory (4.2): BeStMan2 is the better one until about 2500 clients; beyond, BeStMan may be.
 * Where the curves cross is known from the two configs: at BeStMan2's plateau times what an operation takes in BeStMan.
 *
 * Predicted CPU at the crossing, 60 Hz: frontend 14 % of a core, pilots 12 %. Full scale: `--set parameters.scale=1`.
 */

import { defineConfig, srmLs } from 'glidetester';
import {
  BESTMAN,
  BESTMAN2,
  SMALL,
  WELL_UNDER_ONE_CORE,
  bestman,
  bestman2,
  clients,
  load,
  pilots,
  timing,
} from './services.ts';

const LEVELS = [1000, 1500, 2000, 2500];
const CROSSING = BESTMAN2.plateauHz * BESTMAN.operationS;

export default defineConfig({ scale: 25 }, ({ scale }) => {
  const at = (level: number): string => `level ${clients(level, scale)}`;
  return {
    name: 'both-small-directory',
    targets: { bestman: bestman(scale), bestman2: bestman2(scale) },
    scenario: srmLs({ directories: { [SMALL]: `/d${SMALL}` } }),
    load: load(LEVELS, scale, BESTMAN.operationS),
    timing: timing(scale),
    pools: pilots(LEVELS.at(-1) as number, scale),
    thresholds: WELL_UNDER_ONE_CORE,
    expect: {
      source: 'the paper',
      findings: [
        {
          says: 'BeStMan2 delivers better performance for most of the time',
          check: `rate of bestman2 at ${at(1500)} > rate of bestman at ${at(1500)}`,
        },
        {
          says: 'It is only beyond 2500 clients that BeStMan may be faster (predicted from the two configs)',
          check: `crossing of bestman and bestman2 * ${scale} = ${Math.round(CROSSING)} clients ± 10 %`,
        },
      ],
    },
  };
});
