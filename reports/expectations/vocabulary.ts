/** The words of the check language: what each measure is, over what it is taken, and which selectors fit it. */

import { type Dimension, type Display, NO_DIMENSION } from './units.ts';

/**
 * cell: a figure of one level over its runs; curve: of a series over its levels; sizes: of one level over the directory sizes;
 * crossing: of the curves of two targets.
 */
export type MeasureScope = 'cell' | 'curve' | 'sizes' | 'crossing';

export type MeasureFacts = {
  scope: MeasureScope;
  dimension: Dimension;
  display: Display;
  /** Whether it is known for each site apart. */
  bySite: boolean;
};

const HZ: Dimension = { seconds: -1, clients: 0 };
const SECONDS: Dimension = { seconds: 1, clients: 0 };
const CLIENTS: Dimension = { seconds: 0, clients: 1 };
const HZ_PER_CLIENT: Dimension = { seconds: -1, clients: -1 };

const cell = (dimension: Dimension, display: Display = 'plain'): MeasureFacts => ({
  scope: 'cell',
  dimension,
  display,
  bySite: false,
});
const siteCell = (dimension: Dimension): MeasureFacts => ({ ...cell(dimension), bySite: true });
const curve = (dimension: Dimension, display: Display = 'plain'): MeasureFacts => ({
  ...cell(dimension, display),
  scope: 'curve',
});
const COUNT = cell(NO_DIMENSION, 'count');
const SHARE = cell(NO_DIMENSION, 'share');

const TABLE = {
  rate: siteCell(HZ),
  'completed rate': cell(HZ),
  mean: siteCell(SECONDS),
  p50: siteCell(SECONDS),
  p90: siteCell(SECONDS),
  p95: siteCell(SECONDS),
  p99: siteCell(SECONDS),
  max: siteCell(SECONDS),
  connect: siteCell(SECONDS),
  handshake: siteCell(SECONDS),
  'first byte': siteCell(SECONDS),
  rest: siteCell(SECONDS),
  failed: SHARE,
  'in flight': cell(CLIENTS),
  held: cell(CLIENTS),
  recovery: cell(SECONDS),
  'start skew': cell(SECONDS),
  'frontend cpu': SHARE,
  'generator cpu': SHARE,
  'call-outs': COUNT,
  'waited for thread': COUNT,
  'queue refusals': COUNT,
  'heap refusals': COUNT,
  'descriptor refusals': COUNT,
  operations: COUNT,
  slope: curve(HZ_PER_CLIENT),
  r2: curve(NO_DIMENSION, 'fit'),
  'highest rate': curve(HZ),
  'lowest rate': curve(HZ),
  spread: curve(NO_DIMENSION, 'share'),
  limit: curve(CLIENTS, 'count'),
  'first bad level': curve(CLIENTS, 'count'),
  'line deviation': { ...SHARE, scope: 'sizes' },
  crossing: { ...cell(CLIENTS), scope: 'crossing' },
} as const satisfies Record<string, MeasureFacts>;

export type MeasureName = keyof typeof TABLE;

export const MEASURE_NAMES = Object.keys(TABLE) as MeasureName[];

export function factsOf(name: MeasureName): MeasureFacts {
  return TABLE[name];
}

export const PREDICATES = ['recovered', 'hung', 'ok'] as const;
export type Predicate = (typeof PREDICATES)[number];
