/** Opens what a campaign works with: disk, target, the gate for pilots, pools and their keeper. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createChanges } from '../foundation/changes.ts';
import { type Cancel, type Clock, every, machineClock } from '../foundation/clock.ts';
import { readClockIdentity } from '../foundation/clock-identity.ts';
import { journalFile } from '../reports/result-directory.ts';
import type { CampaignObserver } from './campaign-event.ts';
import { type UserInterrupt, createInterruption } from './campaign-stop.ts';
import type { Config, TargetConfig } from './config/schema.ts';
import { targetsOf } from './config/targets.ts';
import { openDisk } from './disk.ts';
import { createJournal } from './journal.ts';
import { HEARTBEAT_EVERY_MS, openGate } from './pilots/gate.ts';
import { createKeeper, type Site } from './pilots/keeper.ts';
import { createRoster, type Roster } from './pilots/roster.ts';
import { createSwitchboard, type Switchboard } from './pilots/switchboard.ts';
import { durationMs, shareOf } from './plan.ts';
import { createLocalPool } from './pools/local.ts';
import { createRelays } from './relay/relays.ts';
import { startEmbeddedTarget } from './target/embedded-target.ts';
import { type TargetHandle, urlTarget } from './target/target.ts';
import type { MeasuredTarget, World } from './world.ts';

/** A pilot without a cell for this long leaves by itself: nobody has to clean up after a crashed coordinator. */
const PILOT_IDLE_LIMIT_MS = 15 * 60_000;
const HEARTBEATS_MISSED_AT_MOST = 3;

export type WorldOptions = {
  config: Config;
  /** New and empty. */
  directory: string;
  observe: CampaignObserver;
  interrupt: UserInterrupt;
  /** Command lines that start the parts as processes of their own. */
  launch: Record<'pilot' | 'frontend' | 'mappingService' | 'relay', readonly string[]>;
};

/** Each part is closed again by the stack, in reverse. */
export async function openWorld(
  options: WorldOptions & { campaign: string },
  opened: AsyncDisposableStack,
): Promise<World> {
  const { config, campaign, directory, observe, interrupt, launch } = options;
  const clock = machineClock;
  const disk = openDisk();
  opened.defer(() => disk.close());
  const logs = join(directory, 'logs');
  await disk.makeFolder(logs);
  const journal = createJournal(journalFile(directory), disk, clock);
  const targets = new Map<string, MeasuredTarget>();
  for (const { name, config: target } of targetsOf(config)) {
    const handle = await openTarget(target, { commands: launch, logs, name, clock });
    opened.defer(() => handle.stop());
    targets.set(name, { name, config: target, handle });
  }
  const relays = createRelays({ command: launch.relay, log: join(logs, 'relays.log'), clock });
  opened.defer(() => relays.stop());

  const changes = createChanges(clock);
  const roster = createRoster(clock, changes);
  const switchboard = createSwitchboard({ roster, journal, changes });
  const secret = randomBytes(32).toString('hex');
  const gate = await openGate({ clock, campaign, secret, listen: config.coordinator.listen, listener: switchboard });
  opened.defer(() => gate.close());
  const sites = config.pools.map((pool): Site => {
    const weight = config.spread?.[pool.site];
    return {
      pool: createLocalPool({ pool, command: launch.pilot, logs, clock }),
      weight: config.spread === undefined ? null : weight === undefined ? 0 : shareOf(weight),
      url: pool.reach === undefined ? gate.url : `wss://${pool.reach}`,
    };
  });
  const idleLimitMs = Math.max(PILOT_IDLE_LIMIT_MS, 2 * durationMs(config.barrier.within));
  const joinCommon = { campaign, secret, certificate: gate.certificate, idleLimitMs };
  const keeper = createKeeper({ sites, roster, switchboard, journal, clock, changes, joinCommon });
  opened.defer(async () => {
    keeper.stop();
    roster.dismiss('the campaign is over');
    await Promise.all(sites.map(({ pool }) => pool.release()));
  });
  opened.defer(watchHeartbeats(clock, roster, switchboard));
  const clockIdentity = readClockIdentity();
  return {
    config,
    campaign,
    directory,
    clock,
    clockIdentity,
    disk,
    journal,
    changes,
    roster,
    switchboard,
    keeper,
    targets,
    relays,
    observe,
    interrupt: createInterruption(interrupt),
  };
}

type TargetSurroundings = { commands: WorldOptions['launch']; logs: string; name: string; clock: Clock };

async function openTarget(
  target: TargetConfig,
  { commands, logs, name, clock }: TargetSurroundings,
): Promise<TargetHandle> {
  if (target.kind === 'url') return urlTarget(target, { environment: process.env, uid: process.getuid?.() });
  // A target without a name of its own is `embedded`: its log is the frontend's.
  const log = join(logs, name === 'embedded' ? 'frontend.log' : `${name}.log`);
  return startEmbeddedTarget({ target, commands, log, clock });
}

/** A link can be dead without having closed: a pilot that is silent for too long is lost. */
function watchHeartbeats(clock: Clock, roster: Roster, switchboard: Switchboard): Cancel {
  const silenceMs = (HEARTBEATS_MISSED_AT_MOST + 1) * HEARTBEAT_EVERY_MS;
  return every(clock, HEARTBEAT_EVERY_MS, () => {
    for (const pilot of roster.silent(silenceMs))
      switchboard.lose(pilot, `nothing was heard of it for ${silenceMs} ms`);
  });
}
