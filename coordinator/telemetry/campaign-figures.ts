/**
 * What metrics tell of a campaign: its events, folded into figures.
 *
 * Operations are counted live, as their rows come. What a result does not hold is counted as discarded too, so that at the end
 * operations less discarded ones are, class by class, the operations of `summary.json`, and neither count ever falls:
 *
 * | event | operations | discarded |
 * | --- | --- | --- |
 * | progress | those of the attempt so far are on top of those of finished cells | |
 * | cell-finished | those of its summary are kept; never fewer than were told | what was told, but is not in the summary |
 * | cell-started while one is under way (it is repeated), the end | what was told stays | all of the attempt that was given up |
 */

import { OUTCOME_CLASSES, type OutcomeClass, type OutcomeCounts, outcomeClassOf } from '../../foundation/outcome.ts';
import type { CellIdentity } from '../../reports/evidence.ts';
import type { CellSummary } from '../../reports/summary.ts';
import type { CampaignEvent, CellPhase } from '../campaign-event.ts';

type EventOf<Type extends CampaignEvent['type']> = Extract<CampaignEvent, { type: Type }>;

export type CellState = CellSummary['state'];

export const CELL_STATES: readonly CellState[] = ['ok', 'degraded', 'failed', 'skipped'];

/** How many finished cells are told one by one: an export stays small however long the campaign is. */
const MOST_CELLS = 200;

export type CurrentCell = {
  cell: CellIdentity;
  phase: CellPhase | null;
  /** Null: no client is held. */
  latest: EventOf<'progress'> | null;
};

export type Figures = {
  plannedCells: number;
  finishedCells: Readonly<Record<CellState, number>>;
  /** By target, each class of outcomes. */
  operations: ReadonlyMap<string, Readonly<Record<OutcomeClass, number>>>;
  discarded: ReadonlyMap<string, Readonly<Record<OutcomeClass, number>>>;
  current: CurrentCell | null;
  /** The last ones that were measured. */
  cells: readonly CellSummary[];
};

export type CampaignFigures = {
  take(event: CampaignEvent): void;
  /** Nothing more comes: an attempt under way has been given up. */
  end(): void;
  read(): Figures;
};

export function createCampaignFigures(): CampaignFigures {
  const kept = createCounts();
  const discarded = createCounts();
  const finishedCells: Record<CellState, number> = { ok: 0, degraded: 0, failed: 0, skipped: 0 };
  let plannedCells = 0;
  let current: CurrentCell | null = null;
  /** Operations of the attempt under way. */
  let told: OutcomeCounts = {};
  let cells: CellSummary[] = [];

  const begin = (cell: CellIdentity | null): void => {
    current = cell === null ? null : { cell, phase: null, latest: null };
    told = {};
  };
  const giveUp = (): void => {
    if (current === null) return;
    kept.add(current.cell.target, told);
    discarded.add(current.cell.target, told);
    begin(null);
  };
  const finish = (summary: CellSummary): void => {
    const counted = countClasses(summary.operations.byOutcome);
    kept.add(
      summary.target,
      mapClasses((each) => Math.max(counted[each], told[each] ?? 0)),
    );
    discarded.add(
      summary.target,
      mapClasses((each) => Math.max(0, (told[each] ?? 0) - counted[each])),
    );
    begin(null);
    finishedCells[summary.state] += 1;
    cells = [...cells, summary].slice(-MOST_CELLS);
  };

  return {
    take(event) {
      switch (event.type) {
        case 'campaign-started':
          plannedCells = event.cells;
          for (const { name } of event.targets) {
            kept.add(name, {});
            discarded.add(name, {});
          }
          break;
        case 'cell-started':
          giveUp();
          begin(event.cell);
          break;
        case 'phase':
          current = current === null ? null : enterPhase(current, event.phase);
          break;
        case 'progress':
          if (current === null) break;
          current = { ...current, latest: event };
          told = event.operations;
          break;
        case 'cell-finished':
          finish(event.summary);
          break;
        case 'campaign-finished':
          giveUp();
          finishedCells.skipped = event.summary.cells.filter(({ state }) => state === 'skipped').length;
          break;
        case 'telemetry-started':
        case 'operation-tried':
        case 'warning':
          break;
      }
    },
    end: giveUp,
    read: () => ({
      plannedCells,
      finishedCells: { ...finishedCells },
      operations: kept.with(current?.cell.target ?? null, told),
      discarded: discarded.with(null, {}),
      current,
      cells,
    }),
  };
}

/** Once its load is over, what was told of its clients is no more. */
function enterPhase({ cell, latest }: CurrentCell, phase: CellPhase): CurrentCell {
  return { cell, phase, latest: phase === 'recovery' ? null : latest };
}

type ClassCounts = Record<OutcomeClass, number>;

function createCounts() {
  const byTarget = new Map<string, ClassCounts>();
  return {
    add(target: string, counts: OutcomeCounts): void {
      byTarget.set(target, addCounts(byTarget.get(target), counts));
    },
    /** As they are, and these on top of one target's. */
    with(target: string | null, counts: OutcomeCounts): Map<string, ClassCounts> {
      return target === null
        ? new Map(byTarget)
        : new Map(byTarget).set(target, addCounts(byTarget.get(target), counts));
    },
  };
}

function addCounts(present: ClassCounts | undefined, counts: OutcomeCounts): ClassCounts {
  return mapClasses((each) => (present?.[each] ?? 0) + (counts[each] ?? 0));
}

/** From each single outcome (`status/http-503`) to its class. */
function countClasses(byOutcome: Readonly<Record<string, number>>): ClassCounts {
  const counts = mapClasses(() => 0);
  for (const [outcome, count] of Object.entries(byOutcome)) counts[outcomeClassOf(outcome)] += count;
  return counts;
}

function mapClasses(countOf: (outcomeClass: OutcomeClass) => number): ClassCounts {
  return Object.fromEntries(OUTCOME_CLASSES.map((each) => [each, countOf(each)])) as ClassCounts;
}
