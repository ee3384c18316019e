/** Rules about `expect` and `thresholds`: every check can be read, and what it names is in the campaign. */

import { type Check, type LevelRange, isProblem, measuresIn, namesIn } from '../../../reports/expectations/check.ts';
import { parseCheck } from '../../../reports/expectations/parse-check.ts';
import { factsOf } from '../../../reports/expectations/vocabulary.ts';
import { sizesOf } from '../../plan.ts';
import { type Finding, describeValue } from '../problem.ts';
import type { Config } from '../schema.ts';
import { targetsOf } from '../targets.ts';
import type { Rule } from './rule.ts';

/** A check with the key that it stands at. */
type WrittenCheck = { path: string; text: string };

const PLACES = {
  expect: ({ expect }: Config): WrittenCheck[] =>
    (expect?.findings ?? []).map(({ check }, index) => ({ path: `expect.findings.${index}.check`, text: check })),
  thresholds: ({ thresholds }: Config): WrittenCheck[] =>
    Object.keys(thresholds).map((text) => ({ path: `thresholds.${text}`, text })),
} as const;

export const checkRules: Rule[] = (['expect', 'thresholds'] as const).flatMap((place) => {
  const written = PLACES[place];
  const read = (config: Config): ReadCheck[] => written(config).flatMap(readOne);
  return [
    { reads: [place], check: (config) => written(config).flatMap(checkSyntax) },
    { reads: [place, 'load'], check: (config) => read(config).flatMap((each) => checkLevels(each, config)) },
    { reads: [place, 'scenario'], check: (config) => read(config).flatMap((each) => checkSizes(each, config)) },
    { reads: [place, 'pools'], check: (config) => read(config).flatMap((each) => checkSites(each, config)) },
    { reads: [place], check: (config) => read(config).flatMap((each) => checkTargets(each, config)) },
  ] satisfies Rule[];
});

function checkSyntax({ path, text }: WrittenCheck): Finding[] {
  const parsed = parseCheck(text);
  if (!isProblem(parsed)) return [];
  const { column, expected, came, fix } = parsed;
  return [{ path, expected: `${expected} at column ${column} of ${describeValue(text)}`, came, fix }];
}

type ReadCheck = WrittenCheck & { check: Check };

function readOne(written: WrittenCheck): ReadCheck[] {
  const check = parseCheck(written.text);
  return isProblem(check) ? [] : [{ ...written, check }];
}

function checkLevels(written: ReadCheck, { load }: Pick<Config, 'load'>): Finding[] {
  const { levels, levelRanges, runs } = namesIn(written.check);
  const known = load.levels;
  const isEmpty = ({ from, to }: LevelRange): boolean =>
    !known.some((level) => level >= from && level <= (to ?? Infinity));
  return [
    ...levels
      .filter((level) => !known.includes(level))
      .map((level) =>
        notThere(written, {
          expected: `one of the levels ${known.join(', ')}`,
          came: `level ${level}`,
          pattern: `level\\s+(${level})(?![\\w.])`,
          fix: 'correct it, or add the level to load.levels',
        }),
      ),
    ...levelRanges.filter(isEmpty).map(({ from, to }) =>
      notThere(written, {
        expected: `a range with at least one of the levels ${known.join(', ')}`,
        came: to === null ? `from level ${from}` : `from level ${from} to level ${to}`,
        pattern: `from\\s+level\\s+(${from})(?![\\w.])`,
        fix: 'correct it, or add levels to load.levels',
      }),
    ),
    ...runs
      .filter((run) => run > load.runs)
      .map((run) =>
        notThere(written, {
          expected: load.runs === 1 ? 'run 1, the only one' : `a run from 1 to ${load.runs}`,
          came: `run ${run}`,
          pattern: `in\\s+run\\s+(${run})(?![\\w.])`,
          fix: 'correct it, or raise load.runs',
        }),
      ),
  ];
}

function checkSizes(written: ReadCheck, { scenario }: Pick<Config, 'scenario'>): Finding[] {
  const known = sizesOf(scenario);
  const hasSizes = known.length > 0;
  const unknown = namesIn(written.check)
    .directorySizes.filter((size) => !known.includes(size))
    .map((size) =>
      notThere(written, {
        expected: hasSizes ? `one of the directory sizes ${known.join(', ')}` : `no number of files: ${NO_SIZES}`,
        came: size === 1 ? '1 file' : `${size} files`,
        pattern: `at\\s+(${size})\\s+files?`,
        fix: hasSizes ? 'correct it, or add the directory to scenario.directories' : 'remove it',
      }),
    );
  return hasSizes ? unknown : [...unknown, ...checkOverSizes(written)];
}

const NO_SIZES = 'http-get has no directories';

/** Measures over the directory sizes, where there are none. */
function checkOverSizes(written: ReadCheck): Finding[] {
  const { check } = written;
  if (check.kind === 'predicate') return [];
  const names = measuresIn(check).filter(({ name }) => factsOf(name).scope === 'sizes');
  return [...new Set(names.map(({ name }) => name))].map((name) =>
    notThere(written, {
      expected: `a measure of levels and curves: ${NO_SIZES}`,
      came: name,
      pattern: `(${name.replace(' ', String.raw`\s+`)})`,
      fix: 'remove the check, or choose another measure: docs/expectations.md lists them',
    }),
  );
}

function checkSites(written: ReadCheck, { pools }: Pick<Config, 'pools'>): Finding[] {
  const known = pools.map(({ site }) => site);
  return namesIn(written.check)
    .sites.filter((site) => !known.includes(site))
    .map((site) =>
      notThere(written, {
        expected: `one of the sites ${known.join(', ')}`,
        came: describeValue(site),
        pattern: `at\\s+site\\s+("?${escape(site)}"?)(?![\\w.-])`,
        fix: 'correct the name, or give a pool this site',
      }),
    );
}

/** When there is no target, or only a wrong one, that is told already. */
function checkTargets(written: ReadCheck, config: Pick<Config, 'target' | 'targets'>): Finding[] {
  const known = targetsOf(config).map(({ name }) => name);
  if (known.length === 0) return [];
  return namesIn(written.check)
    .targets.filter((target) => !known.includes(target))
    .map((target) =>
      notThere(written, {
        expected: `one of the targets ${known.join(', ')}`,
        came: describeValue(target),
        pattern: `(?:of|and)\\s+("?${escape(target)}"?)(?![\\w.-])`,
        fix: 'correct the name, or add the target to targets',
      }),
    );
}

type NotThere = {
  expected: string;
  came: string;
  /** Finds the name in the text; its first group is the name. */
  pattern: string;
  fix: string;
};

function notThere({ path, text }: WrittenCheck, { expected, came, pattern, fix }: NotThere): Finding {
  const start = new RegExp(pattern, 'd').exec(text)?.indices?.[1]?.[0];
  const where = start === undefined ? '' : ` at column ${start + 1} of ${describeValue(text)}`;
  return { path, expected: `${expected}${where}`, came, fix };
}

function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
