/** Where the time went: connect, handshake, first byte and rest stacked to the mean service time, a bar a level. */

import { type Scale, createRateScale } from '../charts/chart-scale.ts';
import { formatCount, formatNumber } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import { type Level, type TimeUnit, chooseTimeUnit, groupSeries } from '../series.ts';
import { type BarPanel, drawBarPanel } from './bar-panel.ts';
import { PHASE_COLOURS, type Phase } from './class-colours.ts';
import {
  PHASE_NAMES,
  type PhaseBar,
  type PhaseSeries,
  describePhases,
  explainPhases,
  isOk,
  tabulatePhases,
} from './describe-phases.ts';
import type { Figure } from './figure.ts';
import { arrangePanels, choosePanels, explainOmitted, sizePanels } from './panels.ts';
import { PHASES, stackPhases } from './phase-stack.ts';
import { targetOf } from './target-groups.ts';

/** Panels share a scale unless one would be much lower than another. */
const SHARED_UP_TO = 5;
const ROOM_FOR_NUMBERS = 1.1;

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
    occurring.map((phase) => PHASE_NAMES[phase]),
  );
  const highest = drawn.map(highestMs);
  const isShared = Math.max(...highest) <= SHARED_UP_TO * Math.min(...highest);
  const title = 'Where the time went';
  return {
    id: 'phases',
    title,
    sentence: describePhases(series, unit),
    caption: explainPhases(series, isShared) + explainOmitted(series.length - drawn.length),
    table: tabulatePhases(series, unit),
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
    classes: occurring.map((phase) => ({ name: PHASE_NAMES[phase], colour: PHASE_COLOURS[phase].light })),
    bars: bars.map((bar) => ({
      label: formatCount(bar.level),
      isPale: !isOk(bar),
      above: formatNumber(bar.stack.meanMs / unit.ms),
      parts: occurring.map((phase) => bar.stack.partsMs[phase] / unit.ms),
    })),
  };
}

/** Of the runs that are ok; where none is, of those that there are; of those that tell. */
function barOf({ level, cells }: Level): PhaseBar[] {
  const telling = cells.filter((cell) => stackPhases([cell]) !== null);
  const ok = telling.filter(({ state }) => state === 'ok');
  const runs = ok.length > 0 ? ok : telling;
  const stack = stackPhases(runs);
  return stack === null ? [] : [{ level, runs, stack }];
}
