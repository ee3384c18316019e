/**
 * BeStMan2 with a small directory (Fig. 7): the rate hardly depends on the clients; overdriven, it stops accepting, and comes
 * back by itself.
 *
 * Predicted CPU at the plateau, 60 Hz: frontend 13 % of a core, pilots 11 %. Full scale: `--set parameters.scale=1`.
 */

import { defineConfig, srmLs } from 'glidetester';
import { BESTMAN2, SMALL, WELL_UNDER_ONE_CORE, bestman2, clients, load, pilots, timing } from './services.ts';

/** The service is saturated at about 500 clients: its rate times what an operation takes when it is idle. */
const LEVELS = [125, 250, 500, 1000, 1500, 2500];
const OVERDRIVEN = 4000;

export default defineConfig({ scale: 25 }, ({ scale }) => {
  const at = (level: number): string => `level ${clients(level, scale)}`;
  return {
    name: 'bestman2-small-directory',
    target: bestman2(scale),
    scenario: srmLs({ directories: { [SMALL]: `/d${SMALL}` } }),
    load: load([...LEVELS, OVERDRIVEN], scale, 40),
    timing: timing(scale),
    pools: pilots(OVERDRIVEN, scale),
    thresholds: WELL_UNDER_ONE_CORE,
    expect: {
      source: 'the paper',
      findings: [
        {
          says: 'The rate has little dependency on the clients (Fig. 7)',
          check: `spread from ${at(1000)} to ${at(2500)} <= 10 %`,
        },
        {
          says: 'It is what the look-up of the identity lets pass (our hypothesis: one at a time, call-out included)',
          check: `highest rate from ${at(1000)} to ${at(2500)} = ${BESTMAN2.plateauHz.toFixed(1)} Hz ± 10 %`,
        },
        {
          says: 'Below saturation it grows with the clients',
          check: `rate at ${at(250)} / rate at ${at(125)} = ${clients(250, scale) / clients(125, scale)} ± 10 %`,
        },
        {
          says: 'If the concurrency goes very high, it stops accepting new requests',
          check: `failed at ${at(OVERDRIVEN)} > 0 %`,
        },
        {
          says: 'It is able to recover when the existing requests are processed',
          check: `recovered at ${at(OVERDRIVEN)}`,
        },
      ],
    },
  };
});
