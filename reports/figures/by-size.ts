/** Fig. 8 and 9 of the paper: rate and time against concurrency, a line for each directory size, axes from zero. */

import { createConcurrencyScale, createRateScale } from '../charts/chart-scale.ts';
import type { ReportView } from '../report-facts.ts';
import { chooseTimeUnit } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import { describeGroup, tabulateBySize } from './describe-by-size.ts';
import type { Figure } from './figure.ts';
import { INK_LINE, type LinePanel, type PanelDot, drawLinePanel } from './line-panel.ts';
import { MOST_PANELS, type PanelSize, arrangePanels, explainOmitted, sizePanels } from './panels.ts';
import { type Quantity, RATE, meanTimeIn, medianOf } from './size-quantity.ts';
import {
  type DrawnSeries,
  type TargetGroup,
  explainDots,
  groupTargets,
  kindOfDot,
  nameInGroup,
} from './target-groups.ts';
import { joinSentences } from './words.ts';

export function drawRateBySize({ summary }: ReportView): Figure | null {
  return drawBySize(summary.cells, RATE);
}

/** With one level only it would be the figure of time against size. */
export function drawTimeBySize({ summary: { cells } }: ReportView): Figure | null {
  const levels = new Set(cells.filter(({ serviceTimeMs }) => serviceTimeMs.mean !== null).map(({ level }) => level));
  return levels.size < 2 ? null : drawBySize(cells, meanTimeIn(chooseTimeUnit(cells)));
}

/** Null unless some target has at least two sizes with something to draw. */
function drawBySize(cells: readonly CellSummary[], quantity: Quantity): Figure | null {
  const groups = groupTargets(cells).filter(
    ({ series }) => series.filter((each) => dotsOf(each, quantity).length > 0).length > 1,
  );
  if (groups.length === 0) return null;
  const drawn = groups.slice(0, MOST_PANELS);
  const dots = drawn.flatMap(({ series }) => series.flatMap((each) => dotsOf(each, quantity)));
  const isOneLevel = new Set(dots.map(({ level }) => level)).size === 1;
  const names = drawn.flatMap(({ series }) => series.map((each) => nameInGroup(each, series)));
  const size = sizePanels(drawn.length, isOneLevel ? [] : names);
  const fill = isOneLevel ? fillWithSizes : fillWithLevels;
  const { id, title, name } = quantity;
  return {
    id,
    title,
    sentence: joinSentences(groups.map((group) => describeGroup(group, quantity))),
    caption: explainDots(dots) + explainOmitted(groups.length - drawn.length),
    table: tabulateBySize(groups, quantity),
    spec: arrangePanels(
      drawn.map((group) => ({
        title: group.name,
        draw: (titles) => drawLinePanel(fill(group, { quantity, dots, size }), size, titles),
      })),
      { size, description: title, x: isOneLevel ? 'files in the directory' : 'clients in flight', y: name },
    ),
    isInteractive: false,
  };
}

/** `x` is what is in flight. */
type SizeDot = PanelDot & { files: number; level: number };

function dotsOf({ levels, look, directorySize }: DrawnSeries, { of }: Quantity): SizeDot[] {
  return levels.flatMap(({ level, cells }) =>
    cells.flatMap((cell): SizeDot[] => {
      const [x, y] = [cell.inFlight, of(cell)];
      if (x === null || x <= 0 || y === null || directorySize === null) return [];
      return [{ x, y, look, kind: kindOfDot(cell), files: directorySize, level }];
    }),
  );
}

/** `dots` of all panels: their axes are the same, so that they can be compared. */
type Drawing = { quantity: Quantity; dots: readonly SizeDot[]; size: PanelSize };

function fillWithLevels({ series }: TargetGroup, { quantity, dots, size }: Drawing): LinePanel {
  const inFlight = dots.map(({ x }) => x);
  return {
    x: createConcurrencyScale(inFlight, inFlight, { width: size.width }),
    y: createRateScale(dots.map(({ y }) => y)),
    lines: series.map((each) => ({
      label: nameInGroup(each, series),
      look: each.look,
      points: each.levels.map((level) => {
        const y = medianOf(level, quantity.of);
        return level.typical === null || y === null ? null : { x: level.typical.inFlight, y };
      }),
      end: dotsOf(each, quantity).at(-1),
    })),
    dots: series.flatMap((each) => dotsOf(each, quantity)),
  };
}

/** One line through the sizes, since lines through one level would be none. */
function fillWithSizes({ series }: TargetGroup, { quantity, dots, size }: Drawing): LinePanel {
  const files = dots.map((dot) => dot.files);
  const points = series.map(({ directorySize, levels: [level] }) => {
    const y = level === undefined ? null : medianOf(level, quantity.of);
    return y === null || directorySize === null ? null : { x: directorySize, y };
  });
  return {
    x: createConcurrencyScale(files, files, { width: size.width }),
    y: createRateScale(dots.map(({ y }) => y)),
    lines: [{ label: '', look: INK_LINE, points }],
    dots: series.flatMap((each) => dotsOf(each, quantity).map((dot) => ({ ...dot, x: dot.files }))),
  };
}
