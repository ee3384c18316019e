/** Reads the selectors after a measure or a predicate: which target, size, level, site and run are meant. */

import type { LevelRange, Selectors } from './check.ts';
import type { Scanner } from './scanner.ts';

const WORD_END = '(?![\\w-])';
const word = (text: string): RegExp => new RegExp(text.replaceAll(' ', '\\s+') + WORD_END);

const STARTS = {
  of: word('of'),
  atLevel: word('at level'),
  atSite: word('at site'),
  atFiles: word('at'),
  from: word('from level'),
  inRun: word('in run'),
};

/** What a subject lets be selected; a selector that does not fit is a problem at its place. */
export type SelectorRules = {
  /** 'rate', as it is named in problems. */
  subject: string;
  levels: 'one or many' | 'many';
  hasSizes: boolean;
  hasSites: boolean;
  hasTwoTargets: boolean;
};

/** All selectors that stand here, in any order, each at most once. */
export function parseSelectors(scanner: Scanner, rules: SelectorRules): Selectors {
  const found: Selectors = { target: null, against: null, directorySize: null, levels: null, site: null, run: null };
  for (;;) {
    const at = scanner.position();
    if (scanner.take(STARTS.of) !== null) {
      refuseTwice(scanner, found.target, 'target', at);
      found.target = parseName(scanner, 'the name of a target');
      if (rules.hasTwoTargets) found.against = parseAgainst(scanner);
    } else if (scanner.take(STARTS.atLevel) !== null) {
      refuseTwice(scanner, found.levels, 'level', at);
      if (rules.levels === 'many') refuseOneLevel(scanner, rules, at);
      const level = parseWhole(scanner, 'a level');
      found.levels = { from: level, to: level };
    } else if (scanner.take(STARTS.from) !== null) {
      refuseTwice(scanner, found.levels, 'level', at);
      found.levels = parseRange(scanner, rules);
    } else if (scanner.take(STARTS.atSite) !== null) {
      refuseTwice(scanner, found.site, 'site', at);
      if (!rules.hasSites) scanner.fail(...siteRefused(rules), { at });
      found.site = parseName(scanner, 'the name of a site');
    } else if (scanner.take(STARTS.inRun) !== null) {
      refuseTwice(scanner, found.run, 'run', at);
      found.run = parseWhole(scanner, 'the number of a run');
    } else if (scanner.take(STARTS.atFiles) !== null) {
      refuseTwice(scanner, found.directorySize, 'directory size', at);
      found.directorySize = parseFiles(scanner, rules, at);
    } else {
      if (rules.hasTwoTargets && found.against === null) failWithoutTargets(scanner, rules);
      return found;
    }
  }
}

function failWithoutTargets(scanner: Scanner, { subject }: SelectorRules): never {
  return scanner.fail('two targets', `write '${subject} of <target> and <target>'`);
}

function parseAgainst(scanner: Scanner): string {
  if (scanner.take(word('and')) === null)
    scanner.fail("'and' with the second target", "write 'of <target> and <target>'");
  return parseName(scanner, 'the name of the second target');
}

function siteRefused({ subject }: SelectorRules): [string, string] {
  return [`no site for ${subject}`, 'only rate, service times and phases are known for each site: remove it'];
}

function refuseTwice(scanner: Scanner, already: unknown, what: string, at: number): void {
  if (already !== null) scanner.fail(`one ${what}`, `a ${what} has been named already: remove this one`, { at });
}

function refuseOneLevel(scanner: Scanner, { subject }: SelectorRules, at: number): never {
  return scanner.fail(
    'several levels',
    `${subject} is taken over a curve: write 'from level <n> to level <m>', or nothing for all levels`,
    { at, came: 'one level' },
  );
}

function parseName(scanner: Scanner, expected: string): string {
  const name = scanner.take(/"[^"]+"|[\w.-]+/);
  if (name === null) return scanner.fail(expected, 'a name with other signs than letters, digits, . - _ goes in "…"');
  return name.startsWith('"') ? name.slice(1, -1) : name;
}

function parseWhole(scanner: Scanner, expected: string): number {
  const digits = scanner.take(/[1-9]\d{0,8}(?![\w.])/);
  return digits === null
    ? scanner.fail(`${expected}, a whole number`, 'write it without a sign, separator or unit')
    : Number(digits);
}

function parseRange(scanner: Scanner, rules: SelectorRules): LevelRange {
  const from = parseWhole(scanner, 'a level');
  if (scanner.take(word('to level')) === null && scanner.take(word('to')) === null) return { from, to: null };
  const at = scanner.position();
  const to = parseWhole(scanner, 'a level');
  if (to < from) scanner.fail(`a level of at least ${from}`, 'write the lower level first', { at });
  if (to === from && rules.levels === 'many') refuseOneLevel(scanner, rules, at);
  return { from, to };
}

function parseFiles(scanner: Scanner, { subject, hasSizes }: SelectorRules, at: number): number {
  const choices = "write 'at level <n>', 'at <n> files' or 'at site <name>'";
  const digits = scanner.take(/[1-9]\d{0,8}(?![\w.])/);
  if (digits === null) return scanner.fail("'level', 'site' or a number of files", choices);
  if (scanner.take(word('files?')) === null) scanner.fail("'files'", choices);
  if (!hasSizes) scanner.fail(`no directory size for ${subject}`, 'it is taken over all sizes: remove it', { at });
  return Number(digits);
}
