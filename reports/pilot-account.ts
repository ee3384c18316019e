/**
 * The pilots of a campaign by the journal's word: who was asked for, came, did not come and was lost.
 *
 * | state | step | next |
 * | --- | --- | --- |
 * | – | `pilots-asked` names it | pending |
 * | pending | `pilot-joined` | ready |
 * | pending | `pilot-ended`, `pilot-refused` | refused |
 * | ready | `pilot-lost` | lost |
 *
 * A pilot in a lost one's place is another pilot. What is said of a pilot that nobody asked for, and what does not fit its state
 * (another process in the name of one that is ready, turned away at the door), changes nothing.
 */

import type { Acquisition, AcquisitionStep, SiteAcquisition } from './acquisition.ts';
import type { AcquisitionLine } from './journal-steps.ts';
import { supportedRank } from './measures/percentile.ts';

const MOST_STEPS = 500;

/** Turns a moment of the coordinator's clock into milliseconds since the journal's first line. */
export type SinceFirst = (monotonicMs: number) => number;

/** A step of the journal that tells of pilots. */
export type PilotStep = Exclude<AcquisitionLine, { step: 'cell-started' | 'cell-fired' }>;

export type PilotAccount = {
  take(step: PilotStep, sinceFirst: SinceFirst): void;
  result(): Omit<Acquisition, 'cells'>;
};

type Pilot = {
  site: string;
  askedAtMs: number;
  state: 'pending' | 'ready' | 'refused' | 'lost';
  /** Null: it has not joined, or the journal does not tell. */
  slots: number | null;
  /** From being asked for to joining; null: it has not joined. */
  waitedMs: number | null;
};

/** Kept up to date step by step: there may be thousands of pilots, and as many steps. */
type Now = { pendingPilots: number; readyPilots: number; heldSlots: number; readyWithoutSlots: number };

export function createPilotAccount(): PilotAccount {
  const pilots = new Map<string, Pilot>();
  const neededSlots = new Map<string, number>();
  const steps: AcquisitionStep[] = [];
  const now: Now = { pendingPilots: 0, readyPilots: 0, heldSlots: 0, readyWithoutSlots: 0 };

  /** False when nothing changes by it. */
  const follow = (step: PilotStep, sinceFirst: SinceFirst): boolean => {
    switch (step.step) {
      case 'slots-needed':
        for (const [site, slots] of Object.entries(step.sites)) neededSlots.set(site, slots);
        return true;
      case 'pilots-asked': {
        const { site } = step;
        neededSlots.set(site, step.neededSlots);
        const askedAtMs = sinceFirst(step.monotonicMs);
        for (const id of step.pilots)
          pilots.set(id, { site, askedAtMs, state: 'pending', slots: null, waitedMs: null });
        now.pendingPilots += step.pilots.length;
        return true;
      }
      case 'pilot-joined':
        return join(now, pilots.get(step.pilot), step, sinceFirst);
      case 'pilot-refused':
      case 'pilot-ended':
        return refuse(now, pilots.get(step.pilot ?? ''));
      case 'pilot-lost':
    }
    return lose(now, pilots.get(step.pilot));
  };

  return {
    take(step, sinceFirst) {
      if (!follow(step, sinceFirst)) return;
      const { pendingPilots, readyPilots, heldSlots, readyWithoutSlots } = now;
      steps.push({
        atMs: sinceFirst(step.monotonicMs),
        neededSlots: [...neededSlots.values()].reduce((sum, slots) => sum + slots, 0),
        pendingPilots,
        readyPilots,
        heldSlots: readyWithoutSlots > 0 ? null : heldSlots,
      });
    },
    result: () => ({
      sites: [...Map.groupBy(pilots.values(), ({ site }) => site)].map(([site, there]) => describeSite(site, there)),
      steps: thinSteps(steps),
    }),
  };
}

type Joined = Extract<PilotStep, { step: 'pilot-joined' }>;

function join(now: Now, pilot: Pilot | undefined, joined: Joined, sinceFirst: SinceFirst): boolean {
  if (pilot?.state !== 'pending') return false;
  pilot.state = 'ready';
  pilot.slots = joined.slots;
  const askedAtMs = joined.askedAtMs === null ? pilot.askedAtMs : sinceFirst(joined.askedAtMs);
  pilot.waitedMs = sinceFirst(joined.monotonicMs) - askedAtMs;
  now.pendingPilots -= 1;
  countReady(now, pilot, 1);
  return true;
}

function refuse(now: Now, pilot: Pilot | undefined): boolean {
  if (pilot?.state !== 'pending') return false;
  pilot.state = 'refused';
  now.pendingPilots -= 1;
  return true;
}

function lose(now: Now, pilot: Pilot | undefined): boolean {
  if (pilot?.state !== 'ready') return false;
  pilot.state = 'lost';
  countReady(now, pilot, -1);
  return true;
}

function countReady(now: Now, { slots }: Pilot, change: 1 | -1): void {
  now.readyPilots += change;
  now.heldSlots += change * (slots ?? 0);
  if (slots === null) now.readyWithoutSlots += change;
}

function describeSite(site: string, pilots: readonly Pilot[]): SiteAcquisition {
  const waitsMs = pilots.map(({ waitedMs }) => waitedMs).filter((waitedMs) => waitedMs !== null);
  const sorted = waitsMs.toSorted((a, b) => a - b);
  const percentile = (percent: number): number | null => {
    const rank = supportedRank(sorted.length, percent);
    return rank === null ? null : (sorted[rank - 1] as number);
  };
  const count = (state: Pilot['state']): number => pilots.filter((pilot) => pilot.state === state).length;
  return {
    site,
    asked: pilots.length,
    joined: sorted.length,
    refused: count('refused'),
    lost: count('lost'),
    queueWaitMs: { count: sorted.length, p50: percentile(50), p95: percentile(95), max: sorted.at(-1) ?? null },
  };
}

/** Of each of 500 equal parts of the time, the last step: what held when the part ended. The first step stays too. */
function thinSteps(steps: readonly AcquisitionStep[]): AcquisitionStep[] {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined || steps.length <= MOST_STEPS) return [...steps];
  const partMs = Math.max(1, (last.atMs - first.atMs) / MOST_STEPS);
  const partOf = (step: AcquisitionStep | undefined): number | null =>
    step === undefined ? null : Math.floor((step.atMs - first.atMs) / partMs);
  return steps.filter((step, index) => index === 0 || partOf(step) !== partOf(steps[index + 1]));
}
