/** A threshold with `abort` that is crossed, and how it ends the campaign. */

import type { CampaignStop } from '../campaign-stop.ts';

export type Crossing = {
  /** As it stands in the config. */
  check: string;
  /** What was found, for people: '37 of 412 operations have failed (9 %), …'. */
  text: string;
};

/** @param cell the id of the cell in which, or after which, it was seen */
export function stopForCrossing({ check, text }: Crossing, cell: string): CampaignStop {
  return { exitCode: 99, reason: `the threshold '${check}' was crossed in cell ${cell}: ${text}` };
}
