/** What a row of the table is made of. Each row is one file in rows/: its goals, what it runs, what it computes. */

import type { Spread } from './statistics.ts';

/** One run of one contender. */
export type Sample = {
  /** What the row compares, in its unit. */
  value: number;
  /** Operations, or clients, that the value was taken over. */
  operations: number;
  /** The coordinator's part, in the row's unit; not in `value`. Null: a peer has none, or the row does not compare work. */
  coordinator: number | null;
  /** Share of one core that the service took: near 1 it would be the limit. Null: not looked at. */
  serviceShare: number | null;
  /** What our rows say against what the service counted; null: a peer, which has no rows. */
  count: { ours: number; service: number } | null;
  /** Further figures of the run by name, with their unit in it. */
  notes: Readonly<Record<string, number>>;
};

/** Something that does the row's work: our own product or a peer. */
export type Contender = {
  name: string;
  isOurs: boolean;
  run(): Promise<Sample>;
};

/** A peer that this machine does not have, and where to get it. */
export type Absent = { name: string; reason: string };

/** All runs of each contender, by its name, in the order of the rounds. */
export type Runs = ReadonlyMap<string, readonly Sample[]>;

export type Goal = {
  /** `at most 1.25 x wrk's CPU per operation`. */
  text: string;
  /** Null: it can't be judged, since a contender is missing. */
  judge(runs: Runs): Judged | null;
};

export type Judged = { figure: Spread; isMet: boolean; unit: string };

export type Setting = {
  /** A folder of this run's own, gone with it. */
  folder: string;
  /** Length of one run of one contender. */
  seconds: number;
};

/** A row with its services up. */
export type OpenRow = AsyncDisposable & {
  contenders: readonly Contender[];
  absent: readonly Absent[];
  /** What the reader must know of this run: the size of an answer, what was pinned where. */
  remarks: readonly string[];
};

export type BenchRow = {
  name: string;
  /** One sentence: the work, and what `value` is. */
  title: string;
  unit: string;
  /** False: it runs only when it is asked for by name. */
  isDefault: boolean;
  /** Rounds and length of a run when not told; null: as all others. */
  rounds: number | null;
  seconds: number | null;
  goals: readonly Goal[];
  open(setting: Setting): Promise<OpenRow>;
};

/** The name under which our own product stands in every row. */
export const OURS = 'glidetester';
