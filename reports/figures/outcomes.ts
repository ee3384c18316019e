/** How operations ended that did not end ok: shares by class, stacked, a bar a level. */

import { OUTCOME_CLASSES, type OutcomeClass, outcomeClassOf } from '../../foundation/outcome.ts';
import { createRateScale } from '../charts/chart-scale.ts';
import { NO_NUMBER, formatCount, formatQuantity } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import { type Level, groupSeries } from '../series.ts';
import { type BarPanel, drawBarPanel } from './bar-panel.ts';
import { OUTCOME_COLOURS } from './class-colours.ts';
import type { Figure, FigureTable } from './figure.ts';
import { arrangePanels, choosePanels, explainOmitted, sizePanels } from './panels.ts';
import { targetOf } from './target-groups.ts';
import { formatPart, joinWords } from './words.ts';

type Failure = Exclude<OutcomeClass, 'ok'>;
/** From T0 to drained, all runs together. */
type OutcomeBar = { level: number; all: number; ok: number; byClass: Map<Failure, number> };
type OutcomeSeries = { label: string; target: string; bars: OutcomeBar[] };

const FAILURES = OUTCOME_CLASSES.filter((each) => each !== 'ok');
const NAMES: Record<Failure, string> = {
  status: 'service status',
  refused: 'refused',
  'connect-timeout': 'connect timeout',
  'handshake-failure': 'handshake failure',
  'handshake-timeout': 'handshake timeout',
  reset: 'reset',
  'answer-timeout': 'answer timeout',
  malformed: 'malformed answer',
  cut: 'cut by us',
  local: 'own side failed',
};

/** Null when no operation ended; told without a drawing when all ended ok. */
export function drawOutcomes({ summary: { cells } }: ReportView): Figure | null {
  const series = groupSeries(cells)
    .map((each) => ({ label: each.label, target: targetOf(each), bars: each.levels.flatMap(barOf) }))
    .filter(({ bars }) => bars.length > 0);
  if (series.length === 0) return null;
  const failing = series.filter(({ bars }) => bars.some(({ ok, all }) => ok < all));
  const bars = series.flatMap((each) => each.bars);
  const occurring = FAILURES.filter((each) => bars.some(({ byClass }) => byClass.has(each)));
  const figure = {
    id: 'outcomes',
    title: 'How operations ended',
    sentence: describe(series, occurring),
    table: tabulate(series, occurring),
    isInteractive: false,
  };
  if (failing.length === 0) return { ...figure, caption: '', spec: null };
  const drawn = choosePanels(failing);
  const size = sizePanels(
    drawn.length,
    occurring.map((each) => NAMES[each]),
  );
  const highest = Math.max(...bars.map(({ ok, all }) => 100 * (1 - ok / all)));
  const scale = createRateScale([highest], highest > 90 ? 1 : 1.03);
  const allOk = series.length - failing.length;
  return {
    ...figure,
    caption:
      'All operations from T0 to drained, of all runs; what is missing to 100 % ended ok.' +
      (allOk === 0
        ? ''
        : ` Not drawn, since all ended ok: ${formatCount(allOk)} of ${formatCount(series.length)} series.`) +
      explainOmitted(failing.length - drawn.length),
    spec: arrangePanels(
      drawn.map((each) => ({
        title: each.label,
        draw: (titles) => drawBarPanel({ ...fillPanel(each), scale }, size, titles),
      })),
      { size, description: figure.title, x: 'level (clients)', y: 'operations that did not end ok (%)' },
    ),
  };
}

function barOf({ level, cells }: Level): OutcomeBar[] {
  const byClass = new Map<Failure, number>();
  let [ok, all] = [0, 0];
  for (const { operations } of cells) {
    for (const [outcome, count] of Object.entries(operations.byOutcome)) {
      const outcomeClass = outcomeClassOf(outcome);
      all += count;
      if (outcomeClass === 'ok') ok += count;
      else byClass.set(outcomeClass, (byClass.get(outcomeClass) ?? 0) + count);
    }
  }
  return all === 0 ? [] : [{ level, all, ok, byClass }];
}

/** Only the classes that this series has: each panel names its own. */
function fillPanel({ bars }: OutcomeSeries): Omit<BarPanel, 'scale'> {
  const own = FAILURES.filter((each) => bars.some(({ byClass }) => byClass.has(each)));
  return {
    classes: own.map((each) => ({ name: NAMES[each], colour: OUTCOME_COLOURS[each].light })),
    bars: bars.map(({ level, all, byClass }) => ({
      label: formatCount(level),
      above: '',
      isPale: false,
      parts: own.map((each) => (100 * (byClass.get(each) ?? 0)) / all),
    })),
  };
}

function describe(series: readonly OutcomeSeries[], occurring: readonly Failure[]): string {
  const bars = series.flatMap(({ label, bars: own }) => own.map((bar) => ({ label, ...bar })));
  const sum = (of: (bar: OutcomeBar) => number): number => bars.reduce((total, bar) => total + of(bar), 0);
  const [all, failed] = [sum((bar) => bar.all), sum((bar) => bar.all - bar.ok)];
  if (failed === 0) return all === 1 ? 'The one operation ended ok.' : `All ${formatCount(all)} operations ended ok.`;
  const kinds = occurring
    .map((each) => ({ each, count: sum(({ byClass }) => byClass.get(each) ?? 0) }))
    .toSorted((a, b) => b.count - a.count)
    .map(({ each, count }) => `${formatCount(count)} ${NAMES[each]}`);
  const worst = bars.reduce((a, b) => (1 - b.ok / b.all > 1 - a.ok / a.all ? b : a));
  const where = series.length === 1 ? '' : ` of ${worst.label}`;
  const most = `most at level ${formatCount(worst.level)}${where} (${formatPart(1 - worst.ok / worst.all)})`;
  const those = joinWords(kinds);
  if (failed === all) return `None of ${formatQuantity(all, 'operation')} ended ok: ${those}.`;
  return `${formatCount(failed)} of ${formatQuantity(all, 'operation')} (${formatPart(failed / all)}) did not end ok: ${those}; ${most}.`;
}

function tabulate(series: readonly OutcomeSeries[], occurring: readonly Failure[]): FigureTable {
  const rows = series.flatMap(({ label, bars }) =>
    bars.map(({ level, all, ok, byClass }) => {
      const counts = occurring.map((each) => byClass.get(each) ?? 0);
      return [
        label,
        formatCount(level),
        formatCount(all),
        formatCount(ok),
        ...counts.map((count) => (count === 0 ? NO_NUMBER : formatCount(count))),
        formatPart(1 - ok / all),
      ];
    }),
  );
  return {
    columns: ['series', 'level', 'operations', 'ok', ...occurring.map((each) => NAMES[each]), 'not ok'],
    rows,
  };
}
