/** Where the time went, in words and numbers. */

import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { TimeUnit } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { Phase } from './class-colours.ts';
import type { FigureTable } from './figure.ts';
import { PHASES, type PhaseStack } from './phase-stack.ts';
import { formatPart, formatTime, joinSentences, joinWords, startSentence } from './words.ts';

export const PHASE_NAMES: Record<Phase, string> = {
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

/** `runs`: those that it is made of. */
export type PhaseBar = { level: number; runs: CellSummary[]; stack: PhaseStack };
export type PhaseSeries = { label: string; target: string; bars: PhaseBar[] };

export function isOk({ runs }: PhaseBar): boolean {
  return runs.every(({ state }) => state === 'ok');
}

/** Of the sum of the phases, which rounding keeps a little off the mean. */
function shareOf({ stack: { partsMs } }: PhaseBar, phase: Phase): number {
  const sum = PHASES.reduce((total, each) => total + partsMs[each], 0);
  return sum === 0 ? 0 : partsMs[phase] / sum;
}

/** Each series in a sentence or two; of many, what most of the time was. */
export function describePhases(series: readonly PhaseSeries[], unit: TimeUnit): string {
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
  const most = `at level ${formatCount(last.level)}, ${formatPart(share)} of the mean service time of ${mean} was ${DOING[phase]}.`;
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

export function explainPhases(series: readonly PhaseSeries[], isShared: boolean): string {
  const bars = series.flatMap((each) => each.bars);
  const cells = bars.flatMap(({ runs }) => runs);
  return [
    'A bar is the mean over the operations that succeeded, in all runs of the level that are ok.',
    ...(isShared ? [] : ['Each panel has its own scale.']),
    ...(bars.every(isOk) ? [] : ['Pale: no run of the level is ok; the mean of what succeeded all the same.']),
    ...(bars.some(({ stack }) => stack.openedShare < 1)
      ? ['On a kept connection connect and handshake count as zero.']
      : []),
    ...(cells.some(({ followUps }) => followUps.polls + followUps.pages > 0)
      ? ['The rest holds further questions too: whether a queued answer was ready, and further pages.']
      : []),
  ].join(' ');
}

export function tabulatePhases(series: readonly PhaseSeries[], unit: TimeUnit): FigureTable {
  const rows = series.flatMap(({ label, bars }) =>
    bars.map(({ level, runs, stack }) => [
      label,
      formatCount(level),
      [...Map.groupBy(runs, ({ state }) => state)].map(([state, of]) => `${of.length} ${state}`).join(', '),
      formatNumber(stack.meanMs / unit.ms),
      ...PHASES.map((phase) => (stack.partsMs[phase] === 0 ? NO_NUMBER : formatNumber(stack.partsMs[phase] / unit.ms))),
      formatPart(stack.openedShare),
    ]),
  );
  const phases = PHASES.map((phase) => `${PHASE_NAMES[phase]} (${unit.name})`);
  return { columns: ['series', 'level', 'runs', `mean (${unit.name})`, ...phases, 'opened a connection'], rows };
}
