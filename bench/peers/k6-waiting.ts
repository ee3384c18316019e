/** k6 as a peer that holds waiting clients: one process an address, ended once its memory has been read. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { HeldPeer } from './holders.ts';
import { writeK6Script } from './k6.ts';

export type K6Wait = { program: string; folder: string; url: string; clients: number; addresses: readonly string[] };

/** Longer than any wait of the bench: it is ended before. */
const SECONDS = 3600;

/** `hold` starts nothing: k6 asks as soon as it has made its users, and whether all wait is the service's to tell. */
export async function startK6Waiting({ program, folder, url, clients, addresses }: K6Wait): Promise<HeldPeer> {
  const connections = clients / addresses.length;
  const script = writeK6Script(folder, { url, connections, seconds: SECONDS, secure: null });
  const children = addresses.map((address) => {
    const flags = ['run', '--quiet', '--no-usage-report', '--local-ips', address, script];
    return spawn(program, flags, { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  return {
    pids: children.map(({ pid }) => pid as number),
    hold: async () => 0,
    async [Symbol.asyncDispose]() {
      const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      const ended = running.map((child) => once(child, 'exit'));
      for (const child of running) child.kill('SIGKILL');
      await Promise.all(ended);
    },
  };
}
