/** How many more pilots to ask a site for: one pure function. */

/** What is known of one site when the keeper looks at it. */
export type Demand = {
  /** Slots that the level needs there, the spare ones included. */
  neededSlots: number;
  /** Slots of pilots that have joined and are alive. */
  heldSlots: number;
  /** Slots of pilots that were asked for and have neither joined nor ended. */
  pendingSlots: number;
  /** Slots that one more pilot is expected to have. */
  slotsPerPilot: number;
  /** Pilots that are alive or asked for. */
  pilots: number;
  /** The most that the site may have at once. */
  pilotsAtMost: number;
  damped: boolean;
};

/** The most slots that one damped request may ask for: glideTester caps its pressure on the queue at 100. */
const DAMPED_SLOTS_AT_MOST = 100;

/**
 * Pilots to ask for now. A damped request asks for two thirds of the deficit plus one, at most 100 slots (glideTester's rule,
 * lib/glideKeeper.py), so that a shared engine is approached in steps; an undamped one for all of it. What is already asked
 * for counts as there, so a slow engine is never asked twice for the same slots, and the answer is never above the deficit
 * by a whole pilot or more: glideTester's own rule overshoots on both counts.
 *
 * @returns whole number of pilots >= 0
 */
export function demandPilots({
  neededSlots,
  heldSlots,
  pendingSlots,
  slotsPerPilot,
  pilots,
  pilotsAtMost,
  damped,
}: Demand): number {
  const deficit = neededSlots - heldSlots - pendingSlots;
  if (deficit <= 0) return 0;
  const wanted = damped ? Math.min(Math.floor((deficit * 2) / 3) + 1, deficit, DAMPED_SLOTS_AT_MOST) : deficit;
  return Math.min(Math.ceil(wanted / slotsPerPilot), Math.max(0, pilotsAtMost - pilots));
}
