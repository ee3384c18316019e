/** Rules about cores that processes are pinned to: this machine must have them, and the means to pin. */

import { readAllowedCpus } from '../../../foundation/cpu-list.ts';
import { canPin } from '../../pinning.ts';
import type { Finding } from '../problem.ts';
import { type Rule, defineRule, defineTargetRule, listWords } from './rule.ts';

export const pinningRules: Rule[] = [
  defineRule(['pools'], ({ pools }) => pools.flatMap(({ cpus }, index) => checkCpus(`pools.${index}.cpus`, cpus))),
  defineTargetRule([], (target) => (target.kind === 'embedded' ? checkCpus('target.cpus', target.cpus) : [])),
];

function checkCpus(path: string, cpus: readonly number[] | undefined): Finding[] {
  if (cpus === undefined) return [];
  if (!canPin()) {
    return [
      {
        path,
        expected: 'the program taskset, which pins processes, in a folder of PATH',
        came: 'no such program',
        fix: 'install util-linux, or remove cpus',
      },
    ];
  }
  const allowed = readAllowedCpus();
  const missing = cpus.filter((cpu) => !allowed.includes(cpu));
  if (missing.length === 0) return [];
  return [
    {
      path,
      expected: `cores that may be used here: ${listWords(allowed)}`,
      came: listWords(missing),
      fix: 'name only cores of this machine, counted from 0, that its container or job has',
    },
  ];
}
