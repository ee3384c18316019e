/** Where the time went: connect, handshake, first byte and rest stacked to the mean service time, a bar a level. */

import { formatShare } from '../../foundation/quantity.ts';
import { type Scale, createRateScale } from '../charts/chart-scale.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import { type Level, type TimeUnit, chooseTimeUnit, groupSeries } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import { type BarPanel, drawBarPanel } from './bar-panel.ts';
import { PHASE_COLOURS, type Phase } from './class-colours.ts';
import type { Figure, FigureTable } from './figure.ts';
import { PHASES, type PhaseStack, stackPhases } from './phase-stack.ts';
import { arrangePanels, choosePanels, explainOmitted, sizePanels } from './panels.ts';
import { targetOf } from './target-groups.ts';
import { formatPart, formatTime, joinSentences, joinWords, startSentence } from './words.ts';

const NAMES: Record<Phase, string> = {
  connect: 'connect',
  handshake: 'handshake',
  firstByte: 'first byte',
  rest: 'rest',
};
const DOING: Record<Phase, string> = {
  connect: 'connecting',
  handshake: 'the handshake',
  firstByte: 'waiting for the first byte',
  rest: 'reading the rest',
};

/** Panels share a scale unless one would be much lower than another. */
const SHARED_UP_TO = 5;
const ROOM_FOR_NUMBERS = 1.1;

type PhaseBar = { level: number; runs: CellSummary[]; stack: PhaseStack };
type PhaseSeries = { label: string; target: string; bars: PhaseBar[] };

/** Null when no cell tells its phases. */
export function drawPhases({ summary: { cells } }: ReportView): Figure | null {
  const unit = chooseTimeUnit(cells);
  const series = groupSeries(cells)
    .map((each) => ({ label: each.label, target: targetOf(each), bars: each.levels.flatMap(barOf) }))
    .filter(({ bars }) => bars.length > 0);
  if (series.length === 0) return null;
  const drawn = choosePanels(series);
  const occurring = PHASES.filter((phase) =>
    series.some(({ bars }) => bars.some(({ stack }) => stack.partsMs[phase] > 0)),
  );
  const size = sizePanels(
    drawn.length,
    occurring.map((phase) => NAMES[phase]),
  );
  const highest = drawn.map(highestMs);
  const isShared = Math.max(...highest) <= SHARED_UP_TO * Math.min(...highest);
  const title = 'Where the time went';
  return {
    id: 'phases',
    title,
    sentence: describe(series, unit),
    caption: explain(series, isShared) + explainOmitted(series.length - drawn.length),
    table: tabulate(series, unit),
    spec: arrangePanels(
      drawn.map((each) => ({
        title: each.label,
        draw: (titles) => drawBarPanel({ ...fillPanel(each, occurring, unit), scale: scaleOf(each) }, size, titles),
      })),
      { size, description: title, x: 'level (clients)', y: `mean service time (${unit.name})` },
    ),
    isInteractive: false,
  };

  function scaleOf(own: PhaseSeries): Scale {
    return createRateScale(
      (isShared ? drawn : [own]).map((each) => highestMs(each) / unit.ms),
      ROOM_FOR_NUMBERS,
    );
  }
}

function highestMs({ bars }: PhaseSeries): number {
  return Math.max(...bars.map(({ stack }) => stack.meanMs));
}

function fillPanel({ bars }: PhaseSeries, occurring: readonly Phase[], unit: TimeUnit): Omit<BarPanel, 'scale'> {
  return {
    classes: occurring.map((phase) => ({ name: NAMES[phase], colour: PHASE_COLOURS[phase].light })),
    bars: bars.map((bar) => ({
      label: formatCount(bar.level) + (isOk(bar) ? '' : '*'),
      above: formatNumber(bar.stack.meanMs / unit.ms),
      parts: occurring.map((phase) => bar.stack.partsMs[phase] / unit.ms),
    })),
  };
}

/** Of the runs that are ok; where none is, of those that there are. */
function barOf({ level, cells }: Level): PhaseBar[] {
  const ok = cells.filter(({ state }) => state === 'ok');
  const runs = ok.length > 0 ? ok : cells;
  const stack = stackPhases(runs);
  return stack === null ? [] : [{ level, runs, stack }];
}

function isOk({ runs }: PhaseBar): boolean {
  return runs.every(({ state }) => state === 'ok');
}

