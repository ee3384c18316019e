/** Pieces of sentences that several figures use. */

import { formatShare } from '../../foundation/quantity.ts';
import { shortenTo } from '../charts/text-width.ts';
import { formatCount, formatNumber } from '../format-number.ts';
import { putOnOneLine } from '../plain-text.ts';
import type { TimeUnit } from '../series.ts';

/** '20 files', as series are named. */
export function nameSize(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`;
}

/** 'a', 'a and b', 'a, b and c' */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Pixels of a name in a sentence: a long one would bury what is said of it. */
const NAME_WIDTH = 240;

/** A name from outside, not too long for a sentence. */
export function shortenInSentence(name: string): string {
  return shortenTo(putOnOneLine(name), NAME_WIDTH, 14);
}

/** 'At level 40 …', or 'the series: at level 40 …' where there are several. */
export function startSentence(about: string | null, text: string): string {
  if (about === null) return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return `${shortenInSentence(about)}: ${text}`;
}

/** A share that is not all is never called 100 %, nor one that is not nothing 0 %. */
export function formatPart(share: number): string {
  if (share < 1 && share >= 0.995) return 'over 99 %';
  return share > 0 && share < 0.0005 ? 'under 0.1 %' : formatShare(share);
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
export function joinSentences(sentences: readonly string[], most = 3): string {
  const rest = sentences.length - most;
  if (rest <= 0) return sentences.join(' ');
  return [...sentences.slice(0, most), `The table has ${formatCount(rest)} more.`].join(' ');
}

/** At most so many of a list, spread evenly, the first and the last among them; of one only, the last. */
export function chooseSome<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  if (most === 1) return list.slice(-1);
  return Array.from({ length: most }, (_, index) => list[Math.round((index * (list.length - 1)) / (most - 1))] as T);
}
