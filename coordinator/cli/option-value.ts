/** The values of options, read from the words of the command line. */

import { InvalidArgumentError } from 'commander';
import { parseDurationMs, parseSizeBytes } from '../../foundation/quantity.ts';

/** For an option that may be repeated. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

export function parseWhole(lowest: number, highest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${lowest} to ${highest}.`);
  };
}

/** Several of a few words, between commas, each once. */
export function parseChoices<T extends string>(choices: readonly T[]): (text: string) => T[] {
  return (text) => {
    const words = [...new Set(text.split(',').map((word) => word.trim()))];
    const known = choices.filter((choice) => words.includes(choice));
    if (known.length === words.length) return known;
    throw new InvalidArgumentError(`Expected any of ${choices.join(', ')}, with commas between them.`);
  };
}

/** Milliseconds. */
export function parseSpan(text: string): number {
  const spanMs = parseDurationMs(text);
  if (spanMs !== undefined) return spanMs;
  throw new InvalidArgumentError("Expected a duration with a unit, such as '5ms' or '10s'.");
}

/** Bytes. */
export function parseSize(text: string): number {
  const bytes = parseSizeBytes(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError("Expected a size with a unit, such as '512MB' or '5GB'.");
}
