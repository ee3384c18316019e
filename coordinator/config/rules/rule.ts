/** A rule across keys: what the schema cannot say about one key alone. Each runs as soon as the parts that it reads are valid. */

import type { Finding } from '../problem.ts';
import type { Config, TargetConfig } from '../schema.ts';
import { targetsOf } from '../targets.ts';

export type Rule = { reads: readonly (keyof Config)[]; check: (config: Config) => Finding[] };

/** A rule that sees only the parts of the config that it names. */
export function defineRule<Key extends keyof Config>(
  reads: readonly Key[],
  check: (config: Pick<Config, Key>) => Finding[],
): Rule {
  return { reads, check };
}

/** A rule about a target, asked of each that there is. What it finds at `target.…` is told where that target stands. */
export function defineTargetRule<Key extends keyof Config = never>(
  reads: readonly Key[],
  check: (target: TargetConfig, config: Pick<Config, Key>) => Finding[],
): Rule {
  return {
    reads,
    check: (config) =>
      targetsOf(config).flatMap((each) =>
        check(each.config, config).map((finding) => ({
          ...finding,
          path: finding.path.replace(/^target(?=\.|$)/, () => each.path),
        })),
      ),
  };
}

/** The values that occur more than once, each once, in order. */
export function findRepeated<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** A list for people: `20, 100 and 200`. */
export function listWords(words: readonly (string | number)[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
