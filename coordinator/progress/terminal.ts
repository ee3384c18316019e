/** What the terminal can do and what the user wants of it: colours, and lines that are redrawn. */

export type TerminalWishes = {
  isTty: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  /** False with `--no-color`. */
  colourFlag: boolean;
};

export type TerminalAbilities = { colour: boolean; redraw: boolean };

/**
 * `--no-color` wins, then FORCE_COLOR (`0` and `false` say no), then NO_COLOR (any text), then what the terminal is. Lines are
 * redrawn only on a TTY that can move its cursor.
 */
export function decideAbilities({ isTty, environment, colourFlag }: TerminalWishes): TerminalAbilities {
  const capable = isTty && environment['TERM'] !== 'dumb';
  return { colour: colourFlag && decideColour(environment, capable), redraw: capable };
}

function decideColour(environment: TerminalWishes['environment'], capable: boolean): boolean {
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  return capable;
}
