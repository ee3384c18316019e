/** How long the service took to answer again as before, by level; what never came back stands at the top. */

import { type Scale, createConcurrencyScale, createTimeScale } from '../charts/chart-scale.ts';
import { FAILED_SHAPE } from '../charts/chart-style.ts';
import type { ReportView } from '../report-facts.ts';
import { type TimeUnit, timeUnitOf } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import { describeRecovery, hasTried, tabulateRecovery, wasTried } from './describe-recovery.ts';
import type { Figure } from './figure.ts';
import { type LinePanel, type PanelDot, drawLinePanel } from './line-panel.ts';
import {
  type AxisTitles,
  type Layer,
  MOST_PANELS,
  arrangePanels,
  encodeAxis,
  encodePixel,
  explainOmitted,
  sizePanels,
} from './panels.ts';
import { type TargetGroup, groupTargets, nameInGroup } from './target-groups.ts';

type Scales = { x: Scale; y: Scale };

/** Null where it was tried nowhere; told without a drawing where it never came back, or was tried at one level only. */
export function drawRecovery({ summary: { cells } }: ReportView): Figure | null {
  const tried = cells.filter(wasTried);
  if (tried.length === 0) return null;
  const groups = groupTargets(cells).filter(({ series }) => series.some(({ levels }) => levels.some(hasTried)));
  const times = tried.map(({ recoveryMs }) => recoveryMs).filter((ms) => ms !== null);
  const unit = timeUnitOf(Math.max(0, ...times));
  const figure = {
    id: 'recovery',
    title: 'Recovery',
    sentence: describeRecovery(tried, unit),
    table: tabulateRecovery(groups, unit),
    isInteractive: false,
  };
  if (times.length === 0 || new Set(tried.map(({ level }) => level)).size === 1)
    return { ...figure, caption: FROM_WHEN, spec: null };
  const drawn = groups.slice(0, MOST_PANELS);
  const names = drawn.flatMap(({ series }) => series.map((each) => nameInGroup(each, series)));
  const size = sizePanels(drawn.length, names);
  const scales = chooseScales(
    tried,
    times.map((ms) => ms / unit.ms),
  );
  return {
    ...figure,
    caption: `${FROM_WHEN} A point is one run, a line the slowest run of each level.${explainOmitted(groups.length - drawn.length)}`,
    spec: arrangePanels(
      drawn.map((group) => ({
        title: group.name,
        draw: (titles) => [
          ...drawLinePanel(fillPanel(group, unit, scales), size, titles),
          ...drawNever(group, scales, titles),
        ],
      })),
      { size, description: figure.title, x: 'level (clients)', y: `until it answered as before (${unit.name})` },
    ),
  };
}

const FROM_WHEN = 'From the closing of the last client’s connection to the first of three answers in time.';

/** Room at the top for what never came back. */
function chooseScales(tried: readonly CellSummary[], times: readonly number[]): Scales {
  const y = createTimeScale(times, 6);
  const room = tried.some(({ recoveryMs }) => recoveryMs === null) ? 2 : 1;
  const levels = tried.map(({ level }) => level);
  return { x: createConcurrencyScale([], levels), y: { ...y, domain: [y.domain[0], y.domain[1] * room] } };
}

function fillPanel({ series }: TargetGroup, unit: TimeUnit, { x, y }: Scales): LinePanel {
  return {
    x,
    y,
    lines: series.map((each) => ({
      label: nameInGroup(each, series),
      look: each.look,
      points: each.levels.filter(hasTried).map(({ level, cells }) => {
        const runs = cells.filter(wasTried);
        const times = runs.map(({ recoveryMs }) => recoveryMs).filter((ms) => ms !== null);
        return times.length < runs.length ? null : { x: level, y: onScale(Math.max(...times) / unit.ms, y) };
      }),
    })),
    dots: series.flatMap(({ levels, look }) =>
      levels.flatMap(({ level, cells }) =>
        cells.flatMap(({ recoveryMs }): PanelDot[] =>
          recoveryMs === null ? [] : [{ x: level, y: onScale(recoveryMs / unit.ms, y), look, kind: 'solid' }],
        ),
      ),
    ),
  };
}

/** What took no time at all stands at the foot of the log scale. */
function onScale(time: number, { domain: [low] }: Scale): number {
  return Math.max(low, time);
}

const AT_TOP = 7;

/** Crosses in a row at the top, with the word where the axis has its numbers. */
function drawNever({ series }: TargetGroup, { x }: Scales, titles: AxisTitles): Layer[] {
  const values = series.flatMap(({ levels, look: { colour } }) =>
    levels.flatMap(({ level, cells }) =>
      cells.some((cell) => wasTried(cell) && cell.recoveryMs === null) ? [{ x: level, top: AT_TOP, colour }] : [],
    ),
  );
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: 'point', size: 70, strokeWidth: 2.5, shape: FAILED_SHAPE, filled: false, opacity: 1, aria: false },
      encoding: {
        x: encodeAxis('x', x, titles.x),
        y: encodePixel('top'),
        stroke: { field: 'colour', type: 'nominal', scale: null, legend: null },
      },
    },
    {
      data: { values: [{ name: 'never', top: AT_TOP }] },
      mark: {
        type: 'text',
        align: 'right',
        baseline: 'middle',
        dx: -8,
        fontWeight: 600,
        fill: 'currentColor',
        aria: false,
      },
      encoding: { x: { value: 0 }, y: encodePixel('top'), text: { field: 'name', type: 'nominal' } },
    },
  ];
}
