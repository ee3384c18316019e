/** Names that come from outside (a directory, a target, a server's message), made fit for one line of a terminal or chart. */

/** The text on one line: control characters, which could move a terminal's cursor or break XML, become spaces. */
export function putOnOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
