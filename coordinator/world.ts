/** Everything that the steps of a campaign share. Time, link, disk and pools come in from outside. */

import type { Changes } from '../foundation/changes.ts';
import type { Clock } from '../foundation/clock.ts';
import type { ClockIdentity } from '../foundation/clock-identity.ts';
import type { CampaignObserver } from './campaign-event.ts';
import type { Config } from './config/schema.ts';
import type { Disk } from './disk.ts';
import type { Journal } from './journal.ts';
import type { Keeper } from './pilots/keeper.ts';
import type { Roster } from './pilots/roster.ts';
import type { Switchboard } from './pilots/switchboard.ts';
import type { TargetHandle } from './target/target.ts';

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
  target: TargetHandle;
  observe: CampaignObserver;
  interrupt: { drain: AbortSignal; now: AbortSignal };
};
