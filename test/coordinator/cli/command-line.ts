/** The real command line as a process of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../coordinator/cli/main.ts', import.meta.url));

export type CommandEnd = { exitCode: number | null; stdout: string; stderr: string };

export type CommandOptions = { folder: string; environment?: Record<string, string> };

/** Starts `glidetester` with these words in a folder, with no more of our environment than it needs. */
export function startCommand(words: readonly string[], { folder, environment = {} }: CommandOptions): ChildProcess {
  return spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs `glidetester` to its end. */
export async function runCommand(words: readonly string[], options: CommandOptions): Promise<CommandEnd> {
  const child = startCommand(words, options);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout as NonNullable<typeof child.stdout>),
    text(child.stderr as NonNullable<typeof child.stderr>),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
