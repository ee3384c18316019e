/** An estimate with its interval, in as many digits as the interval supports: '39.9 (38.8 to 41.0)'. */

import { formatNumber } from './format-number.ts';
import type { Estimate } from './models/series-model.ts';

/** Smaller values than this are written with a power of ten. */
const SMALLEST_PLAIN = 1e-3;
const LARGEST_PLAIN = 1e9;

const SUPERSCRIPTS = { digits: '⁰¹²³⁴⁵⁶⁷⁸⁹', minus: '⁻' };

/**
 * '39.9 (38.8 to 41.0)', with a unit '39.9 Hz (38.8 to 41.0)', a tiny one '1.2 (0.9 to 1.5) × 10⁻⁶'. Value and bounds end at the
 * same place.
 *
 * @param unit stands after the value; empty for none
 */
export function formatEstimate({ value, low, high }: Estimate, unit = ''): string {
  const write = ({ value: middle, low: from, high: to }: Estimate): string => {
    const place = placeOf((to - from) / 2);
    return `${writeAt(middle, place)}${after} (${writeAt(from, place)} to ${writeAt(to, place)})`;
  };
  const after = unit === '' ? '' : ` ${unit}`;
  const largest = Math.max(Math.abs(value), Math.abs(low), Math.abs(high));
  if (largest === 0 || high <= low) return `${formatNumber(value)}${after}`;
  if (largest >= SMALLEST_PLAIN && largest < LARGEST_PLAIN) return write({ value, low, high });
  const power = Math.floor(Math.log10(largest));
  const scale = 10 ** -power;
  return `${write({ value: value * scale, low: low * scale, high: high * scale })} × 10${raise(power)}`;
}

function raise(power: number): string {
  return String(power).replaceAll(/[\d-]/g, (digit) =>
    digit === '-' ? SUPERSCRIPTS.minus : SUPERSCRIPTS.digits.charAt(Number(digit)),
  );
}

/**
 * The power of ten of the last digit that an uncertainty supports, by the rule of the Particle Data Group (Review of Particle
 * Physics, introduction, 5.3): two digits of it while its first three are at most 354, one digit above, and 950 on is 1000.
 */
function placeOf(halfWidth: number): number {
  const power = Math.floor(Math.log10(halfWidth));
  const leading = Math.round(halfWidth * 10 ** (2 - power));
  return leading <= 354 ? power - 1 : power;
}

function writeAt(value: number, place: number): string {
  const step = 10 ** Math.max(place, 0);
  const decimals = Math.min(100, Math.max(-place, 0));
  return new Intl.NumberFormat('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: 'negative',
  }).format(place > 0 ? Math.round(value / step) * step : value);
}
