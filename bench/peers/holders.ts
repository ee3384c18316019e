/** Runs the processes of a holding peer side by side. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { HoldWish } from './hold-wish.ts';

const SCRIPT = fileURLToPath(new URL('./hold.ts', import.meta.url));

export type HeldPeer = AsyncDisposable & {
  pids: number[];
  /** Opens all connections and asks once on each; how many of them failed. */
  hold(): Promise<number>;
};

type Holder = { child: ChildProcessByStdio<Writable, Readable, null>; lines: Interface };

/** Resolves when all are up and idle. */
export async function startHolders(wishes: readonly HoldWish[]): Promise<HeldPeer> {
  const holders = wishes.map((wish): Holder => {
    const child = spawn(process.execPath, [SCRIPT, JSON.stringify(wish)], { stdio: ['pipe', 'pipe', 'inherit'] });
    return { child, lines: createInterface(child.stdout) };
  });
  await Promise.all(holders.map(nextLine));
  return {
    pids: holders.map(({ child }) => child.pid as number),
    async hold() {
      const told = holders.map(nextLine);
      for (const { child } of holders) child.stdin.write('go\n');
      return (await Promise.all(told)).reduce((sum, { failed }) => sum + failed, 0);
    },
    async [Symbol.asyncDispose]() {
      const running = holders.filter(({ child }) => child.exitCode === null && child.signalCode === null);
      const ended = running.map(({ child }) => once(child, 'exit'));
      for (const { child } of running) child.stdin.end();
      await Promise.all(ended);
    },
  };
}

async function nextLine({ child, lines }: Holder): Promise<{ failed: number }> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a peer ended before it told anything (${code})`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return JSON.parse(line) as { failed: number };
}
