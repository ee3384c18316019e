/** How pilots were acquired over time, and how long they waited in each site's queue. */

import { median } from 'simple-statistics';
import { formatDuration } from '../../foundation/quantity.ts';
import type { Acquisition, AcquisitionStep } from '../acquisition.ts';
import { type Scale, createRateScale } from '../charts/chart-scale.ts';
import { NO_NUMBER, formatCount, formatQuantity } from '../format-number.ts';
import type { ReportView } from '../report-facts.ts';
import type { Figure, FigureTable } from './figure.ts';
import { INK_LINE, type LineLook, type PanelLine, drawLinePanel } from './line-panel.ts';
import { type Layer, arrangePanels, encodeAxis, sizePanels } from './panels.ts';

type AxisUnit = { name: string; ms: number };

/** Null without a journal, or with one in which no pilot was asked for. */
export function drawAcquisition({ facts: { acquisition } }: ReportView): Figure | null {
  if (acquisition === null || acquisition.steps.length === 0) return null;
  const { steps, cells } = acquisition;
  const endMs = Math.max(
    ...steps.map(({ atMs }) => atMs),
    ...cells.map(({ startedAtMs, firedAtMs }) => firedAtMs ?? startedAtMs),
  );
  const unit = chooseAxisUnit(endMs);
  const x: Scale = { type: 'linear', base: 10, domain: [0, Math.max(1, endMs * 1.02) / unit.ms], ticks: null };
  const walk = (name: string, look: LineLook, of: (step: AcquisitionStep) => number | null): PanelLine => ({
    label: name,
    look,
    points: walkSteps(steps, of, endMs).map((point) =>
      point === null ? null : { x: point.atMs / unit.ms, y: point.y },
    ),
  });
  const panels = [
    {
      title: 'Slots',
      lines: [
        walk('asked for', DASHED, ({ neededSlots }) => neededSlots),
        walk('held', SOLID, ({ heldSlots }) => heldSlots),
      ],
    },
    {
      title: 'Pilots',
      lines: [
        walk('pending', DASHED, ({ pendingPilots }) => pendingPilots),
        walk('ready', SOLID, ({ readyPilots }) => readyPilots),
      ],
    },
  ];
  const size = { ...sizePanels(1, ['asked for']), height: 110 };
  const title = 'Acquisition of pilots';
  return {
    id: 'acquisition',
    title,
    sentence: describe(acquisition),
    caption: 'Slots asked for hold the spare ones. Grey: a cell waits, from its start to its shot.',
    table: tabulate(steps),
    spec: arrangePanels(
      panels.map(({ title: name, lines }) => ({
        title: name,
        draw: (titles) => {
          const y = createRateScale(lines.flatMap(({ points }) => points.map((point) => point?.y ?? 0)));
          return [
            ...drawWaits(cells, x, { unit, endMs, title: titles.x }),
            ...drawLinePanel({ x, y, axes: AXES, lines, dots: [] }, size, titles),
          ];
        },
      })),
      { size, description: title, x: `${unit.name} since the campaign began`, y: '' },
    ),
    isInteractive: false,
  };
}

/** Waits look like lines of a grid; slots and pilots come whole. */
const AXES = { x: { grid: false }, y: { tickMinStep: 1, tickCount: 4 } } as const;

const SOLID: LineLook = { ...INK_LINE, width: 1.8 };
const DASHED: LineLook = { ...INK_LINE, dash: [4, 3] };

function chooseAxisUnit(endMs: number): AxisUnit {
  if (endMs < 3 * 60_000) return { name: 'seconds', ms: 1000 };
  return endMs < 3 * 3_600_000 ? { name: 'minutes', ms: 60_000 } : { name: 'hours', ms: 3_600_000 };
}

/** A value holds until the next step: two points a step. */
function walkSteps(steps: readonly AcquisitionStep[], of: (step: AcquisitionStep) => number | null, endMs: number) {
  return steps.flatMap((step, index) => {
    const y = of(step);
    return y === null
      ? [null]
      : [
          { atMs: step.atMs, y },
          { atMs: steps[index + 1]?.atMs ?? endMs, y },
        ];
  });
}

type WaitDrawing = { unit: AxisUnit; endMs: number; title: string | null };

/** At least a hairline each. One that never fired waited until the next began. */
function drawWaits(cells: Acquisition['cells'], x: Scale, { unit, endMs, title }: WaitDrawing): Layer[] {
  const values = cells.map(({ startedAtMs, firedAtMs }, index) => ({
    x: startedAtMs / unit.ms,
    to: (firedAtMs ?? cells[index + 1]?.startedAtMs ?? endMs) / unit.ms,
  }));
  return [
    {
      data: { values },
      mark: {
        type: 'rect',
        fill: 'currentColor',
        stroke: 'currentColor',
        strokeWidth: 0.6,
        opacity: 0.16,
        aria: false,
      },
      encoding: { x: encodeAxis('x', x, title, AXES.x), x2: { field: 'to' } },
    },
  ];
}

function describe({ sites, cells }: Acquisition): string {
  const sum = (of: (site: Acquisition['sites'][number]) => number): number =>
    sites.reduce((total, site) => total + of(site), 0);
  const [asked, joined, refused, lost] = [
    sum((site) => site.asked),
    sum((site) => site.joined),
    sum((site) => site.refused),
    sum((site) => site.lost),
  ];
  const ends = [
    `${formatCount(joined)} joined`,
    ...(refused > 0 ? [`${formatCount(refused)} refused or ended before`] : []),
    ...(lost > 0 ? [`${formatCount(lost)} lost later`] : []),
  ];
  return `Of ${formatQuantity(asked, 'pilot')} asked for ${ends.join(', ')}.${describeWaits(cells)}`;
}

function describeWaits(cells: Acquisition['cells']): string {
  const waits = cells.flatMap(({ id, startedAtMs, firedAtMs }) =>
    firedAtMs === null ? [] : [{ id, ms: firedAtMs - startedAtMs }],
  );
  const never = cells.length - waits.length;
  const notFired = never === 0 ? '' : ` ${formatQuantity(never, 'cell')} never fired.`;
  const [first] = waits;
  if (first === undefined) return notFired;
  const longest = waits.reduce((a, b) => (b.ms > a.ms ? b : a), first);
  if (waits.length === 1)
    return ` ${longest.id} waited ${formatDuration(longest.ms)} from its start to its shot.${notFired}`;
  const typical = formatDuration(median(waits.map(({ ms }) => ms)));
  return ` From its start to its shot a cell waited ${typical} (median), ${longest.id} longest: ${formatDuration(longest.ms)}.${notFired}`;
}

function tabulate(steps: readonly AcquisitionStep[]): FigureTable {
  return {
    columns: ['since the start (s)', 'slots asked for', 'slots held', 'pilots pending', 'pilots ready'],
    rows: steps.map(({ atMs, neededSlots, heldSlots, pendingPilots, readyPilots }) => [
      (atMs / 1000).toFixed(1),
      formatCount(neededSlots),
      heldSlots === null ? NO_NUMBER : formatCount(heldSlots),
      formatCount(pendingPilots),
      formatCount(readyPilots),
    ]),
  };
}
