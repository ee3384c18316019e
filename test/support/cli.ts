/** The command line as a user has it: a process of its own in a fresh folder, perhaps in a terminal, ended in any case. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import type { JournalStep } from '../../coordinator/journal.ts';
import { delay, machineClock } from '../../foundation/clock.ts';
import { journalFile, summaryFile } from '../../reports/result-directory.ts';
import { type CellSummary, type Summary, SummarySchema } from '../../reports/summary.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const CLI_MAIN = fileURLToPath(new URL('../../coordinator/cli/main.ts', import.meta.url));
/** Whatever a test asks for ends within this, or is ended. */
const ENDS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 10;

export const CONFIG_FILE = 'glidetester.config.json';

/** One line of the journal; what else it has depends on the step. */
export type JournalLine = { step: JournalStep; monotonicMs: number; cell?: string } & Record<string, unknown>;

export type CommandLine = [program: string, parameters: string[]];

export type CliEnd = { exitCode: number | null; stdout: string; stderr: string };

export type Cli = {
  child: ChildProcess;
  /** Resolves once it has written this. @throws Error when it ends without */
  awaitText(text: string): Promise<void>;
  ended: Promise<CliEnd>;
};

export type CliOptions = {
  /** Where it is started. */
  folder: string;
  environment?: Record<string, string>;
  /** In a terminal of this many columns: what it writes comes on stdout, and what is written to its stdin is typed. */
  columns?: number;
  /** If it may take longer than a minute. */
  endsWithinMs?: number;
};

/** Command line of any command of glidetester. */
export function glidetester(...words: string[]): CommandLine {
  return [process.execPath, [CLI_MAIN, ...words]];
}

/** Starts `glidetester` with these words and no more of our environment than it needs. */
export function startCli(t: ExecutionContext, words: readonly string[], options: CliOptions): Cli {
  const [program, parameters] = inTerminal(glidetester(...words), options.columns);
  const child = spawn(program, parameters, {
    cwd: options.folder,
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.endsWithinMs ?? ENDS_WITHIN_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => {}); // it may have ended before what is typed
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => (written[name] += chunk));
  }
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended = closed.then(([exitCode]): CliEnd => ({ exitCode, ...written }));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const awaitText = async (text: string): Promise<void> => {
    const isWritten = (): true | undefined => (written.stdout + written.stderr).includes(text) || undefined;
    await lookUntil(isWritten, ended, text);
  };
  return { child, awaitText, ended };
}

/** Looks until there is something to see. @throws Error when the process has ended without */
async function lookUntil<T>(look: () => T | undefined | Promise<T | undefined>, ended: Promise<CliEnd>, what: string) {
  let end: CliEnd | null = null;
  void ended.then((how) => (end = how));
  for (;;) {
    const endBefore = end as CliEnd | null;
    const seen = await look();
    if (seen !== undefined) return seen;
    if (endBefore !== null) throw new Error(`it ended without ${what}:\n${endBefore.stdout}\n${endBefore.stderr}`);
    await delay(machineClock, LOOK_EVERY_MS);
  }
}

/** Runs `glidetester` to its end. */
export function runCli(t: ExecutionContext, words: readonly string[], options: CliOptions): Promise<CliEnd> {
  return startCli(t, words, options).ended;
}

/** `script` gives a command a terminal; its exit code is the command's. */
function inTerminal([program, parameters]: CommandLine, columns: number | undefined): CommandLine {
  if (columns === undefined) return [program, parameters];
  const command = [program, ...parameters].map((word) => `'${word}'`).join(' ');
  return ['script', ['-qec', `stty cols ${columns}; exec ${command}`, '/dev/null']];
}

/** A campaign under way; `directory` holds its results. */
export type Run = Cli & {
  directory: string;
  /** Resolves to the first line that fits. @throws Error when the campaign ends without it */
  awaitLine(step: JournalStep, fits?: (line: JournalLine) => boolean): Promise<JournalLine>;
};

export type RunOptions = Partial<CliOptions> & { words?: readonly string[] };

/** Starts `glidetester run --out …` on a config of its own, in a fresh folder unless one is given. */
export async function startRun(t: ExecutionContext, config: ConfigInput, options: RunOptions = {}): Promise<Run> {
  const folder = options.folder ?? (await makeTemporaryFolder(t));
  const directory = join(folder, 'out');
  await writeFile(join(folder, CONFIG_FILE), JSON.stringify(config));
  const cli = startCli(t, ['run', '--out', directory, ...(options.words ?? [])], { ...options, folder });
  return {
    ...cli,
    directory,
    awaitLine: (step, fits = () => true) =>
      lookUntil(
        async () => (await readJournal(directory)).find((line) => line.step === step && fits(line)),
        cli.ended,
        step,
      ),
  };
}

/** What a campaign has left behind. */
export type FinishedRun = CliEnd & { directory: string; journal: JournalLine[]; cells: CellSummary[] };

/** Waits for the end and reads what is on disk. @throws Error when there is no readable summary */
export async function finishRun({ directory, ended }: Run): Promise<FinishedRun> {
  const end = await ended;
  const { cells } = await readSummary(directory).catch((cause: unknown) => {
    throw new Error(`no summary; exit ${end.exitCode}:\n${end.stderr}`, { cause });
  });
  return { ...end, directory, journal: await readJournal(directory), cells };
}

/** @throws Error when it is not there or not as the schema says */
export async function readSummary(directory: string): Promise<Summary> {
  return SummarySchema.parse(JSON.parse(await readFile(summaryFile(directory), 'utf8')));
}

/** The whole lines so far; none while there is no file. */
export async function readJournal(directory: string): Promise<JournalLine[]> {
  const content = await readFile(journalFile(directory), 'utf8').catch(() => '');
  const lines = content.slice(0, content.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JournalLine);
}

/** Process ids of the pilots that joined, by name. */
export function pilotPids(journal: readonly JournalLine[]): Map<string, number> {
  const joined = journal.filter(({ step }) => step === 'pilot-joined');
  return new Map(joined.map((line) => [line['pilot'] as string, (line['host'] as { pid: number }).pid]));
}

/** Whether a process is there; one that has ended and waits for its parent is not. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The state stands behind the program's name, which may hold anything.
  return stat !== null && !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(')') + 1));
}
