/** The frontend as a process that speaks httpg, for gfal: a tree, where it lies for gfal, and what it has counted. */

import type { ExecutionContext } from 'ava';
import type { FrontendOptions } from '../../frontend/main.ts';
import { SRM_SERVICE_PATH } from '../../scenarios/srm/wire.ts';
import { type CellCount, CellCountSchema } from '../../scenarios/server-count.ts';
import { startFrontendProcess } from './frontend-process.ts';
import type { Gfal } from './gfal.ts';

export type GfalFrontend = {
  port: number;
  surlOf(path: string): string;
  /** What requests without our header came to; each stands for itself. */
  readCount(): Promise<CellCount>;
  /** The metrics page. */
  readMetrics(): Promise<string>;
};

/** Ends with the test. It serves httpg with gfal's certificate folder. */
export async function startGfalFrontend(
  t: ExecutionContext,
  { certificates }: Pick<Gfal, 'certificates'>,
  options: Pick<FrontendOptions, 'root'> & Partial<FrontendOptions>,
): Promise<GfalFrontend> {
  const frontend = await startFrontendProcess({
    port: 0,
    fsConcurrency: 2,
    httpg: true,
    certificates: certificates.directory,
    ...options,
  });
  t.teardown(() => frontend.stop());
  const { port } = new URL(frontend.url);
  const read = async (path: string): Promise<Response> => fetch(`${frontend.metricsUrl}${path}`);
  return {
    port: Number(port),
    surlOf: (path) => `srm://localhost:${port}${SRM_SERVICE_PATH}?SFN=${path}`,
    readCount: async () => CellCountSchema.parse(await (await read('/cells/-/-/0')).json()),
    readMetrics: async () => (await read('/metrics')).text(),
  };
}
