/** The command line of the bench. */

import { parseArgs } from 'node:util';
import type { BenchRow } from './bench-row.ts';

/** Programs of their own, which measure parts of ours. */
export const PART_BENCHES = ['frontend-listing', 'mapping-latency', 'ten-million-rows', 'time-wait'] as const;

export type BenchOptions = {
  rows: BenchRow[];
  /** Null: each row's own. */
  rounds: number | null;
  seconds: number | null;
  json: string;
  /** A page whose figures are written anew; null: none. */
  write: string | null;
};

const ROUNDS = 5;
const QUICK = { rounds: 2, seconds: 2 };
const SECONDS = 10;
/** results/ is no part of the repository. */
const JSON_FILE = 'results/bench.json';

export const USAGE = `npm run bench -- [row …] [--rounds N] [--seconds S] [--quick] [--json FILE] [--write PAGE]
npm run bench -- ${PART_BENCHES.join('|')} [its own arguments]`;

/** @throws Error that says what is wrong */
export function readBenchOptions(given: readonly string[], all: readonly BenchRow[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string', default: JSON_FILE },
      write: { type: 'string' },
    },
  });
  const rounds = readNumber('rounds', values.rounds) ?? (values.quick ? QUICK.rounds : null);
  const seconds = readNumber('seconds', values.seconds) ?? (values.quick ? QUICK.seconds : null);
  return { rows: chooseRows(positionals, all), rounds, seconds, json: values.json, write: values.write ?? null };
}

export function roundsOf({ rounds: own }: BenchRow, { rounds }: BenchOptions): number {
  return rounds ?? own ?? ROUNDS;
}

export function secondsOf({ seconds: own }: BenchRow, { seconds }: BenchOptions): number {
  return seconds ?? own ?? SECONDS;
}

function chooseRows(names: readonly string[], all: readonly BenchRow[]): BenchRow[] {
  const unknown = names.find((name) => !all.some((row) => row.name === name));
  if (unknown !== undefined) {
    throw new Error(`expected the name of a row, got ${unknown}; there are ${all.map(({ name }) => name).join(', ')}`);
  }
  return all.filter(({ name, isDefault }) => (names.length === 0 ? isDefault : names.includes(name)));
}

function readNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: expected a whole number from 1, got ${text}`);
  return value;
}
