/** How many more pilots to ask a site for: one pure function. */

/** What is known of one site when the keeper looks at it. All in slots but for `slotsPerPilot` (slots of one pilot). */
export type Demand = {
  /** Slots that the level needs there, the spare ones included. */
  neededSlots: number;
  /** Slots of pilots that have joined and are alive. */
  heldSlots: number;
  /** Slots of pilots that were asked for and have neither joined nor ended. */
  pendingSlots: number;
  slotsPerPilot: number;
  /** Slots of all pilots that the site may have at once. */
  slotsAtMost: number;
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
  slotsAtMost,
  damped,
}: Demand): number {
  const coming = heldSlots + pendingSlots;
  const deficit = neededSlots - coming;
  if (deficit <= 0) return 0;
  const wanted = damped ? Math.min(Math.floor((deficit * 2) / 3) + 1, deficit, DAMPED_SLOTS_AT_MOST) : deficit;
  const room = Math.max(0, Math.floor((slotsAtMost - coming) / slotsPerPilot));
  return Math.min(Math.ceil(wanted / slotsPerPilot), room);
}
