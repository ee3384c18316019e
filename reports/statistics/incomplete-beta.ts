/** The incomplete beta function, of which Student's t and Fisher's F are made. */

import { gammaln } from 'simple-statistics';

const MOST_TERMS = 300;
const PRECISION = 1e-15;
/** In place of a zero that would be divided by. */
const TINY = 1e-300;

/** The regularised incomplete beta function I_x(a, b), on the side of the mean where its continued fraction converges fast. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The continued fraction of Abramowitz and Stegun 26.5.8, evaluated from the front (modified Lentz). */
function betaFraction(x: number, a: number, b: number): number {
  let numerator = 1;
  let denominator = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = denominator;
  const step = (coefficient: number): number => {
    denominator = 1 / awayFromZero(1 + coefficient * denominator);
    numerator = awayFromZero(1 + coefficient / numerator);
    value *= numerator * denominator;
    return numerator * denominator;
  };
  for (let term = 1; term <= MOST_TERMS; term += 1) {
    step((term * (b - term) * x) / ((a + 2 * term - 1) * (a + 2 * term)));
    const factor = step((-(a + term) * (a + b + term) * x) / ((a + 2 * term) * (a + 2 * term + 1)));
    if (Math.abs(factor - 1) < PRECISION) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