/** Of the sum of the phases, which rounding keeps a little off the mean. */
function shareOf({ stack: { partsMs } }: PhaseBar, phase: Phase): number {
  const sum = PHASES.reduce((total, each) => total + partsMs[each], 0);
  return sum === 0 ? 0 : partsMs[phase] / sum;
}

/** Each series in a sentence or two; of many, what most of the time was. */
function describe(series: readonly PhaseSeries[], unit: TimeUnit): string {
  const [only] = series;
  if (series.length === 1 && only !== undefined) return startSentence(null, describeBars(only.bars, unit));
  if (series.length <= 3)
    return joinSentences(series.map(({ label, bars }) => startSentence(label, describeBars(bars, unit))));
  const tops = series.map(({ bars }) => findTop(bars.at(-1) as PhaseBar));
  const told = [...Map.groupBy(tops, ({ phase }) => phase)].map(([phase, all]) => {
    const shares = all.map(({ share }) => share);
    const span = [...new Set([Math.min(...shares), Math.max(...shares)].map(formatPart))].join(' to ');
    return all.length === series.length
      ? `${DOING[phase]} (${span})`
      : `${DOING[phase]} in ${formatCount(all.length)} (${span})`;
  });
  return `At the highest level of each series most of the mean service time was ${joinWords(told)}.`;
}

function describeBars(bars: readonly PhaseBar[], unit: TimeUnit): string {
  const [first, last] = [bars[0] as PhaseBar, bars.at(-1) as PhaseBar];
  const { phase, share } = findTop(last);
  const mean = formatTime(last.stack.meanMs, unit);
  const most = `at level ${formatCount(last.level)} ${formatPart(share)} of the mean service time of ${mean} was ${DOING[phase]}.`;
  const grownMs = last.stack.meanMs - first.stack.meanMs;
  if (grownMs <= 0.2 * first.stack.meanMs) return most;
  const growth = PHASES.map((each) => ({ each, ms: last.stack.partsMs[each] - first.stack.partsMs[each] }));
  const largest = growth.reduce((a, b) => (b.ms > a.ms ? b : a));
  const part = largest.ms >= grownMs ? 'all' : formatPart(largest.ms / grownMs);
  const where = `${part} of that is ${DOING[largest.each]}`;
  return `${most} It is ${formatTime(grownMs, unit)} more than at level ${formatCount(first.level)}; ${where}.`;
}

function findTop(bar: PhaseBar): { phase: Phase; share: number } {
  const shares = PHASES.map((phase) => ({ phase, share: shareOf(bar, phase) }));
  return shares.reduce((a, b) => (b.share > a.share ? b : a));
}

function explain(series: readonly PhaseSeries[], isShared: boolean): string {
  const bars = series.flatMap((each) => each.bars);
  const cells = bars.flatMap(({ runs }) => runs);
  return [
    'A bar is the mean over the operations that succeeded, in all runs of the level that are ok.',
    ...(isShared ? [] : ['Each panel has its own scale.']),
    ...(bars.every(isOk) ? [] : ['* No run of this level is ok; what succeeded all the same.']),
    ...(bars.some(({ stack }) => stack.openedShare < 1)
      ? ['On a kept connection connect and handshake count as zero.']
      : []),
    ...(cells.some(({ followUps }) => followUps.polls + followUps.pages > 0)
      ? ['The rest holds further questions too: whether a queued answer was ready, and further pages.']
      : []),
  ].join(' ');
}

function tabulate(series: readonly PhaseSeries[], unit: TimeUnit): FigureTable {
  const rows = series.flatMap(({ label, bars }) =>
    bars.map(({ level, runs, stack }) => [
      label,
      formatCount(level),
      [...Map.groupBy(runs, ({ state }) => state)].map(([state, of]) => `${of.length} ${state}`).join(', '),
      formatNumber(stack.meanMs / unit.ms),
      ...PHASES.map((phase) => (stack.partsMs[phase] === 0 ? NO_NUMBER : formatNumber(stack.partsMs[phase] / unit.ms))),
      formatShare(stack.openedShare),
    ]),
  );
  const phases = PHASES.map((phase) => `${NAMES[phase]} (${unit.name})`);
  return { columns: ['series', 'level', 'runs', `mean (${unit.name})`, ...phases, 'opened a connection'], rows };
}
