/** Long names made short without becoming the same: what they all have in common goes first. */

import { estimateWidth, shortenTo } from './text-width.ts';

const WORDS = /([\p{L}\p{N}]+)/u;
const IS_WORD = /^[\p{L}\p{N}]/u;

/** Each name within the width, if need be with an ellipsis; those that differ stay different. */
export function shortenNames(names: readonly string[], width: number, fontSize: number): string[] {
  const isLong = (name: string): boolean => estimateWidth(name, fontSize) > width;
  const long = names.filter(isLong).map((name) => new Set(name.split(WORDS)));
  const isShared = (part: string): boolean =>
    !IS_WORD.test(part) || (long.length > 1 && long.every((words) => words.has(part)));
  const short = names.map((name) => (isLong(name) ? leaveOutShared(name, isShared, isLong) : name));
  return short.map((text, index) => {
    const fitting = shortenTo(text, width, fontSize);
    const isTaken = short.some(
      (other, place) =>
        place !== index && names[place] !== names[index] && shortenTo(other, width, fontSize) === fitting,
    );
    if (!isTaken) return fitting;
    const number = ` #${index + 1}`;
    return `${shortenTo(text, width - estimateWidth(number, fontSize), fontSize)}${number}`;
  });
}

/** The longest stretches of shared words first, until it is short enough or nothing shared is left. */
function leaveOutShared(name: string, isShared: (part: string) => boolean, isLong: (name: string) => boolean): string {
  let parts = name.split(WORDS).filter((part) => part !== '');
  while (isLong(parts.join(''))) {
    const stretch = findLongestStretch(parts, isShared);
    if (stretch === null) break;
    parts = [...parts.slice(0, stretch.from), '…', ...parts.slice(stretch.to)];
  }
  return parts.join('');
}

function findLongestStretch(
  parts: readonly string[],
  isShared: (part: string) => boolean,
): { from: number; to: number } | null {
  let longest: { from: number; to: number; length: number } | null = null;
  for (let from = 0; from < parts.length; from += 1) {
    let to = from;
    let length = 0;
    while (to < parts.length && parts[to] !== '…' && isShared(parts[to] as string)) {
      length += (parts[to] as string).length;
      to += 1;
    }
    const hasWord = parts.slice(from, to).some((part) => IS_WORD.test(part));
    if (hasWord && length > 1 && length > (longest?.length ?? 0)) longest = { from, to, length };
  }
  return longest;
}
