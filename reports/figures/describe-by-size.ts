/** What the figures by directory size say, in words and numbers. */

import { formatShare } from '../../foundation/quantity.ts';
import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { FigureTable } from './figure.ts';
import { type Quantity, medianOf, valuesOf } from './size-quantity.ts';
import type { DrawnSeries, TargetGroup } from './target-groups.ts';
import { nameSize, startSentence } from './words.ts';

/** What the largest size has beside the smallest, at the highest level that both have, and how far a size's levels differ. */
export function describeGroup({ name, series }: TargetGroup, { compare, of }: Quantity): string {
  const sized = series.filter(({ levels }) => levels.some((level) => medianOf(level, of) !== null));
  const [first, last] = [sized[0], sized.at(-1)];
  if (first === undefined || last === undefined || first === last)
    return startSentence(name, 'fewer than two sizes have a run that is ok.');
  const pairs = first.levels.flatMap((level) => {
    const other = last.levels.find((each) => each.level === level.level);
    const [small, large] = [medianOf(level, of), other === undefined ? null : medianOf(other, of)];
    return small === null || large === null ? [] : [{ level: level.level, small, large }];
  });
  const highest = pairs.at(-1);
  const sizes = `${nameSize(first.directorySize ?? 0)} and ${nameSize(last.directorySize ?? 0)}`;
  if (highest === undefined) return startSentence(name, `no level has a run that is ok both with ${sizes}.`);
  const compared = compare(
    { size: first.directorySize ?? 0, value: highest.small },
    { size: last.directorySize ?? 0, value: highest.large },
  );
  return startSentence(name, `at level ${formatCount(highest.level)} ${compared}.${describeSpread(sized, of)}`);
}

function describeSpread(series: readonly DrawnSeries[], of: Quantity['of']): string {
  const spreads = series.flatMap(({ directorySize, levels }) => {
    const values = levels.map((level) => medianOf(level, of)).filter((value) => value !== null);
    const ratio = Math.max(...values) / Math.min(...values);
    return values.length > 1 && Number.isFinite(ratio) ? [{ size: directorySize ?? 0, ratio }] : [];
  });
  const [first] = spreads;
  if (first === undefined) return '';
  const worst = spreads.reduce((a, b) => (b.ratio > a.ratio ? b : a), first);
  const by = worst.ratio >= 2 ? `a factor of ${formatNumber(worst.ratio)}` : formatShare(worst.ratio - 1);
  return ` Between levels a size differs by ${by} at most (${nameSize(worst.size)}).`;
}

export function tabulateBySize(groups: readonly TargetGroup[], { of, head }: Quantity): FigureTable {
  const rows = groups.flatMap(({ series }) =>
    series.flatMap(({ label, levels }) =>
      levels.map((level) => {
        const values = valuesOf(level.cells, of);
        const spread =
          values.length < 2 ? [NO_NUMBER, NO_NUMBER] : [Math.min(...values), Math.max(...values)].map(formatNumber);
        const ok = `${values.length} of ${level.cells.length}`;
        return [
          label,
          formatCount(level.level),
          ok,
          formatNumber(level.typical?.inFlight ?? null),
          formatNumber(medianOf(level, of)),
          ...spread,
        ];
      }),
    ),
  );
  return {
    columns: ['series', 'level', 'runs ok', 'in flight', head, 'lowest run', 'highest run'],
    rows,
  };
}
