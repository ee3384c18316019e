/** Every metric that is exported, and what it says of the figures of a campaign. docs/telemetry.md lists the same. */

import { OUTCOME_CLASSES } from '../../foundation/outcome.ts';
import type { CellIdentity } from '../../reports/evidence.ts';
import type { CellSummary } from '../../reports/summary.ts';
import type { CellPhase } from '../campaign-event.ts';
import { CELL_STATES, type CurrentCell, type Figures } from './campaign-figures.ts';

/** One value, and what tells it from the others of its metric. */
export type Point = { value: number; attributes: Record<string, string | number> };

export type Metric = {
  name: string;
  /** A counter never falls. */
  kind: 'counter' | 'gauge';
  /** UCUM, with annotations in braces. */
  unit: string;
  /** Whether its values are whole numbers. */
  isWhole: boolean;
  description: string;
  /** None: it is not known now. */
  points: (figures: Figures) => Point[];
};

const PHASES: readonly CellPhase[] = ['acquiring', 'preparing', 'warm-up', 'window', 'drain', 'recovery'];

/** Each of a summary's service times. */
const STATISTICS = ['mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

const wholeGauge = { kind: 'gauge', isWhole: true } as const;
const gauge = { kind: 'gauge', isWhole: false } as const;
const counter = { kind: 'counter', isWhole: true } as const;

const CAMPAIGN_METRICS: readonly Metric[] = [
  {
    name: 'glidetester.operations',
    ...counter,
    unit: '{operation}',
    description: 'Operations whose rows have come, by how they ended',
    points: ({ operations }) => countOutcomes(operations),
  },
  {
    name: 'glidetester.discarded_operations',
    ...counter,
    unit: '{operation}',
    description: 'Those of them that are in no result: their cell was repeated or given up',
    points: ({ discarded }) => countOutcomes(discarded),
  },
  {
    name: 'glidetester.cells.planned',
    ...wholeGauge,
    unit: '{cell}',
    description: 'Cells that the campaign asks for',
    points: ({ plannedCells }) => [{ value: plannedCells, attributes: {} }],
  },
  {
    name: 'glidetester.cells.finished',
    ...counter,
    unit: '{cell}',
    description: 'Cells that are over, by state; those that were skipped are known at the end',
    points: ({ finishedCells }) =>
      CELL_STATES.map((state) => ({ value: finishedCells[state], attributes: { 'glidetester.cell.state': state } })),
  },
  {
    name: 'glidetester.phase',
    ...wholeGauge,
    unit: '1',
    description: 'Of the phases of a cell, 1 for the one that the cell under way is in, 0 for the others',
    points: ({ current }) =>
      PHASES.map((phase) => ({
        value: current?.phase === phase ? 1 : 0,
        attributes: { 'glidetester.phase': phase },
      })),
  },
];

const CURRENT_CELL_METRICS: readonly Metric[] = [
  {
    name: 'glidetester.clients.wanted',
    ...wholeGauge,
    unit: '{client}',
    description: 'Level of the cell under way',
    points: ({ current }) => (current === null ? [] : [pointOf(current.cell, current.cell.level)]),
  },
  {
    name: 'glidetester.clients.held',
    ...wholeGauge,
    unit: '{client}',
    description: 'Clients of the cell under way whose pilot is alive; before T0: slots that are ready for it',
    points: ofLatest(({ heldClients }) => heldClients),
  },
  {
    name: 'glidetester.clients.in_flight',
    ...gauge,
    unit: '{client}',
    description: 'Clients with an operation under way, averaged over the last second that is known',
    points: ofLatest(({ inFlight }) => inFlight),
  },
  {
    name: 'glidetester.rate',
    ...gauge,
    unit: '{operation}/s',
    description: 'Successful operations that ended in the last second that is known',
    points: ofLatest(({ ratePerS }) => ratePerS),
  },
  {
    name: 'glidetester.pilots.ready',
    ...wholeGauge,
    unit: '{pilot}',
    description: 'Pilots that have joined and are alive',
    points: ofLatest(({ readyPilots }) => readyPilots),
  },
  {
    name: 'glidetester.pilots.pending',
    ...wholeGauge,
    unit: '{pilot}',
    description: 'Pilots that were asked for and have not joined',
    points: ofLatest(({ pendingPilots }) => pendingPilots),
  },
];

const FINISHED_CELL_METRICS: readonly Metric[] = [
  {
    name: 'glidetester.cell.rate',
    ...gauge,
    unit: '{operation}/s',
    description: 'Effective processing rate of a measured cell: ratePerS of its summary',
    points: ofCells(({ ratePerS }) => ratePerS),
  },
  {
    name: 'glidetester.cell.in_flight',
    ...gauge,
    unit: '{client}',
    description: 'Clients in flight of a measured cell, averaged over its window',
    points: ofCells(({ inFlight }) => inFlight),
  },
  {
    name: 'glidetester.cell.service_time',
    ...gauge,
    unit: 's',
    description:
      'Mean, percentiles and maximum of the service time of a measured cell; what has too few operations is left out',
    points: ({ cells }) =>
      STATISTICS.flatMap((statistic) =>
        ofCells(({ serviceTimeMs }) => inSeconds(serviceTimeMs[statistic]), { 'glidetester.statistic': statistic })({
          cells,
        }),
      ),
  },
  {
    name: 'glidetester.cell.marks',
    ...wholeGauge,
    unit: '{mark}',
    description: 'Marks of a measured cell: what must be known before its figures are believed (the report names them)',
    points: ofCells(({ marks }) => marks.length),
  },
];

/** In the order of the document. */
export const METRICS: readonly Metric[] = [...CAMPAIGN_METRICS, ...CURRENT_CELL_METRICS, ...FINISHED_CELL_METRICS];

/** All targets and classes from the beginning: a count that appears with its first operation would hide that one from rate(). */
function countOutcomes(byTarget: Figures['operations']): Point[] {
  return [...byTarget].flatMap(([target, counts]) =>
    OUTCOME_CLASSES.map((outcome) => ({
      value: counts[outcome],
      attributes: { 'glidetester.target': target, 'glidetester.outcome': outcome },
    })),
  );
}

function ofLatest(read: (latest: NonNullable<CurrentCell['latest']>) => number): Metric['points'] {
  return ({ current }) =>
    current === null || current.latest === null ? [] : [pointOf(current.cell, read(current.latest))];
}

function ofCells(read: (summary: CellSummary) => number | null, further: Point['attributes'] = {}) {
  return ({ cells }: Pick<Figures, 'cells'>): Point[] =>
    cells.flatMap((summary) => {
      const value = read(summary);
      const attributes = { 'glidetester.cell.state': summary.state, ...further };
      return value === null ? [] : [pointOf(summary, value, attributes)];
    });
}

function pointOf(
  { target, directorySize, level, run }: CellIdentity,
  value: number,
  further: Point['attributes'] = {},
): Point {
  const attributes = {
    'glidetester.target': target,
    ...(directorySize === null ? {} : { 'glidetester.directory_size': directorySize }),
    'glidetester.level': level,
    'glidetester.run': run,
    ...further,
  };
  return { value, attributes };
}

function inSeconds(spanMs: number | null): number | null {
  return spanMs === null ? null : spanMs / 1000;
}
