/** Lines of the event log: one event each, whatever a client or a file system has put into a name. */

import type { LineLevel } from './event-level.ts';

const LONGEST_TEXT = 500;

/** What JSON leaves as it is, and a terminal or a reader of lines takes for more than a letter: controls, line ends, directions. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** `text`: of our own making, or {@link quote}d. */
export function writeEventLine(level: LineLevel, text: string): string {
  return `${new Date().toISOString()} ${level} ${text}\n`;
}

/** Somebody else's text in double quotes, on one line and not too long. */
export function quote(text: string): string {
  const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  const json = JSON.stringify(shown);
  return json.replaceAll(UNSAFE, escapeUnit);
}

/** A path without what follows a question mark: a client may have put a token there. */
export function quotePath(path: string): string {
  const end = path.indexOf('?');
  return quote(end === -1 ? path : `${path.slice(0, end)}?…`);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
