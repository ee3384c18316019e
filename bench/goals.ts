/** Goals as values: each says what it wants, and judges all runs of a row. The median decides. */

import { type Goal, OURS, type Runs, type Sample } from './bench-row.ts';
import { type Spread, ratioOf, spreadOf } from './statistics.ts';

/** Ours over a peer's. */
export function ratioAtMost(peer: string, limit: number, what: string): Goal {
  return {
    text: `at most ${limit} x ${peer}'s ${what}`,
    judge: (runs) => compare(runs, OURS, peer, ({ median }) => median <= limit),
  };
}

/** A peer's over ours. */
export function betterThan(peer: string, limit: number, what: string): Goal {
  return {
    text: `${peer}'s ${what} at least ${limit} x ours`,
    judge: (runs) => compare(runs, peer, OURS, ({ median }) => median >= limit),
  };
}

export function atMost(limit: number, unit: string, what: string): Goal {
  return judgeOurs(
    `${what} at most ${limit} ${unit}`,
    unit,
    ({ value }) => value,
    (median) => median <= limit,
  );
}

/** A figure that stands among our notes. */
export function noteAtMost(note: string, limit: number, { text, unit }: { text: string; unit: string }): Goal {
  return judgeOurs(
    text,
    unit,
    ({ notes }) => notes[note],
    (median) => median <= limit,
  );
}

export function noteAtLeast(note: string, limit: number, { text, unit }: { text: string; unit: string }): Goal {
  return judgeOurs(
    text,
    unit,
    ({ notes }) => notes[note],
    (median) => median >= limit,
  );
}

/** A limit that is measured in the same run and stands among our notes; the figure is what is left of it. */
export function withinOwnLimit(limitNote: string, unit: string, text: string): Goal {
  return judgeOurs(
    text,
    unit,
    ({ value, notes }) => {
      const limit = notes[limitNote];
      return limit === undefined ? undefined : value - limit;
    },
    (median) => median <= 0,
  );
}

/** The service's count and our rows: every round must agree, a median would hide the one that does not. */
export const COUNT_EQUAL: Goal = {
  text: "count equal to the service's in every round",
  judge(runs) {
    const differences = (runs.get(OURS) ?? []).map(({ count }) =>
      count === null ? Number.NaN : Math.abs(count.ours - count.service),
    );
    if (differences.length === 0 || differences.some(Number.isNaN)) return null;
    const figure = spreadOf(differences);
    return { figure, isMet: figure.most === 0, unit: 'operations apart' };
  },
};

function judgeOurs(
  text: string,
  unit: string,
  read: (sample: Sample) => number | undefined,
  isMet: (median: number) => boolean,
): Goal {
  return {
    text,
    judge(runs) {
      const values = (runs.get(OURS) ?? []).map(read).filter((value) => value !== undefined);
      if (values.length === 0) return null;
      const figure = spreadOf(values);
      return { figure, isMet: isMet(figure.median), unit };
    },
  };
}

function compare(
  runs: Runs,
  above: string,
  below: string,
  isMet: (ratio: Spread) => boolean,
): ReturnType<Goal['judge']> {
  const values = (name: string): number[] => (runs.get(name) ?? []).map(({ value }) => value);
  if (values(above).length === 0 || values(below).length === 0) return null;
  const figure = ratioOf(values(above), values(below));
  return { figure, isMet: isMet(figure), unit: 'x' };
}

/** What must hold beside the memory of clients that all wait at once. */
export function allWaiting(clients: number): Goal[] {
  return [
    noteAtLeast('waiting at once', clients, {
      text: 'the service counts all of them at the same moment',
      unit: 'at once',
    }),
    noteAtMost('failed', 0, { text: 'no error', unit: 'failed or cut' }),
    COUNT_EQUAL,
  ];
}
