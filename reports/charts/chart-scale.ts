/** Scales of the charts, as numbers: needed before drawing, to keep labels apart and hairlines in range. */

/** A domain, how it is laid out, and the values that get a tick (none given: left to the chart). */
export type Scale = { type: 'linear' | 'log'; base: number; domain: [number, number]; ticks: number[] | null };

/** Concurrency is drawn on a log scale when more than a third of the levels would crowd in the lowest tenth of a linear one. */
const CROWDED = { tenth: 0.1, share: 1 / 3 } as const;

/** Concurrency: from zero, or in powers of two with a tick at each level asked for. */
export function createConcurrencyScale(
  inFlight: readonly number[],
  levels: readonly number[],
  { type, width = 480 }: { type?: Scale['type']; width?: number } = {},
): Scale {
  const distinct = [...new Set(levels)];
  const highest = Math.max(1, ...inFlight, ...levels);
  if ((type ?? chooseType(distinct, highest)) === 'linear') {
    return { type: 'linear', base: 10, domain: [0, highest * (distinct.length === 1 ? 1.6 : 1.015)], ticks: null };
  }
  const least = Math.min(...levels, ...inFlight.filter((value) => value > 0));
  const domain: [number, number] = [least / 1.15, highest * 1.05];
  return { type: 'log', base: 2, domain, ticks: thinOut(distinct, Math.log(domain[1] / domain[0]) * (42 / width)) };
}

function chooseType(levels: readonly number[], highest: number): Scale['type'] {
  const crowded = levels.filter((level) => level <= highest * CROWDED.tenth).length;
  return crowded > levels.length * CROWDED.share ? 'log' : 'linear';
}

/** Ticks at least so far apart (in logarithms) that their labels don't touch; the highest is kept. */
function thinOut(levels: readonly number[], apart: number): number[] {
  const kept: number[] = [];
  for (const level of levels.toSorted((a, b) => b - a)) {
    const above = kept.at(-1);
    if (above === undefined || Math.log(above / level) >= apart) kept.push(level);
  }
  return kept.toReversed();
}

/** Less is nothing: steps of it would be lost in the digits of a double. */
const LEAST_RATE = 1e-9;

/** From zero to the next round number above the highest value, with the room above it that labels need (1: none). */
export function createRateScale(rates: readonly number[], room = 1.03): Scale {
  const highest = Math.max(0, ...rates);
  if (highest < LEAST_RATE) return { type: 'linear', base: 10, domain: [0, 1], ticks: null };
  const step = roundStep(highest / 10);
  return { type: 'linear', base: 10, domain: [0, Math.ceil((highest * room) / step) * step], ticks: null };
}

/** The largest of 1, 2, 5 times a power of ten that does not exceed the value. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([5, 2, 1].find((factor) => factor * power <= value) ?? 1) * power;
}

/**
 * Log scale over positive values with some room, ticks at 1, 2, 5 times powers of ten. It is at least a factor of 5 high: a lower
 * one may hold a single tick.
 */
export function createTimeScale(times: readonly number[], ticksAtMost = 9): Scale {
  const positive = times.filter((time) => time > 0);
  const lowest = positive.length === 0 ? 1 : Math.min(...positive);
  const highest = positive.length === 0 ? 1 : Math.max(...positive);
  const room = Math.max(1.2, Math.sqrt(5 / (highest / lowest)));
  const domain: [number, number] = [lowest / room, highest * room];
  return { type: 'log', base: 10, domain, ticks: chooseTicks(domain, ticksAtMost) };
}

/** 1, 2 and 5 times powers of ten; fewer of them where they would be too many. */
function chooseTicks([low, high]: [number, number], atMost: number): number[] {
  const sets = [[1, 2, 5], [1, 3], [1]].map((factors) => ticksOf(factors, low, high));
  return sets.find(({ length }) => length <= atMost) ?? (sets.at(-1) as number[]).filter((_, index) => index % 2 === 0);
}

function ticksOf(factors: readonly number[], low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    // Number() of the decimal text: 5 * 10 ** -3 would print as 0.005000000000000001.
    ticks.push(...factors.map((factor) => Number(`${factor}e${power}`)).filter((tick) => tick >= low && tick <= high));
  }
  return ticks;
}

/** Where a value lies along an axis of `length` pixels, from its low end. */
export function positionOf(scale: Scale, value: number, length: number): number {
  const [low, high] = scale.domain;
  if (scale.type === 'linear') return ((value - low) / (high - low)) * length;
  return (Math.log(value / low) / Math.log(high / low)) * length;
}

/** Whether a value can be drawn. */
export function isInScale({ domain: [low, high] }: Scale, value: number): boolean {
  return value >= low && value <= high;
}
