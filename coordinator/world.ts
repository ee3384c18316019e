/** Everything that the steps of a campaign share. Time, link, disk and pools come in from outside. */

import type { Changes } from '../foundation/changes.ts';
import type { Clock } from '../foundation/clock.ts';
import type { ClockIdentity } from '../foundation/clock-identity.ts';
import type { Interruption } from './campaign-stop.ts';
import type { CampaignObserver } from './campaign-event.ts';
import type { CellIdentity } from '../reports/evidence.ts';
import type { Config, TargetConfig } from './config/schema.ts';
import type { Disk } from './disk.ts';
import type { Journal } from './journal.ts';
import type { Keeper } from './pilots/keeper.ts';
import type { Roster } from './pilots/roster.ts';
import type { Switchboard } from './pilots/switchboard.ts';
import type { Relays } from './relay/relays.ts';
import type { TargetHandle } from './target/target.ts';

/** A target with what the config says of it. */
export type MeasuredTarget = { name: string; config: TargetConfig; handle: TargetHandle };

export type World = {
  config: Config;
  /** Labels every request of this campaign; no slash in it. */
  campaign: string;
  directory: string;
  clock: Clock;
  clockIdentity: ClockIdentity;
  disk: Disk;
  journal: Journal;
  changes: Changes;
  roster: Roster;
  switchboard: Switchboard;
  keeper: Keeper;
  /** By name, in the order of the config. */
  targets: ReadonlyMap<string, MeasuredTarget>;
  /** What stands between sites and targets that are to be far apart. */
  relays: Relays;
  observe: CampaignObserver;
  interrupt: Interruption;
};

/** The target of a cell. */
export function targetOf(
  { targets }: Pick<World, 'targets'>,
  { target }: Pick<CellIdentity, 'target'>,
): MeasuredTarget {
  const measured = targets.get(target);
  if (measured === undefined) throw new TypeError(`no target ${JSON.stringify(target)} in this campaign`);
  return measured;
}
