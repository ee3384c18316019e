/** Names of cells and series, as short as they are clear. */

import { formatQuantity } from '../format-number.ts';
import type { CellPlace } from './comparison.ts';

/** 'embedded, srm-ls, 20 files': a series by all that names it. */
export function nameSeriesOf({ target, scenario, directorySize }: CellPlace): string {
  return [target, scenario, ...(directorySize === null ? [] : [formatQuantity(directorySize, 'file')])].join(', ');
}

/** Names each place by what differs between all of them: '20 files, level 40', always with its level. */
export function createPlaceNamer(places: readonly CellPlace[]): (place: CellPlace) => string {
  const differs = (key: keyof CellPlace): boolean => new Set(places.map((place) => place[key])).size > 1;
  const named = { target: differs('target'), scenario: differs('scenario'), size: differs('directorySize') };
  return ({ target, scenario, directorySize, level }) =>
    [
      ...(named.target ? [target] : []),
      ...(named.scenario ? [scenario] : []),
      ...(named.size && directorySize !== null ? [formatQuantity(directorySize, 'file')] : []),
      `level ${level}`,
    ].join(', ');
}
