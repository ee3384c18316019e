/** Fisher's F distribution: how likely an F at least so large is. */

import { incompleteBeta } from './incomplete-beta.ts';

/**
 * P(F ≥ f): I_x(below/2, above/2) with x = below / (below + above f) (Abramowitz and Stegun, Handbook of Mathematical Functions,
 * 26.6.2).
 *
 * @param f ≥ 0; infinite where nothing varies within the groups
 * @param above degrees of freedom of the numerator
 * @param below degrees of freedom of the denominator
 */
export function tailOfF(f: number, above: number, below: number): number {
  if (!Number.isFinite(f)) return 0;
  return incompleteBeta(below / (below + above * f), below / 2, above / 2);
}
