/** An estimate with its interval, in as many digits as the interval supports: '39.9 (38.8 to 41.0)'. */

import { formatNumber } from './format-number.ts';
import type { Estimate } from './models/series-model.ts';

/** Smaller values than this are written with a power of ten. */
const SMALLEST_PLAIN = 1e-3;
const LARGEST_PLAIN = 1e9;

const SUPERSCRIPTS = { digits: '⁰¹²³⁴⁵⁶⁷⁸⁹', minus: '⁻' };

/** However narrow an interval is: no clock and no count here is better. */
const DIGITS_AT_MOST = 6;

/**
 * '39.9 (38.8 to 41.0)', with a unit '39.9 Hz (38.8 to 41.0)', a tiny one '1.2 (0.9 to 1.5) × 10⁻⁶'. Value and bounds end at the
 * same place; an interval too narrow to be seen in six digits is left out.
 *
 * @param unit stands after the value; empty for none
 */
export function formatEstimate(estimate: Estimate, unit = ''): string {
  const after = unit === '' ? '' : ` ${unit}`;
  const { value, low, high } = estimate;
  const largest = Math.max(Math.abs(value), Math.abs(low), Math.abs(high));
  if (largest === 0 || high <= low) return `${formatNumber(value)}${after}`;
  const power = Math.floor(Math.log10(largest));
  if (largest >= SMALLEST_PLAIN && largest < LARGEST_PLAIN) return writeEstimate(estimate, power, after);
  const scale = 10 ** -power;
  return `${writeEstimate({ value: value * scale, low: low * scale, high: high * scale }, 0, after)} × 10${raise(power)}`;
}

/** @param power of ten of the largest of the three */
function writeEstimate({ value, low, high }: Estimate, power: number, after: string): string {
  const place = Math.max(placeOf((high - low) / 2), power - DIGITS_AT_MOST + 1);
  const [from, to] = [writeAt(low, place), writeAt(high, place)];
  return `${writeAt(value, place)}${after}${from === to ? '' : ` (${from} to ${to})`}`;
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
