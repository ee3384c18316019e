/** What differs between two results beside their figures, in sentences, and as lists of what was set and found otherwise. */

import { formatQuantity } from '../format-number.ts';
import type { CellPlace, LeftOut, Pairing } from './comparison.ts';
import { listChanges } from './list-changes.ts';
import type { PairedCells } from './pair-cells.ts';
import type { CompareInput } from './read-result.ts';
import { createPlaceNamer, nameSeriesOf } from './name-places.ts';
import { explainLeftOut } from './usable-runs.ts';

/** Parts of a config that change nothing of what is measured. */
const WITHOUT_EFFECT = ['name', 'output', 'expect', 'thresholds', 'source', 'coordinator'];

/** Cells that a sentence names. */
const MOST_PLACES = 6;

type Two<T> = { baseline: T; other: T };
type SayRequest = Two<CompareInput> & { paired: PairedCells; labels: Two<string> };

export function sayDifferences(request: SayRequest): Pick<Pairing, 'said' | 'environment' | 'config'> {
  const { baseline, other, paired, labels } = request;
  const [own, others] = [baseline.record, other.record];
  const areKnown = own !== null && others !== null;
  return {
    said: [
      ...saySame(request),
      ...sayIncomplete(baseline, labels.baseline),
      ...sayIncomplete(other, labels.other),
      ...sayRenamed(paired, labels),
      ...sayOnlyIn(paired.onlyInBaseline, labels.baseline, labels.other),
      ...sayOnlyIn(paired.onlyInOther, labels.other, labels.baseline),
      ...sayLeftOut(paired, 'baseline', labels),
      ...sayLeftOut(paired, 'other', labels),
      ...sayUnknown(request),
    ],
    environment: areKnown ? listChanges(own.environment, others.environment) : [],
    config: areKnown ? listChanges(own.config, others.config, WITHOUT_EFFECT) : [],
  };
}

function saySame({ baseline, other, labels }: SayRequest): string[] {
  const isSame = (['name', 'startedAt'] as const).every((key) => baseline.summary[key] === other.summary[key]);
  return isSame ? [`${labels.baseline} and ${labels.other} are of one name and start: the same campaign.`] : [];
}

function sayIncomplete({ summary }: CompareInput, label: string): string[] {
  return summary.complete ? [] : [`${label} is incomplete: not every planned cell was measured.`];
}

function sayRenamed({ renamed }: PairedCells, labels: Two<string>): string[] {
  if (renamed === null) return [];
  const { baseline, other } = renamed;
  return [`${baseline} of ${labels.baseline} is compared with ${other} of ${labels.other}: each has no other target.`];
}

/** A sentence a series. */
function sayOnlyIn(places: readonly CellPlace[], owner: string, without: string): string[] {
  return [...Map.groupBy(places, nameSeriesOf)].map(([series, own]) => {
    const levels = own.map(({ level }) => level).join(', ');
    return `Only in ${owner}, not in ${without}: ${series}, ${own.length === 1 ? 'level' : 'levels'} ${levels}.`;
  });
}

const KINDS: Record<LeftOut['kind'], string> = {
  failed: 'failed',
  degraded: 'degraded',
  skipped: 'not measured',
  'generator-bound': 'generator-bound',
  'rows-missing': 'rows missing',
  'server-difference': 'the server’s count differs',
  little: 'rows and gauges contradict each other',
};

/** A sentence a side: how many runs of which cells are left out, by why. */
function sayLeftOut({ pairs }: PairedCells, side: keyof Two<unknown>, labels: Two<string>): string[] {
  const name = createPlaceNamer(pairs.map(({ place }) => place));
  const out = pairs.flatMap((pair) =>
    pair[side].flatMap((cell) => {
      const left = explainLeftOut(cell);
      return left === null ? [] : [{ ...left, place: name(pair.place) }];
    }),
  );
  if (out.length === 0) return [];
  const parts = [...Map.groupBy(out, ({ kind }) => kind)].map(([kind, runs]) => {
    const places = [...new Set(runs.map(({ place }) => place))];
    const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : '';
    return `${formatQuantity(runs.length, 'run')} (${KINDS[kind]}: ${places.slice(0, MOST_PLACES).join('; ')}${more})`;
  });
  return [`Left out of ${labels[side]}: ${parts.join(', ')}.`];
}

function sayUnknown({ baseline, other, labels }: SayRequest): string[] {
  const without = [
    ...(baseline.record === null ? [labels.baseline] : []),
    ...(other.record === null ? [labels.other] : []),
  ];
  if (without.length === 0) return [];
  return [
    `Whether environment and config are the same is not known: no campaign.json beside the summary of ${without.join(' and ')}.`,
  ];
}
