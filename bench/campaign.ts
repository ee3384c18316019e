/** A campaign through the real command line, with the CPU time of its pilots and its coordinator apart. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConfigInput } from '../coordinator/config/schema.ts';
import { journalFile, summaryFile } from '../reports/result-directory.ts';
import { type CellSummary, SummarySchema } from '../reports/summary.ts';
import { BUILT_CLI } from './built-product.ts';
import { measuringPrefix, readMeasured } from './measure-process.ts';
import { type Pinning, UNPINNED } from './pinning.ts';

const LOOK_EVERY_MS = 5;
const BETWEEN_INTERRUPTS_MS = 500;
const STDERR_KEPT = 6000;

export type JournalLine = { step: string; at: string; monotonicMs: number } & Record<string, unknown>;

export type LocalPoolInput = { pilots: number; slotsPerPilot: number } & Record<string, unknown>;

/** A campaign without its name and its pool. */
export type CampaignInput = Omit<ConfigInput, 'name' | 'pools' | 'sites'>;

export type CampaignOptions = {
  /** Where its folder is made. */
  folder: string;
  config: CampaignInput;
  pool: LocalPoolInput;
  pinning?: Pinning;
};

export type FinishedCampaign = {
  /** Of its only cell. */
  cell: CellSummary;
  /** All operations from T0 on: ok, failed and cut. */
  operations: number;
  /** User and system time of the whole pilot processes together, from their start to their end. */
  pilotCpuMs: number;
  coordinatorCpuMs: number;
  /** What our rows say against what the service counted; null: it was not asked. */
  count: { ours: number; service: number } | null;
  journal: readonly JournalLine[];
  directory: string;
};

/** Disposed of while it still runs, it is broken off. */
export type RunningCampaign = AsyncDisposable & {
  /** Of the coordinator. */
  pid(): number;
  /** Waits until the journal has a line of this step. @throws Error when the campaign ends before */
  reached(step: string): Promise<JournalLine>;
  /** Process ids of the pilots that have joined so far. */
  pilotPids(): number[];
  /** Whether the process is still there. */
  isRunning(): boolean;
  /** @throws Error with what it said when it ends with another exit code than 0 */
  ended(): Promise<FinishedCampaign>;
};

export function startCampaign({ folder, config, pool, pinning = UNPINNED }: CampaignOptions): RunningCampaign {
  const place = mkdtempSync(join(folder, 'campaign-'));
  const directory = join(place, 'result');
  const [pilotTimes, allTimes] = [join(place, 'pilot-times'), join(place, 'all-times')];
  const configFile = join(place, 'config.json');
  const pools = [{ kind: 'local', ...pool, launchWith: [...measuringPrefix(pilotTimes), ...pinning.load] }];
  writeFileSync(configFile, JSON.stringify({ name: 'bench', ...config, pools }));
  const command = [process.execPath, BUILT_CLI, 'run', configFile, '--out', directory, '--quiet', '--no-color'];
  const [shell, ...parameters] = [...measuringPrefix(allTimes), ...pinning.rest, ...command];
  const child = spawn(shell as string, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  const output = watchOutput(child);

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const readJournal = (): JournalLine[] => parseJournal(directory);
  return {
    pid: () => coordinatorUnder(child.pid as number),
    isRunning,
    async [Symbol.asyncDispose]() {
      if (!isRunning()) return;
      const ended = once(child, 'exit');
      // The first asks it to end in order, the second to end now.
      for (let interrupts = 0; interrupts < 2 && isRunning(); interrupts += 1) {
        process.kill(coordinatorUnder(child.pid as number), 'SIGINT');
        await delay(BETWEEN_INTERRUPTS_MS);
      }
      await ended;
    },
    pilotPids: () => pilotPidsIn(readJournal()),
    async reached(step) {
      for (;;) {
        // In this order: the last line is written before the process ends.
        const wasRunning = isRunning();
        const line = readJournal().findLast((each) => each.step === step);
        if (line !== undefined) return line;
        if (!wasRunning) throw new Error(`the campaign ended before ${step}: ${output()}`);
        await delay(LOOK_EVERY_MS);
      }
    },
    async ended() {
      const code = isRunning() ? ((await once(child, 'exit')) as [number | null])[0] : child.exitCode;
      if (code !== 0) throw new Error(`the campaign in ${directory} ended with ${code}: ${output()}`);
      const pilots = readMeasured(pilotTimes);
      if (pilots.processes !== pool.pilots) {
        throw new Error(`expected ${pool.pilots} pilots that ended by themselves, got ${pilots.processes}`);
      }
      const coordinatorCpuMs = readMeasured(allTimes).cpuMs - pilots.cpuMs;
      return {
        ...readResult(directory),
        pilotCpuMs: pilots.cpuMs,
        coordinatorCpuMs,
        journal: readJournal(),
        directory,
      };
    },
  };
}

/** Time between two steps of a journal in ms; null when one of them is missing. */
export function spanBetween(journal: readonly JournalLine[], from: string, to: string): number | null {
  const [first, last] = [from, to].map((step) => journal.findLast((line) => line.step === step));
  return first === undefined || last === undefined ? null : last.monotonicMs - first.monotonicMs;
}

function readResult(directory: string): Pick<FinishedCampaign, 'cell' | 'operations' | 'count'> {
  const { cells } = SummarySchema.parse(JSON.parse(readFileSync(summaryFile(directory), 'utf8')));
  const [cell] = cells;
  if (cell === undefined || cells.length !== 1) throw new Error(`expected one cell, got ${cells.length}`);
  const { ok, failed, cut } = cell.operations;
  const count =
    cell.server === null ? null : { ours: cell.server.counted - cell.server.difference, service: cell.server.counted };
  return { cell, operations: ok + failed + cut, count };
}

/** A last line that is still being written is left for the next look. */
function parseJournal(directory: string): JournalLine[] {
  let text: string;
  try {
    text = readFileSync(journalFile(directory), 'utf8');
  } catch {
    return []; // there is none yet
  }
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as JournalLine);
}

function pilotPidsIn(journal: readonly JournalLine[]): number[] {
  const joined = journal.filter(({ step }) => step === 'pilot-joined');
  return joined.map(({ host }) => (host as { pid: number }).pid);
}

/** The shell that measures has one child. */
function coordinatorUnder(shell: number): number {
  const pid = Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ')[0]);
  if (!(pid > 0)) throw new Error('expected the coordinator to run');
  return pid;
}

function watchOutput(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-STDERR_KEPT)));
  return () => said;
}
