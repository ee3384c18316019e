/** Pieces of sentences that several figures use. */

import { formatCount, formatNumber } from '../format-number.ts';
import type { TimeUnit } from '../series.ts';

/** '20 files' */
export function nameSize(files: number): string {
  return `${formatCount(files)} ${files === 1 ? 'file' : 'files'}`;
}

/** 'a', 'a and b', 'a, b and c' */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** '12.3 ms' */
export function formatTime(ms: number, unit: TimeUnit): string {
  return `${formatNumber(ms / unit.ms)} ${unit.name}`;
}

/** For a table whose head names the unit. */
export function formatInUnit(ms: number | null, unit: TimeUnit): string {
  return formatNumber(ms === null ? null : ms / unit.ms);
}

/** The sentences of a figure; of many, the first ones and where the others are. */
export function joinSentences(sentences: readonly string[], most = 4): string {
  const rest = sentences.length - most;
  if (rest <= 0) return sentences.join(' ');
  return [...sentences.slice(0, most), `The table has ${formatCount(rest)} more.`].join(' ');
}

/** At most so many of a list, spread evenly, the first and the last among them. */
export function chooseSome<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, index) => list[Math.round((index * (list.length - 1)) / (most - 1))] as T);
}
