/** What comes out of comparing results: the same cells side by side, and all that keeps them from being the same. */

export const FIGURE_NAMES = ['rate', 'p50', 'p95', 'failed'] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];

/** `no difference shown` is no proof that there is none: the interval says how large one may be. */
export type CompareVerdict =
  | 'faster'
  | 'slower'
  | 'more failures'
  | 'fewer failures'
  | 'no difference shown'
  | 'not enough runs';

/** One figure of one cell in one result. */
export type SideFigure = {
  /** Runs that it is taken from. */
  runs: number;
  /** Geometric mean over the runs, in Hz (rate) or ms (p50, p95); mean share 0 … 1 (failed); null: there is none. */
  value: number | null;
  /** Of each of those runs, ascending. */
  values: number[];
};

/** Against the baseline: relative (-0.1 is 10 % lower) for rate, p50 and p95; difference of shares for failed. */
export type Difference = {
  value: number;
  /** The 95 % interval of this cell and figure taken alone; null with too few runs. */
  low: number | null;
  high: number | null;
  /** Of Welch's test, two-sided; null with too few runs. */
  p: number | null;
  /** As it counts among all that is compared; null when it is not tested. */
  adjustedP: number | null;
};

export type FigureComparison = {
  baseline: SideFigure;
  other: SideFigure;
  /** Null: a side has no figure. */
  difference: Difference | null;
  verdict: CompareVerdict;
};

type RunState = 'ok' | 'degraded' | 'failed' | 'skipped';

/** The runs of a cell in one result. */
export type CellSide = {
  /** How many runs have which state. */
  states: Partial<Record<RunState, number>>;
  /** Runs that rate and times are not taken from, and why. */
  leftOut: LeftOut[];
};

export type LeftOut = {
  run: number;
  /** Its state, or the mark for which it is left out. */
  kind: Exclude<RunState, 'ok'> | 'generator-bound' | 'rows-missing' | 'server-difference' | 'little';
  why: string;
};

/** Where a cell lies; the target is called as in the baseline. */
export type CellPlace = { target: string; scenario: string; directorySize: number | null; level: number };

export type CellComparison = CellPlace & {
  baseline: CellSide;
  other: CellSide;
  figures: Record<FigureName, FigureComparison>;
};

/** A result that takes part. */
export type ComparedResult = {
  /** A is the baseline. */
  label: string;
  /** As it was given. */
  path: string;
  name: string;
  startedAt: string;
};

/** Something that is set or found otherwise; the text '–' stands for nothing. */
export type Change = { path: string; baseline: string; other: string };

/** One result against the baseline. */
export type Pairing = {
  other: ComparedResult;
  /** Sentences: what differs between the two beside the figures, and what could not be compared. */
  said: string[];
  environment: Change[];
  config: Change[];
  /** In the order of the baseline: targets, sizes, levels. */
  cells: CellComparison[];
};

export type Comparison = {
  version: 1;
  test: {
    name: string;
    /** Runs that each side needs. */
    runsNeeded: number;
    /** The chance that anything at all is shown to differ, when nothing does, is at most this. */
    familyLevel: number;
    intervalLevel: number;
    /** How many cells and figures share the level. */
    tested: number;
  };
  baseline: ComparedResult;
  pairings: Pairing[];
};
