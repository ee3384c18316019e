/** Measures of one level over its runs: the median over the runs that have one, unless the table says otherwise. */

import { median } from 'simple-statistics';
import { failedShareOf } from '../series.ts';
import type { CellSummary, SiteSummary } from '../summary.ts';
import { type Value, known, unknown } from './value.ts';
import type { MeasureName } from './vocabulary.ts';

/** A figure of one run in base units; null when it was not measured there. */
type Reader = (cell: CellSummary) => number | null;
type Rule = { read: Reader; over: 'median' | 'sum' | 'highest'; without: string };

const seconds = (ms: number | null | undefined): number | null => (ms == null ? null : ms / 1000);
const time = (read: (cell: CellSummary) => number | null, without: string): Rule => ({
  read: (cell) => seconds(read(cell)),
  over: 'median',
  without,
});
const percentile = (key: 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'max'): Rule =>
  time(({ serviceTimeMs }) => serviceTimeMs[key], 'too few operations succeeded for it');
const phase = (key: keyof CellSummary['phasesMs']): Rule =>
  time(({ phasesMs }) => phasesMs[key], 'no operation had that phase');
const ofService = (read: (service: NonNullable<CellSummary['service']>) => number): Rule => ({
  read: ({ service }) => (service === null ? null : read(service)),
  over: 'sum',
  without: 'the service does not tell',
});
const NO_WINDOW = 'no run had a window';

const RULES: Partial<Record<MeasureName, Rule>> = {
  rate: { read: ({ ratePerS }) => ratePerS, over: 'median', without: NO_WINDOW },
  'completed rate': { read: ({ rateCompletedPerS }) => rateCompletedPerS, over: 'median', without: NO_WINDOW },
  mean: percentile('mean'),
  p50: percentile('p50'),
  p90: percentile('p90'),
  p95: percentile('p95'),
  p99: percentile('p99'),
  max: percentile('max'),
  connect: phase('connect'),
  handshake: phase('handshake'),
  'first byte': phase('firstByte'),
  rest: phase('rest'),
  'in flight': { read: ({ inFlight }) => inFlight, over: 'median', without: NO_WINDOW },
  held: { read: ({ held, windowMs }) => (windowMs === null ? null : held), over: 'median', without: NO_WINDOW },
  recovery: { read: recoveryS, over: 'highest', without: 'whether it recovers was not tried' },
  'start skew': time(({ startSkewMs }) => startSkewMs.p99, 'no client started'),
  'frontend cpu': { ...ofService(({ cpuShare }) => cpuShare), over: 'highest' },
  'generator cpu': {
    read: ({ generatorCpuShare }) => generatorCpuShare,
    over: 'highest',
    without: 'not every pilot told its CPU time',
  },
  'call-outs': ofService(({ callOuts }) => callOuts),
  'waited for thread': ofService(({ waitedForThread }) => waitedForThread),
  'queue refusals': ofService(({ exhausted }) => exhausted.queue),
  'heap refusals': ofService(({ exhausted }) => exhausted.heap),
  'descriptor refusals': ofService(({ exhausted }) => exhausted.descriptors),
  operations: { read: ({ operations: { ok, failed, cut } }) => ok + failed + cut, over: 'sum', without: '' },
};

const SITE_READERS: Partial<Record<MeasureName, (site: SiteSummary) => number | null>> = {
  rate: ({ ratePerS }) => ratePerS,
  mean: ({ serviceTimeMs }) => seconds(serviceTimeMs.mean),
  p50: ({ serviceTimeMs }) => seconds(serviceTimeMs.p50),
  p90: ({ serviceTimeMs }) => seconds(serviceTimeMs.p90),
  p95: ({ serviceTimeMs }) => seconds(serviceTimeMs.p95),
  p99: ({ serviceTimeMs }) => seconds(serviceTimeMs.p99),
  max: ({ serviceTimeMs }) => seconds(serviceTimeMs.max),
  connect: ({ phasesMs }) => seconds(phasesMs.connect),
  handshake: ({ phasesMs }) => seconds(phasesMs.handshake),
  'first byte': ({ phasesMs }) => seconds(phasesMs.firstByte),
  rest: ({ phasesMs }) => seconds(phasesMs.rest),
};

/** The figure of a level from its runs, all of one target, size and level. */
export function measureLevel(name: MeasureName, site: string | null, cells: readonly CellSummary[]): Value {
  const absence = explainAbsence(cells);
  if (absence !== null) return unknown(absence);
  const measured = cells.filter(({ state }) => state !== 'skipped');
  if (site !== null) return measureSite(name, site, measured);
  if (name === 'failed') {
    const share = failedShareOf(measured);
    return share === null ? unknown('no operation ended in the window') : known(share);
  }
  const rule = RULES[name];
  if (rule === undefined) return unknown(`${name} is not a figure of a level`);
  return aggregate(measured.map(rule.read), rule);
}

/** Why there is nothing to take a figure from; null when some run was measured. */
export function explainAbsence(cells: readonly CellSummary[]): string | null {
  if (cells.length === 0) return 'the campaign has no such cell';
  const isSkipped = cells.every(({ state }) => state === 'skipped');
  return isSkipped ? (cells[0]?.reason ?? 'it was not run') : null;
}

function aggregate(figures: readonly (number | null)[], { over, without }: Pick<Rule, 'over' | 'without'>): Value {
  const present = figures.filter((figure) => figure !== null);
  if (present.length === 0) return unknown(without);
  if (over === 'sum') return known(present.reduce((sum, figure) => sum + figure, 0));
  return known(over === 'highest' ? Math.max(...present) : median(present));
}

/** Infinite when it did not come back: longer than any limit. */
function recoveryS({ recoveryMs, hung }: CellSummary): number | null {
  if (recoveryMs !== null) return recoveryMs / 1000;
  return hung === null ? null : Infinity;
}

function measureSite(name: MeasureName, site: string, cells: readonly CellSummary[]): Value {
  const found = cells.flatMap(({ sites }) => sites.filter((each) => each.site === site));
  if (found.length === 0) return unknown(`nothing is known of site ${site} apart`);
  return aggregate(
    found.map((each) => SITE_READERS[name]?.(each) ?? null),
    { over: 'median', without: 'too few operations succeeded there for it' },
  );
}
