/** The frontend as a process of its own, as the command line runs it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { FrontendOptions } from '../../frontend/main.ts';

const MAIN_FILE = new URL('../../frontend/main.ts', import.meta.url);

export type FrontendProcess = AsyncDisposable & {
  url: string;
  metricsUrl: string;
  pid: number;
  root: string;
  child: ChildProcess;
  /** All that it has written to stderr. */
  said(): string;
  /** Asks by SIGTERM; resolves to how it ended. */
  stop(): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
};

/** Resolves when it listens; `nodeArguments` go before the program. @throws Error with what it wrote to stderr when it ends instead */
export async function startFrontendProcess(
  options: FrontendOptions,
  nodeArguments: string[] = [],
): Promise<FrontendProcess> {
  const program = `import(${JSON.stringify(MAIN_FILE.href)})
    .then(({ runFrontend }) => runFrontend(JSON.parse(process.argv[1])));`;
  const child = spawn(process.execPath, [...nodeArguments, '--eval', program, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const listening = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const [line] = await Promise.race([
    listening,
    ended.then(([exitCode, signal]) => {
      throw new Error(`the frontend ended before it listened (${exitCode ?? signal}): ${said}`);
    }),
  ]);
  const { url, metricsUrl, pid, root } = JSON.parse(line) as Pick<
    FrontendProcess,
    'url' | 'metricsUrl' | 'pid' | 'root'
  >;
  const stop = async (): ReturnType<FrontendProcess['stop']> => {
    child.kill('SIGTERM');
    const [exitCode, signal] = await ended;
    return { exitCode, signal };
  };
  return {
    url,
    metricsUrl,
    pid,
    root,
    child,
    said: () => said,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}
