/** A whole campaign through the real command line: its own process, real pilots, results in a fresh folder. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import type { JournalStep } from '../../coordinator/journal.ts';
import { delay, machineClock } from '../../foundation/clock.ts';
import type { CellEvidence } from '../../reports/evidence.ts';
import { journalFile, readCellRecord, summaryFile } from '../../reports/result-directory.ts';
import { type CellSummary, type Summary, SummarySchema } from '../../reports/summary.ts';
import { type Row, readRows } from './rows.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const CLI_MAIN = fileURLToPath(new URL('../../coordinator/cli/main.ts', import.meta.url));
const LOOK_EVERY_MS = 10;

/** One line of the journal; what else it has depends on the step. */
export type JournalLine = { step: JournalStep; monotonicMs: number; cell?: string } & Record<string, unknown>;

export type RunningCampaign = {
  /** Resolves to the first line of a step of a cell. @throws Error when the campaign ends without it */
  awaitStep(step: JournalStep, cell: string): Promise<JournalLine>;
  /** How it ended. */
  ended: Promise<FinishedCampaign>;
};

/** A cell with everything that is on disk about it. */
export type FinishedCell = {
  summary: CellSummary;
  evidence: CellEvidence;
  rows: Row[];
  /** T0 on the host's monotonic clock. */
  t0Ms: number;
};

export type FinishedCampaign = {
  exitCode: number;
  /** What it said to people, for a test that fails. */
  said: string;
  summary: Summary;
  journal: JournalLine[];
  readCell(id: string): Promise<FinishedCell>;
};

/** Command line of any command of glidetester. */
export function glidetester(...words: string[]): [program: string, parameters: string[]] {
  return [process.execPath, [CLI_MAIN, ...words]];
}

/** Starts `glidetester run`; what it leaves behind goes with the test. */
export async function startCampaign(t: ExecutionContext, config: ConfigInput): Promise<RunningCampaign> {
  const folder = await makeTemporaryFolder(t);
  const directory = join(folder, 'results');
  const configFile = join(folder, 'glidetester.config.json');
  await writeFile(configFile, JSON.stringify(config));
  const [program, parameters] = glidetester('run', configFile, '--out', directory);
  const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  let hasEnded = false;
  void closed.then(() => (hasEnded = true));
  t.teardown(async () => {
    if (!hasEnded) child.kill('SIGKILL');
    await closed;
  });
  return {
    async awaitStep(step, cell) {
      for (;;) {
        const isLastLook = hasEnded;
        const line = (await readJournal(directory)).find((each) => each.step === step && each.cell === cell);
        if (line !== undefined) return line;
        if (isLastLook) throw new Error(`the campaign ended without ${step} of ${cell}:\n${said}`);
        await delay(machineClock, LOOK_EVERY_MS);
      }
    },
    ended: closed.then(([exitCode]) => readCampaign(directory, exitCode ?? -1, said)),
  };
}

/** Runs a campaign to its end. */
export async function runCampaign(t: ExecutionContext, config: ConfigInput): Promise<FinishedCampaign> {
  return (await startCampaign(t, config)).ended;
}

async function readCampaign(directory: string, exitCode: number, said: string): Promise<FinishedCampaign> {
  let summary: Summary;
  try {
    summary = SummarySchema.parse(JSON.parse(await readFile(summaryFile(directory), 'utf8')));
  } catch (cause) {
    throw new Error(`the campaign ended with ${exitCode} and no summary:\n${said}`, { cause });
  }
  const journal = await readJournal(directory);
  return {
    exitCode,
    said,
    summary,
    journal,
    async readCell(id) {
      const fired = journal.findLast(({ step, cell }) => step === 'cell-fired' && cell === id);
      const record = await readCellRecord(directory, id);
      if (record === null) throw new Error(`cell ${id} has no record`);
      return { ...record, rows: await readRows(directory, id), t0Ms: fired?.['t0Ms'] as number };
    },
  };
}

/** The whole lines so far; none while there is no file. */
async function readJournal(directory: string): Promise<JournalLine[]> {
  const text = await readFile(journalFile(directory), 'utf8').catch(() => '');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JournalLine);
}
