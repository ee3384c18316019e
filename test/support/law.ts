/** What a law server does, and what it has seen: shared by the process and by the tests that start it. */

/** How long an operation is held, and how many at once; the others wait in order of arrival. */
export type Law = {
  /** `exponential`: seeded, with this mean. */
  service: 'constant' | 'exponential';
  holdMs: number;
  /** Null: everybody has a place of his own. */
  places: number | null;
};

export type LawServerOptions = {
  /** Entries of the directory in every answer. */
  entries: number;
  /** The law of a cell by its level, which is part of the cell's id. */
  laws: Record<number, Law>;
};

/** One labelled operation. Instants are milliseconds on the host's monotonic clock; null: it had not come to that. */
export type Stamp = {
  cell: string;
  client: number;
  sequence: number;
  /** Header and body had come. */
  receivedMs: number;
  /** It had taken its place. */
  servedMs: number | null;
  /** Just before the answer was written. */
  answeredMs: number | null;
};
