/** A service whose law is known, in a process of its own: its timers share no loop with the test. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { request } from 'undici';
import type { LawServerOptions, Stamp } from './law.ts';

const PROCESS_FILE = fileURLToPath(new URL('./law-server-process.ts', import.meta.url));

export type LawServer = {
  /** Of the SRM service. */
  url: string;
  /** What it has seen of a cell, in order of arrival. */
  readStamps(cell: string): Promise<Stamp[]>;
};

/** Resolves when it listens; it ends with the test. */
export async function startLawServer(t: ExecutionContext, options: LawServerOptions): Promise<LawServer> {
  const child = spawn(process.execPath, [PROCESS_FILE, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.stdin.end();
    await ended;
  });
  const listening = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const [line] = await Promise.race([
    listening,
    ended.then(([exitCode]) => {
      throw new Error(`the law server ended before it listened (${exitCode})`);
    }),
  ]);
  const { url, stampsUrl } = JSON.parse(line) as { url: string; stampsUrl: string };
  return {
    url,
    async readStamps(cell) {
      const { body } = await request(`${stampsUrl}/${encodeURIComponent(cell)}`);
      return (await body.json()) as Stamp[];
    },
  };
}
