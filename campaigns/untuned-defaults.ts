/**
 * Services as they come, untuned (3.3): both stop at 500 to 600 clients.
 *
 * - BeStMan meets the descriptors that Linux gives a process, 1024: each client takes two, its own connection and the call-out
 *   for it (here the mapping takes the whole 40 s). Beyond, accepts and call-outs fail.
 * - BeStMan2 meets the 256 threads of its container: the others wait before their handshake, at 60 Hz, and their clients have
 *   patience for 5 s of it: 256 + 5 s x 60 Hz.
 *
 * Each is measured once more with that one resource raised. What is not known of the untuned services (how many threads the
 * Globus container had, their heap) is set so that it is no limit here. A process has about 48 descriptors of its own, which
 * don't scale. Predicted CPU at 60 Hz: frontend 13 % of a core, pilots 12 %. Full scale: `--set parameters.scale=1`.
 */

import { defineConfig, srmLs } from 'glidetester';
import { SMALL, WELL_UNDER_ONE_CORE, bestman, bestman2, clients, load, ms, pilots, timing } from './services.ts';

const LEVELS = [400, 450, 500, 550, 600, 650, 800];
const OWN_DESCRIPTORS = 48;
const LINUX_DESCRIPTORS = 1024;
const JETTY_THREADS = 256;
const PATIENCE_S = 5;

export default defineConfig({ scale: 20 }, ({ scale }) => {
  const descriptors = (full: number): number => OWN_DESCRIPTORS + clients(full - OWN_DESCRIPTORS, scale);
  const old = (most: number) =>
    bestman(scale, {
      mapping: { by: 'service', latency: ms(20, scale) },
      roundTrip: '0ms',
      descriptors: descriptors(most),
    });
  const young = (threads: number) =>
    bestman2(scale, {
      maxContainerThreads: clients(threads, scale),
      connectorQueueSize: undefined,
      whenQueueFull: 'reset',
      roundTrip: '0ms',
      timeouts: { connect: ms(100, scale), handshake: ms(PATIENCE_S, scale), answer: ms(100, scale) },
    });
  const at = (full: number): string => `level ${clients(full, scale)}`;
  const stopsThere = (target: string) => [
    {
      says: `${target} out of the standard release: near 500 to 600 clients; below, all are served`,
      check: `failed of ${target} at ${at(450)} < 1 %`,
    },
    { says: `${target}: beyond, not all are`, check: `failed of ${target} at ${at(650)} > 1 %` },
  ];
  return {
    name: 'untuned-defaults',
    targets: {
      bestman: old(LINUX_DESCRIPTORS),
      'bestman-more-descriptors': old(4 * LINUX_DESCRIPTORS),
      bestman2: young(JETTY_THREADS),
      'bestman2-more-threads': young(4 * JETTY_THREADS),
    },
    scenario: srmLs({ directories: { [SMALL]: `/d${SMALL}` } }),
    load: load(LEVELS, scale, 40),
    timing: timing(scale),
    pools: pilots(LEVELS.at(-1) as number, scale),
    thresholds: WELL_UNDER_ONE_CORE,
    expect: {
      source: 'the paper',
      findings: [
        ...stopsThere('bestman'),
        {
          says: 'What BeStMan runs out of is descriptors',
          check: `descriptor refusals of bestman at ${at(650)} > 0`,
        },
        {
          says: 'With more descriptors it goes on',
          check: `failed of "bestman-more-descriptors" at ${at(800)} < 1 %`,
        },
        ...stopsThere('bestman2'),
        {
          says: 'What BeStMan2 runs out of is container threads',
          check: `waited for thread of bestman2 at ${at(650)} > 0`,
        },
        {
          says: 'With more threads it goes on',
          check: `failed of "bestman2-more-threads" at ${at(800)} < 1 %`,
        },
      ],
    },
  };
});
