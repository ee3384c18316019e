/** From a checked config to the cells of the campaign, in the order in which they will be measured. */

import { parseDurationMs, parseShare } from '../foundation/quantity.ts';
import type { ScenarioSpec } from '../agent/protocol.ts';
import type { CellIdentity } from '../reports/evidence.ts';
import type { Config } from './config/schema.ts';
import { targetsOf } from './config/targets.ts';

/** One cell to be measured: who it is, and the frozen scenario of its clients. */
export type PlannedCell = { identity: CellIdentity; scenario: ScenarioSpec };

/** Milliseconds of a duration that the schema has already checked. */
export function durationMs(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new TypeError(`unchecked duration ${JSON.stringify(text)}`);
  return ms;
}

/** Fraction of a share that the schema has already checked. */
export function shareOf(text: string): number {
  const share = parseShare(text);
  if (share === undefined) throw new TypeError(`unchecked share ${JSON.stringify(text)}`);
  return share;
}

/**
 * All cells: targets × sizes × levels × runs, sizes ascending, targets and levels as given. Run-major repeats the whole chain
 * run by run; cell-major repeats each cell at once. Ids sort in that order: `001-d20-l4-r1`, of several targets
 * `001-door1-d20-l4-r1`, without directories `001-l4-r1`.
 */
export function planCells(config: Config): CellIdentity[] {
  const known = sizesOf(config.scenario);
  const sizes = known.length > 0 ? known : [null];
  const runs = Array.from({ length: config.load.runs }, (_, index) => index + 1);
  const targets = targetsOf(config).map(({ name }) => name);
  const combinations = targets.flatMap((target) =>
    sizes.flatMap((size) => config.load.levels.map((level) => ({ target, size, level }))),
  );
  const ordered =
    config.load.order === 'run-major'
      ? runs.flatMap((run) => combinations.map((combination) => ({ ...combination, run })))
      : combinations.flatMap((combination) => runs.map((run) => ({ ...combination, run })));
  const digits = Math.max(3, String(ordered.length).length);
  return ordered.map(({ target, size, level, run }, index) => ({
    id: [
      String(index + 1).padStart(digits, '0'),
      ...(targets.length > 1 ? [target] : []),
      ...(size === null ? [] : [`d${size}`]),
      `l${level}`,
      `r${run}`,
    ].join('-'),
    target,
    scenario: config.scenario.kind,
    directorySize: size,
    level,
    run,
  }));
}

/** The directory sizes of a scenario, ascending; none where it has no directories. */
export function sizesOf(scenario: Config['scenario']): number[] {
  if (scenario.kind !== 'srm-ls') return [];
  return Object.keys(scenario.directories)
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** How long the campaign may take by its timing alone: least if every phase is as short as it can be, most at its limits. */
export function expectDuration(config: Config, cells: number): { least: number; most: number } {
  const { warmUp, window, drain, recovery } = config.timing;
  const leastPerCell = durationMs(warmUp.atLeast) + durationMs(window.atLeast);
  const mostPerCell =
    durationMs(warmUp.atMost) +
    durationMs(window.atMost) +
    durationMs(drain) +
    durationMs(recovery.within) +
    durationMs(config.barrier.within);
  return { least: leastPerCell * cells, most: mostPerCell * cells };
}
