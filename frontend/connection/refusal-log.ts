/** Says why connections were closed, in a number of lines that grows with the logarithm of their number. */

import type { Logger } from 'pino';

/** A name in a certificate may be as long as its sender likes. */
const LONGEST_TEXT = 500;

/** `rule`: one of a closed list, each of which has its own lines. */
export type RefusalLog = (rule: string, text: string) => void;

/** Of each rule the 1st, 10th, 100th, … refusal is logged, with the number so far. */
export function createRefusalLog(log: Logger): RefusalLog {
  const rules = new Map<string, { times: number; nextTold: number }>();
  return (rule, text) => {
    const told = rules.get(rule) ?? { times: 0, nextTold: 1 };
    rules.set(rule, told);
    told.times += 1;
    if (told.times < told.nextTold) return;
    told.nextTold *= 10;
    log.warn({ rule, times: told.times }, `connection closed: ${text.slice(0, LONGEST_TEXT)}`);
  };
}
