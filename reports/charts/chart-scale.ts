/** Scales of the charts, as numbers: needed before drawing, to keep labels apart and hairlines in range. */

/** A domain, how it is laid out, and the values that get a tick (none given: left to the chart). */
export type Scale = { type: 'linear' | 'log'; base: number; domain: [number, number]; ticks: number[] | null };

/** Levels that span more than this are drawn on a log scale. */
const LOG_FROM_RATIO = 16;

/** Concurrency: from zero, or in powers of two with a tick at each level asked for. */
export function createConcurrencyScale(inFlight: readonly number[], levels: readonly number[]): Scale {
  const highest = Math.max(1, ...inFlight, ...levels);
  const lowest = Math.min(...levels);
  if (highest / lowest <= LOG_FROM_RATIO) {
    return { type: 'linear', base: 10, domain: [0, highest * 1.04], ticks: null };
  }
  const least = Math.min(lowest, ...inFlight.filter((value) => value > 0));
  return { type: 'log', base: 2, domain: [least / 1.15, highest * 1.15], ticks: thinOut([...new Set(levels)]) };
}

/** Ticks at least a factor of 1.35 apart, so that their labels don't touch. */
function thinOut(levels: number[]): number[] {
  const kept: number[] = [];
  for (const level of levels.toSorted((a, b) => b - a)) {
    const above = kept.at(-1);
    if (above === undefined || above / level >= 1.35) kept.push(level);
  }
  return kept.toReversed();
}

/** From zero to the next round number above the highest value. */
export function createRateScale(rates: readonly number[]): Scale {
  const highest = Math.max(0, ...rates);
  if (highest === 0) return { type: 'linear', base: 10, domain: [0, 1], ticks: null };
  const step = roundStep(highest / 5);
  return { type: 'linear', base: 10, domain: [0, Math.ceil((highest * 1.03) / step) * step], ticks: null };
}

/** The largest of 1, 2, 5 times a power of ten that does not exceed the value. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([5, 2, 1].find((factor) => factor * power <= value) ?? 1) * power;
}

/** Log scale over positive values with some room, at least a factor of 4 high, ticks at 1, 2, 5 times powers of ten. */
export function createTimeScale(times: readonly number[]): Scale {
  const positive = times.filter((time) => time > 0);
  const lowest = positive.length === 0 ? 1 : Math.min(...positive);
  const highest = positive.length === 0 ? 1 : Math.max(...positive);
  const room = Math.max(1.2, Math.sqrt(4 / (highest / lowest)));
  const domain: [number, number] = [lowest / room, highest * room];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(domain[0])); power <= Math.log10(domain[1]); power += 1) {
    for (const factor of [1, 2, 5]) {
      // Number() of the decimal text: 5 * 10 ** -3 would print as 0.005000000000000001.
      const tick = Number(`${factor}e${power}`);
      if (tick >= domain[0] && tick <= domain[1]) ticks.push(tick);
    }
  }
  return { type: 'log', base: 10, domain, ticks: ticks.length > 9 ? ticks.filter(isPowerOfTen) : ticks };
}

function isPowerOfTen(tick: number): boolean {
  return Number.isInteger(Math.log10(tick));
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
