/** How the pilots of a campaign were acquired, as far as its journal tells. */

import { z } from 'zod';

export const SiteAcquisitionSchema = z.object({
  site: z.string(),
  /** Pilots. */
  asked: z.number().int(),
  joined: z.number().int(),
  /** Turned away at the door, or ended before they joined. */
  refused: z.number().int(),
  lost: z.number().int(),
  /** From the moment that a pilot was asked for to the moment that it joined. */
  queueWaitMs: z.object({
    count: z.number().int(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    max: z.number().nullable(),
  }),
});

export type SiteAcquisition = z.infer<typeof SiteAcquisitionSchema>;

/** What held from `atMs` (since the journal's first line) until the next step, all sites together. */
export type AcquisitionStep = {
  atMs: number;
  neededSlots: number;
  /** Asked for, and neither joined nor ended. */
  pendingPilots: number;
  readyPilots: number;
  /** Slots of the pilots that are ready; null: the journal does not tell. */
  heldSlots: number | null;
};

export type Acquisition = {
  sites: SiteAcquisition[];
  /** In the order of time, at most about 500. */
  steps: AcquisitionStep[];
  /** When each cell began to wait for its pilots and when it fired, since the journal's first line. */
  cells: { id: string; startedAtMs: number; firedAtMs: number | null }[];
};
