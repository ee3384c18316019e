/** Rules about the load and its timing: levels, and spans that must fit into each other. */

import { durationMs } from '../../plan.ts';
import { type Finding, describeValue } from '../problem.ts';
import type { Config } from '../schema.ts';
import { type Rule, defineRule, findRepeated, listWords } from './rule.ts';

export const loadRules: Rule[] = [
  defineRule(['load'], ({ load }) => checkLevels(load.levels)),
  defineRule(['load'], ({ load }) =>
    checkOrder('load.afterFailure', ['pause', load.afterFailure.pause], ['growTo', load.afterFailure.growTo]),
  ),
  defineRule(['timing'], ({ timing }) => [
    ...checkOrder('timing.warmUp', ['atLeast', timing.warmUp.atLeast], ['atMost', timing.warmUp.atMost]),
    ...checkOrder('timing.window', ['atLeast', timing.window.atLeast], ['atMost', timing.window.atMost]),
    ...checkPositive('timing.window.atMost', timing.window.atMost, 'a window of no length measures nothing'),
    ...checkPositive('timing.recovery.within', timing.recovery.within, 'no service can answer three probes in no time'),
  ]),
  defineRule(['load', 'timing'], checkSpreadStart),
];

function checkLevels(levels: readonly number[]): Finding[] {
  const repeated = findRepeated(levels);
  if (repeated.length === 0) return [];
  return [
    {
      path: 'load.levels',
      expected: 'each level once',
      came: `${listWords(repeated)} more than once`,
      fix: 'remove the repetition; load.runs repeats the whole chain',
    },
  ];
}

function checkOrder(parent: string, shorter: [string, string], longer: [string, string]): Finding[] {
  if (durationMs(shorter[1]) <= durationMs(longer[1])) return [];
  return [
    {
      path: `${parent}.${shorter[0]}`,
      expected: `at most ${parent}.${longer[0]}, ${longer[1]}`,
      came: describeValue(shorter[1]),
      fix: `lower ${shorter[0]} or raise ${longer[0]}; a key left out has its default`,
    },
  ];
}

function checkPositive(path: string, duration: string, reason: string): Finding[] {
  if (durationMs(duration) > 0) return [];
  return [{ path, expected: 'more than 0', came: describeValue(duration), fix: `raise it: ${reason}` }];
}

/** A client that starts after the warm-up limit cannot have ended an operation by then: every cell would be transient. */
function checkSpreadStart({ load, timing }: Pick<Config, 'load' | 'timing'>): Finding[] {
  if (load.start === 'together') return [];
  const { within } = load.start;
  if (durationMs(within) < durationMs(timing.warmUp.atMost)) return [];
  return [
    {
      path: 'load.start.within',
      expected: `less than timing.warmUp.atMost, ${timing.warmUp.atMost}`,
      came: describeValue(within),
      fix: 'raise timing.warmUp.atMost: the window should not open before every client has ended one operation',
    },
  ];
}
