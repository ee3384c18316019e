/** `glidetester compare`: the same cells of several results side by side, and whether they differ by more than the noise. */

import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { GlideTesterError } from '../../../foundation/error.ts';
import type { CompareFormat } from '../../../reports/compare/compare-format.ts';
import type { Comparison } from '../../../reports/compare/comparison.ts';
import type { FailIfOutcome } from '../../../reports/compare/judge-fail-if.ts';
import type { FailIf } from '../../../reports/compare/parse-fail-if.ts';
import { decideAbilities } from '../../progress/terminal.ts';
import { createPainter } from '../../progress/text.ts';
import { EXIT } from '../exit-code.ts';
import { annotate, writeStepSummary } from '../github.ts';
import { note, printJson, printText, printWhole } from '../standard-streams.ts';
import type { Annotation } from '../workflow-commands.ts';

export type CompareOptions = {
  format: CompareFormat;
  /** As `--format json`. */
  json: boolean;
  out?: string;
  failIf: string[];
  /** False with `--no-color`. */
  color: boolean;
};

/**
 * @param paths the baseline and at least one more
 * @throws GlideTesterError GT_COMPARE_EXPRESSION before anything is read; GT_COMPARE_NOTHING and GT_COMPARE_RUNS after the
 * comparison has been shown
 */
export async function compare(paths: readonly string[], options: CompareOptions): Promise<number> {
  const { readExpressions } = await import('../../../reports/compare/parse-fail-if.ts');
  const expressions = readExpressions(options.failIf);
  const { comparison, outcomes } = await compareAll(paths, expressions);
  await show(comparison, outcomes, options);
  requireCells(comparison);
  return judge(outcomes);
}

async function compareAll(
  paths: readonly string[],
  expressions: readonly FailIf[],
): Promise<{ comparison: Comparison; outcomes: FailIfOutcome[] }> {
  const [{ readResult }, { compareResults }, { judgeFailIf }] = await Promise.all([
    import('../../../reports/compare/read-result.ts'),
    import('../../../reports/compare/compare-results.ts'),
    import('../../../reports/compare/judge-fail-if.ts'),
  ]);
  const [baseline, ...others] = await Promise.all(paths.map(readResult));
  if (baseline === undefined) throw new TypeError('expected a baseline');
  const comparison = compareResults(baseline, others);
  return { comparison, outcomes: expressions.map((expression) => judgeFailIf(expression, comparison)) };
}

async function show(
  comparison: Comparison,
  outcomes: readonly FailIfOutcome[],
  { format, json, out, color }: CompareOptions,
): Promise<void> {
  const [{ renderComparison }, { compareMarkdown }, { writeAskedFile }] = await Promise.all([
    import('../../../reports/compare/compare-format.ts'),
    import('../../../reports/compare/render-markdown.ts'),
    import('../../../reports/formats/write-file.ts'),
  ]);
  // A file is read by anything.
  const isColoured =
    out === undefined &&
    decideAbilities({ isTty: isatty(process.stdout.fd), environment: process.env, colourFlag: color }).colour;
  const asked = json ? 'json' : format;
  const text = await renderComparison(comparison, outcomes, { format: asked, paint: createPainter(isColoured) });
  await writeStepSummary(compareMarkdown(comparison, outcomes));
  annotate(outcomes.flatMap(describeOutcome));
  if (out === undefined) return asked === 'json' ? printJson(JSON.parse(text)) : printWhole(text);
  await writeAskedFile(resolve(out), text);
  printText(resolve(out));
}

function describeOutcome({ expression, verdict, reasons }: FailIfOutcome): Annotation[] {
  if (verdict === 'does not hold') return [];
  return [{ level: 'error', title: `fail-if ${expression}: ${verdict}`, message: reasons.join('\n') }];
}

function requireCells({ pairings }: Comparison): void {
  if (pairings.some(({ cells }) => cells.length > 0)) return;
  throw new GlideTesterError(
    'GT_COMPARE_NOTHING',
    'expected results that have a cell in common; none has one with the baseline',
    {
      hint: 'cells are the same when target, scenario, directory size and level are; give results of the same config',
    },
  );
}

/** A difference that is shown counts for more than one that can't be told of; every reason is said. */
function judge(outcomes: readonly FailIfOutcome[]): number {
  const unsettled = outcomes.filter(({ verdict }) => verdict !== 'does not hold');
  const lines = unsettled.map(({ expression, verdict, reasons }) =>
    [`fail-if ${expression}: ${verdict}`, ...reasons].join('\n  '),
  );
  if (unsettled.length === 0) return EXIT.done;
  if (unsettled.some(({ verdict }) => verdict === 'holds')) {
    note(lines.join('\n'));
    return EXIT.thresholdFailed;
  }
  throw new GlideTesterError('GT_COMPARE_RUNS', ['expected enough runs for --fail-if', ...lines].join('\n'), {
    hint: 'set load.runs to 4 or more in both campaigns, or name the cells that have enough (rate at level 8 < -5%)',
  });
}
