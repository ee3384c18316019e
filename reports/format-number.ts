/** Numbers as people read them: sensible digits, a thousands separator, a dash where there is none. */

const THREE_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** What stands where there is no number. */
export const NO_NUMBER = '–';

/** Three significant digits, whole from 1,000 on: 0.0123, 4.56, 78.9, 12,346. */
export function formatNumber(value: number | null): string {
  if (value === null) return NO_NUMBER;
  return Math.abs(value) < 1000 ? THREE_DIGITS.format(value) : WHOLE.format(value);
}

/** A count: 1,204,113. */
export function formatCount(value: number): string {
  return WHOLE.format(value);
}

/** A count with its noun: '1 run', '2 runs'. */
export function formatQuantity(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}
