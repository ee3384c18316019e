/** `npm run bench`: our load engine against its peers in the same run, as a table and as JSON. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchOptions, PART_BENCHES, USAGE, readBenchOptions, roundsOf, secondsOf } from './bench-options.ts';
import { buildProduct } from './built-product.ts';
import { describeMachine, machineLine } from './machine.ts';
import { type RowResult, runRow } from './run-row.ts';
import { ROWS } from './rows/index.ts';
import { describeRow } from './table.ts';
import { writeFigures } from './write-figures.ts';

/** As a shell has it. */
const INTERRUPTED = 130;

const [first = '', ...rest] = process.argv.slice(2);
if (PART_BENCHES.some((name) => name === first)) process.exitCode = runPartBench(first, rest);
else await bench();

async function bench(): Promise<void> {
  let options: BenchOptions;
  try {
    options = readBenchOptions(process.argv.slice(2), ROWS);
  } catch (thrown) {
    console.error(`${(thrown as Error).message}\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  buildProduct();
  const machine = describeMachine();
  console.log(`${machineLine(machine)}\n`);
  const results: RowResult[] = [];
  for (const row of options.rows) {
    const result = await measure(row, options);
    if (result === null) process.exitCode = 1;
    else results.push(result);
    // After each row: a run that is broken off leaves what it has.
    mkdirSync(dirname(options.json), { recursive: true });
    writeFileSync(options.json, `${JSON.stringify({ version: 1, machine, rows: results }, null, 2)}\n`);
  }
  console.log(`JSON       ${options.json}`);
  if (options.write === null) return;
  writeFigures(options.write, results, machineLine(machine));
  console.log(`WRITTEN    ${options.write}`);
}

/** Null: it could not be measured, and why has been told. */
async function measure(row: BenchOptions['rows'][number], options: BenchOptions): Promise<RowResult | null> {
  const folder = mkdtempSync(join(tmpdir(), 'glidetester-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // What runs for it ends by itself: it gets the same signal, or its input ends.
  const leave = (): void => {
    remove();
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', leave);
  try {
    const setting = { folder, seconds: secondsOf(row, options) };
    const result = await runRow(row, setting, roundsOf(row, options), showStep);
    console.log(`${describeRow(result).join('\n')}\n`);
    return result;
  } catch (thrown) {
    console.error(`${row.name}: not measured: ${(thrown as Error).message}\n`);
    return null;
  } finally {
    process.off('SIGINT', leave);
    remove();
  }
}

function showStep(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** They measure parts of ours alone, in a process of their own as before. */
function runPartBench(name: string, parameters: readonly string[]): number {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  return spawnSync(process.execPath, [script, ...parameters], { stdio: 'inherit' }).status ?? 1;
}
