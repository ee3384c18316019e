/** What a reader must know beside the figures: of which results they are, what is not the same, what was tested and how. */

import { formatCount } from '../format-number.ts';
import { putOnOneLine } from '../plain-text.ts';
import type { Change, Comparison, ComparedResult, Pairing } from './comparison.ts';

/** Changes of a config or an environment that are listed; JSON has all. */
const MOST_CHANGES = 12;
const LONGEST_TEXT = 80;

/** 'results/a: embedded-small, 2026-11-21T14:02:00Z'. */
export function describeResult({ path, name, startedAt }: ComparedResult): string {
  return putOnOneLine(`${shorten(path)}: ${shorten(name)}, ${shorten(startedAt)}`);
}

/** Sentences about one result against the baseline. */
export function listRemarks(pairing: Pairing, { label }: ComparedResult): string[] {
  const labels = { baseline: label, other: pairing.other.label };
  return [
    ...pairing.said,
    ...listSome('Environment', pairing.environment, labels),
    ...listSome('Config', pairing.config, labels),
  ].map(putOnOneLine);
}

function listSome(what: string, changes: readonly Change[], labels: { baseline: string; other: string }): string[] {
  const lines = changes
    .slice(0, MOST_CHANGES)
    .map(
      ({ path, baseline, other }) =>
        `${what} differs: ${shorten(path)} is ${shorten(baseline)} in ${labels.baseline}, ${shorten(other)} in ${labels.other}.`,
    );
  const more = changes.length - lines.length;
  return more === 0
    ? lines
    : [...lines, `${what} differs in ${formatCount(more)} more places; --format json lists all.`];
}

export function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1).toWellFormed()}…`;
}

/** How the verdicts were made. */
export function describeTest({ test }: Comparison): string {
  const [family, interval] = [test.familyLevel, test.intervalLevel].map((level) => `${formatCount(level * 100)} %`);
  return (
    `${test.name}, at least ${test.runsNeeded} runs a side; ${formatCount(test.tested)} tests. ` +
    `Where nothing differs, anything is shown to differ in at most ${family} of comparisons; the ${interval} intervals are of one cell alone.`
  );
}
