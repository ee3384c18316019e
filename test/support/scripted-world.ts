/** A campaign's world on a virtual clock, with scripted pilots and a disk in memory; all decisions are the real ones. */

import type { CampaignEvent } from '../../coordinator/campaign-event.ts';
import { createInterruption } from '../../coordinator/campaign-stop.ts';
import type { SrmLsConfig } from '../../coordinator/config/scenario-schema.ts';
import { targetsOf } from '../../coordinator/config/targets.ts';
import { type Config, type ConfigInput, ConfigSchema } from '../../coordinator/config/schema.ts';
import { freezeSrmLs } from '../../coordinator/freeze-scenario.ts';
import { createJournal } from '../../coordinator/journal.ts';
import { createKeeper } from '../../coordinator/pilots/keeper.ts';
import { type PlannedCell, planCells } from '../../coordinator/plan.ts';
import { createRoster } from '../../coordinator/pilots/roster.ts';
import { createSwitchboard } from '../../coordinator/pilots/switchboard.ts';
import { type TargetHandle, urlTarget } from '../../coordinator/target/target.ts';
import type { UrlTarget } from '../../coordinator/config/target-schema.ts';
import type { World } from '../../coordinator/world.ts';
import { createChanges } from '../../foundation/changes.ts';
import { type JournalLine, type MemoryDisk, createMemoryDisk } from './memory-disk.ts';
import { type ScriptedPool, type ScriptedPoolOptions, createScriptedPool } from './scripted-pool.ts';
import { type VirtualClock, createVirtualClock } from './virtual-clock.ts';

export type ScriptedWorld = World & {
  clock: VirtualClock;
  disk: MemoryDisk;
  pools: ScriptedPool[];
  events: CampaignEvent[];
  cells: PlannedCell[];
  /** The one target; what is changed of it holds from then on. */
  handle: TargetHandle;
  /** First and second Ctrl-C. */
  stop: { drain(): void; now(): void };
  lines(step?: string): JournalLine[];
};

export type ScriptedWorldOptions = {
  levels?: number[];
  /** Parts of the config to replace. */
  config?: Partial<Pick<ConfigInput, 'load' | 'timing' | 'barrier' | 'lost' | 'target' | 'thresholds'>>;
  pools?: Omit<ScriptedPoolOptions, 'clock'>[];
  weights?: (number | null)[];
  /** What the target does otherwise than one at the config's url. */
  target?: Partial<TargetHandle>;
};

const JOURNAL = '/results/journal.ndjson';

function makeConfig({ levels = [4], config = {} }: ScriptedWorldOptions): Config {
  return ConfigSchema.parse({
    name: 'scripted',
    target: { kind: 'url', url: 'http://127.0.0.1:9/srm' },
    scenario: { kind: 'srm-ls', directories: { '20': '/d20' }, expectEntries: false },
    load: { levels },
    timing: {
      warmUp: { atLeast: '200ms', atMost: '2s' },
      window: { atLeast: '1s', operationsPerClient: 5, atMost: '4s' },
      drain: '3s',
    },
    barrier: { within: '10s', spare: '0%' },
    // The keeper is given its pools by hand.
    pools: [{ kind: 'local', pilots: 100, slotsPerPilot: 2 }],
    ...config,
  } satisfies ConfigInput);
}

export function createScriptedWorld(options: ScriptedWorldOptions = {}): ScriptedWorld {
  const clock = createVirtualClock();
  const config = makeConfig(options);
  const disk = createMemoryDisk();
  const journal = createJournal(JOURNAL, disk, clock);
  const changes = createChanges(clock);
  const roster = createRoster(clock, changes);
  const switchboard = createSwitchboard({ roster, journal, changes });
  const pools = (options.pools ?? [{}]).map((pool) => createScriptedPool({ ...pool, clock }));
  for (const pool of pools) pool.listener = switchboard;
  const keeper = createKeeper({
    sites: pools.map((pool, index) => ({ pool, weight: options.weights?.[index] ?? null, url: 'wss://nowhere' })),
    roster,
    switchboard,
    journal,
    clock,
    changes,
    joinCommon: { campaign: 'test', secret: 's'.repeat(64), certificate: '', idleLimitMs: 1e6 },
  });
  const drain = new AbortController();
  const now = new AbortController();
  const events: CampaignEvent[] = [];
  const handle = {
    ...urlTarget(config.target as UrlTarget, { environment: {}, uid: undefined }),
    ...options.target,
  };
  return {
    config,
    campaign: 'test',
    directory: '/results',
    clock,
    clockIdentity: { bootId: null, timeNamespace: null },
    disk,
    journal,
    changes,
    roster,
    switchboard,
    keeper,
    handle,
    targets: new Map(targetsOf(config).map(({ name, config: target }) => [name, { name, config: target, handle }])),
    relays: { reach: async (to) => to, stop: async () => {} },
    observe: (event) => void events.push(event),
    interrupt: createInterruption({ drain: drain.signal, now: now.signal }),
    pools,
    events,
    cells: planCells(config).map((identity) => ({
      identity,
      scenario: freezeSrmLs(config.scenario as SrmLsConfig, identity.directorySize as number),
    })),
    stop: {
      drain: () => drain.abort(),
      now: () => {
        drain.abort();
        now.abort();
      },
    },
    lines: (step) => disk.journal(JOURNAL).filter((line) => step === undefined || line.step === step),
  };
}
