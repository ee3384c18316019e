/** Names that come from outside (a directory, a target, a server's message), made fit for one line of a terminal or chart. */

/**
 * The text on one line: control characters, which could move a terminal's cursor or break XML, what XML forbids besides, and those
 * of Unicode that make text show in another order than it has, become spaces.
 */
export function putOnOneLine(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]+/gu, ' ');
}
