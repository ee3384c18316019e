/** What doctor has found, for a terminal: a line a finding, its fix below it. */

import { putOnOneLine } from '../../reports/plain-text.ts';
import type { Painter } from '../progress/text.ts';
import type { Examination } from './examine.ts';
import type { Finding, Verdict } from './finding.ts';
import type { Capacity } from './machine-capacity.ts';

/** Never by colour alone. */
const SIGNS = { fits: '✓', tight: '!', 'too-small': '✗', unknown: '?' } as const satisfies Record<Verdict, string>;
const STYLES = { fits: 'green', tight: 'yellow', 'too-small': 'red', unknown: 'dim' } as const;

/** The whole, without a newline at the end. */
export function describeExamination({ name, level, findings }: Examination, paint: Painter): string {
  const resourceWidth = widestOf(findings.map(({ resource }) => resource));
  const whereWidth = widestOf(findings.map(({ where }) => where));
  const lines = findings.flatMap(({ verdict, resource, where, says, fix }) => {
    const place = `${resource.padEnd(resourceWidth)}  ${putOnOneLine(where).padEnd(whereWidth)}`;
    const line = `${paint(STYLES[verdict], SIGNS[verdict])} ${place}  ${putOnOneLine(says)}`;
    const indent = ' '.repeat(place.length + 4);
    return fix === null ? [line] : [line, `${indent}${paint('bold', `fix: ${putOnOneLine(fix)}`)}`];
  });
  return [`${name}   level ${level.toLocaleString('en')}   ${countVerdicts(findings)}`, ...lines].join('\n');
}

/** `9 fit, 1 tight, 1 too small`. */
export function countVerdicts(findings: readonly Pick<Finding, 'verdict'>[]): string {
  const words: [Verdict, string][] = [
    ['fits', 'fit'],
    ['tight', 'tight'],
    ['too-small', 'too small'],
    ['unknown', 'unknown'],
  ];
  return words
    .map(([verdict, word]) => ({ count: findings.filter((finding) => finding.verdict === verdict).length, word }))
    .filter(({ count }) => count > 0)
    .map(({ count, word }) => `${count} ${word}`)
    .join(', ');
}

export function describeMachine(hostname: string, capacities: readonly Capacity[]): string {
  const width = widestOf(capacities.map(({ resource }) => resource));
  const lines = capacities.map(({ resource, says }) => `${resource.padEnd(width)}  ${says}`);
  return [`${putOnOneLine(hostname)}   what this machine can hold`, ...lines].join('\n');
}

function widestOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => putOnOneLine(text).length));
}
