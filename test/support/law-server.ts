/** A service whose law is known, in a process of its own: its timers share no loop with the test. */

import type { ExecutionContext } from 'ava';
import { request } from 'undici';
import type { LawServerOptions, Stamp } from './law.ts';
import { startServiceProcess } from './service-process.ts';

export type LawServer = {
  /** Of the SRM service. */
  url: string;
  /** What it has seen of a cell, in order of arrival. */
  readStamps(cell: string): Promise<Stamp[]>;
};

/** Resolves when it listens; it ends with the test. */
export async function startLawServer(t: ExecutionContext, options: LawServerOptions): Promise<LawServer> {
  const { url, stampsUrl } = await startServiceProcess<{ url: string; stampsUrl: string }>(
    t,
    new URL('./law-server-process.ts', import.meta.url),
    options,
  );
  return {
    url,
    async readStamps(cell) {
      const { body } = await request(`${stampsUrl}/${encodeURIComponent(cell)}`);
      return (await body.json()) as Stamp[];
    },
  };
}
