/** A service as a process of its own: it says where it listens in one JSON line, and ends when its standard input does. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { type Clock, delay } from '../../foundation/clock.ts';
import { messageOf } from '../../foundation/error.ts';

export type ServiceOptions<Listening> = {
  command: readonly string[];
  flags: readonly string[];
  /** Its standard error is appended to this file. */
  log: string;
  clock: Clock;
  /** What its line must be. */
  listening: z.ZodType<Listening>;
};

export type ServiceProcess<Listening> = {
  listening: Listening;
  send: StandardInput;
  /** Resolves when it has ended, asked or not. */
  ended: Promise<unknown>;
  /** May be called twice. */
  stop(): Promise<void>;
};

/** What is written to a process that has ended is lost. */
export type StandardInput = {
  line(text: string): void;
  /** Whether it has not yet taken what was written to it. */
  isBehind(): boolean;
};

const STARTS_WITHIN_MS = 20_000;
const STOPS_WITHIN_MS = 3000;

/** Resolves when it listens. @throws Error that says in plain words why it does not */
export async function startServiceProcess<Listening>(
  options: ServiceOptions<Listening>,
): Promise<ServiceProcess<Listening>> {
  const { clock, listening } = options;
  const child = spawnDetached(options);
  try {
    const line = await awaitLine(child, options);
    const send: StandardInput = {
      line: (text) => child.stdin?.write(`${text}\n`),
      isBehind: () => child.stdin?.writableNeedDrain === true,
    };
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
    return { listening: listening.parse(JSON.parse(line)), send, ended, stop: () => stopProcess(child, clock) };
  } catch (thrown) {
    child.kill('SIGKILL');
    throw new Error(messageOf(thrown), { cause: thrown });
  }
}

/** A group of its own: Ctrl-C in the terminal is the coordinator's to handle. */
function spawnDetached({ command, flags, log }: ServiceOptions<unknown>): ChildProcess {
  const [program, ...parameters] = command;
  const logFile = openSync(log, 'a');
  const child = spawn(program as string, [...parameters, ...flags], {
    stdio: ['pipe', 'pipe', logFile],
    detached: true,
  });
  closeSync(logFile);
  child.stdin?.on('error', () => {}); // it may be gone before its input is closed
  return child;
}

async function awaitLine(child: ChildProcess, { log, clock }: ServiceOptions<unknown>): Promise<string> {
  const waiting = new AbortController();
  try {
    const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`it ended with exit code ${String(code)}; its log is ${log}`);
    });
    const late = delay(clock, STARTS_WITHIN_MS, waiting.signal).then(() => {
      throw new Error(`it did not listen within ${STARTS_WITHIN_MS} ms; its log is ${log}`);
    });
    exited.catch(() => {});
    late.catch(() => {});
    const [line] = (await Promise.race([once(lines, 'line'), exited, late])) as [string];
    return line;
  } finally {
    waiting.abort(); // else its timer keeps the process alive
  }
}

async function stopProcess(child: ChildProcess, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  const waiting = new AbortController();
  await Promise.race([ended, delay(clock, STOPS_WITHIN_MS, waiting.signal)]);
  waiting.abort();
  // A thread may hang in the file system: then it does not stop by itself.
  child.kill('SIGKILL');
  await ended;
}
