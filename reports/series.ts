/** Cells grouped for people: one series a target, scenario and directory size, its levels in order, each level over its runs. */

import { median } from 'simple-statistics';
import { putOnOneLine } from './plain-text.ts';
import type { CellSummary } from './summary.ts';

/** One level of a series with all its runs. */
export type Level = {
  level: number;
  cells: CellSummary[];
  /** Medians over the runs whose state is ok; null when there is none with a rate. */
  typical: TypicalRun | null;
};

/** Each figure is the median over runs of that figure; rates in Hz, times in ms. */
export type TypicalRun = {
  runs: number;
  inFlight: number;
  ratePerS: number;
  lowestPerS: number;
  highestPerS: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
};

export type Series = { label: string; directorySize: number | null; levels: Level[] };

/** Series by target (in the order of their first cells), scenario and size; a label names only what differs between them. */
export function groupSeries(cells: readonly CellSummary[]): Series[] {
  const groups = Map.groupBy(cells, ({ target, scenario, directorySize }) =>
    JSON.stringify([target, scenario, directorySize]),
  );
  const distinct = (key: 'target' | 'scenario' | 'directorySize') => [...new Set(cells.map((cell) => cell[key]))];
  const targets = distinct('target');
  const named = {
    target: targets.length > 1,
    scenario: distinct('scenario').length > 1,
    size: distinct('directorySize').length > 1 || targets.length === 1,
  };
  const compare = (a: CellSummary, b: CellSummary): number =>
    targets.indexOf(a.target) - targets.indexOf(b.target) ||
    a.scenario.localeCompare(b.scenario) ||
    (a.directorySize ?? -1) - (b.directorySize ?? -1);
  return [...groups.values()]
    .toSorted(([a], [b]) => compare(a as CellSummary, b as CellSummary))
    .map((group) => ({
      label: nameSeries(group[0] as CellSummary, named),
      directorySize: (group[0] as CellSummary).directorySize,
      levels: groupLevels(group),
    }));
}

/** What stands over the labels of series: sizes, where there are any. */
export function titleSeries(series: readonly Series[]): 'size' | 'series' {
  return series.some(({ directorySize }) => directorySize !== null) ? 'size' : 'series';
}

type Named = { target: boolean; scenario: boolean; size: boolean };

function nameSeries({ directorySize, scenario, target }: CellSummary, named: Named): string {
  const size =
    directorySize === null || !named.size ? [] : [`${directorySize} ${directorySize === 1 ? 'file' : 'files'}`];
  const hasOther = size.length > 0 || named.target;
  return putOnOneLine(
    [...size, ...(named.scenario || !hasOther ? [scenario] : []), ...(named.target ? [target] : [])].join(', '),
  );
}

function groupLevels(cells: readonly CellSummary[]): Level[] {
  const byLevel = Map.groupBy(cells, ({ level }) => level);
  return [...byLevel]
    .toSorted(([a], [b]) => a - b)
    .map(([level, runs]) => {
      const ordered = runs.toSorted((a, b) => a.run - b.run);
      return { level, cells: ordered, typical: findTypicalRun(ordered) };
    });
}

function findTypicalRun(cells: readonly CellSummary[]): TypicalRun | null {
  const runs = cells.flatMap((cell) => {
    const { ratePerS, inFlight, serviceTimeMs } = cell;
    return cell.state === 'ok' && ratePerS !== null && inFlight !== null ? [{ ratePerS, inFlight, serviceTimeMs }] : [];
  });
  if (runs.length === 0) return null;
  const rates = runs.map(({ ratePerS }) => ratePerS);
  const percentile = (key: 'p50' | 'p95' | 'p99'): number | null =>
    medianOrNull(runs.map(({ serviceTimeMs }) => serviceTimeMs[key]).filter((value) => value !== null));
  return {
    runs: runs.length,
    inFlight: median(runs.map(({ inFlight }) => inFlight)),
    ratePerS: median(rates),
    lowestPerS: Math.min(...rates),
    highestPerS: Math.max(...rates),
    p50Ms: percentile('p50'),
    p95Ms: percentile('p95'),
    p99Ms: percentile('p99'),
  };
}

function medianOrNull(values: number[]): number | null {
  return values.length === 0 ? null : median(values);
}

/** Failures charged to the service among the operations that ended in the windows of these cells, 0 … 1; null without any. */
export function failedShareOf(cells: readonly CellSummary[]): number | null {
  let failed = 0;
  let ended = 0;
  for (const { inWindow } of cells) {
    failed += inWindow.failed;
    ended += inWindow.ok + inWindow.failed + inWindow.local;
  }
  return ended === 0 ? null : failed / ended;
}

/** How times are shown all over one report: in seconds when the slowest p95 (or p50) takes 2 s or more. */
export type TimeUnit = { name: 'ms' | 's'; ms: 1 | 1000 };

export function chooseTimeUnit(cells: readonly CellSummary[]): TimeUnit {
  return timeUnitOf(Math.max(0, ...cells.map(({ serviceTimeMs }) => serviceTimeMs.p95 ?? serviceTimeMs.p50 ?? 0)));
}

/** The unit for times of which this is the longest. */
export function timeUnitOf(longestMs: number): TimeUnit {
  return longestMs >= 2000 ? { name: 's', ms: 1000 } : { name: 'ms', ms: 1 };
}
