/** A service of the bench as a process of its own: tells where it listens on its first line, ends when its input does. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cpuMsOf, processTreeOf } from '../measure-process.ts';

export type ServiceProcess<Listening> = AsyncDisposable & {
  listening: Listening;
  /** CPU time of its processes so far in ms. */
  cpuMs(): number;
};

/** @param command prints one line of JSON once it listens; put `node` and whatever pins it before the program yourself */
export async function startService<Listening>(command: readonly string[]): Promise<ServiceProcess<Listening>> {
  const [program, ...parameters] = command;
  const child = spawn(program as string, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {}); // it may have ended before it is told to
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${command.join(' ')} ended before it listened (${code})`);
    }),
  ])) as [string];
  return {
    listening: JSON.parse(line) as Listening,
    cpuMs: () => treeCpuMs(child),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

function treeCpuMs({ pid }: ChildProcess): number {
  return processTreeOf(pid as number).reduce((sum, each) => sum + cpuMsOf(each), 0);
}
