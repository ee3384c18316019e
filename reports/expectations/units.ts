/** Units of the check language, their dimensions, and values as people read them. */

import { formatCount, formatNumber } from '../format-number.ts';

/** Exponents: a rate is { seconds: -1, clients: 0 }; a share, a ratio and a count have none. */
export type Dimension = { seconds: number; clients: number };

type UnitFacts = { dimension: Dimension; factor: number };

export const NO_DIMENSION: Dimension = { seconds: 0, clients: 0 };
const TIME: Dimension = { seconds: 1, clients: 0 };

/** Factors into seconds, clients and plain numbers. */
const UNITS = {
  'Hz/client': { dimension: { seconds: -1, clients: -1 }, factor: 1 },
  Hz: { dimension: { seconds: -1, clients: 0 }, factor: 1 },
  ms: { dimension: TIME, factor: 0.001 },
  s: { dimension: TIME, factor: 1 },
  min: { dimension: TIME, factor: 60 },
  h: { dimension: TIME, factor: 3600 },
  clients: { dimension: { seconds: 0, clients: 1 }, factor: 1 },
  '%': { dimension: NO_DIMENSION, factor: 0.01 },
} as const satisfies Record<string, UnitFacts>;

export type Unit = keyof typeof UNITS;

export const UNIT_NAMES = Object.keys(UNITS) as Unit[];

/** Dimension of a number with this unit; null: it has no unit. */
export function dimensionOf(unit: Unit | null): Dimension {
  return unit === null ? NO_DIMENSION : UNITS[unit].dimension;
}

/** The number in seconds, clients, Hz, Hz/client or without a unit. */
export function toBase(value: number, unit: Unit | null): number {
  return unit === null ? value : value * UNITS[unit].factor;
}

/** The unit whose factor is 1 for a dimension; undefined when there is none. */
export function baseUnitOf(dimension: Dimension): Unit | undefined {
  return UNIT_NAMES.find((unit) => UNITS[unit].factor === 1 && isSame(UNITS[unit].dimension, dimension));
}

export function isSame(a: Dimension, b: Dimension): boolean {
  return a.seconds === b.seconds && a.clients === b.clients;
}

/** Dimension of a product (sign 1) or of a quotient (sign -1). */
export function combine(a: Dimension, b: Dimension, sign: 1 | -1): Dimension {
  return { seconds: a.seconds + sign * b.seconds, clients: a.clients + sign * b.clients };
}

const NAMES: Partial<Record<Unit, string>> = {
  Hz: 'a rate (Hz)',
  s: 'a time (ms, s, min, h)',
  clients: 'a number of clients',
  'Hz/client': 'a slope (Hz/client)',
};

/** 'a rate (Hz)': what a dimension is, for people. */
export function nameDimension(dimension: Dimension): string {
  if (isSame(dimension, NO_DIMENSION)) return 'a plain number, share or count';
  const unit = baseUnitOf(dimension);
  return (unit === undefined ? undefined : NAMES[unit]) ?? `something in ${nameUnit(dimension)}`;
}

/** How a plain number is to be read; `fit`: how well a line fits, which is never rounded up to 1. */
export type Display = 'share' | 'count' | 'fit' | 'plain';

/** A value with its unit and three digits: '0.0249 Hz/client', '61.9 Hz', '12.4 ms', '2.31 s', '0.2 %'. */
export function formatValue(value: number, dimension: Dimension, display: Display): string {
  if (value === Infinity) return 'never';
  if (isSame(dimension, NO_DIMENSION)) {
    if (display === 'fit') return (Math.floor(value * 1e4) / 1e4).toFixed(4);
    if (display === 'share') return `${formatNumber(value * 100)} %`;
    return display === 'count' && Number.isInteger(value) ? formatCount(value) : formatNumber(value);
  }
  if (isSame(dimension, TIME)) {
    return Math.abs(value) < 1 ? `${formatNumber(value * 1000)} ms` : `${formatNumber(value)} s`;
  }
  const unit = baseUnitOf(dimension) ?? nameUnit(dimension);
  return `${formatNumber(value)} ${unit}`;
}

function nameUnit({ seconds, clients }: Dimension): string {
  return [...namePower('s', seconds), ...namePower('clients', clients)].join(' ');
}

function namePower(name: string, exponent: number): string[] {
  if (exponent === 0) return [];
  return [exponent === 1 ? name : `${name}^${exponent}`];
}
