/** The real frontend, as `glidetester frontend` starts it, on a directory of so many files. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countCommand } from './count-command.ts';
import { type ServiceProcess, startService } from './start-service.ts';

const CLI_MAIN = fileURLToPath(new URL('../../coordinator/cli/main.ts', import.meta.url));
/** Four digits, as every other size that an answer of the bench may show. */
const FILE_BYTES = 1024;

export type BenchFrontend = ServiceProcess<{ url: string; metricsUrl: string; pid: number }> & {
  /** The directory as the service knows it. */
  directory: string;
  counters: { command: string };
};

export type FrontendWish = {
  folder: string;
  files: number;
  /** A folder with certificates that it serves httpg with; null: plain HTTP. */
  certificates: string | null;
  pin: readonly string[];
};

export async function startFrontend({ folder, files, certificates, pin }: FrontendWish): Promise<BenchFrontend> {
  const root = mkdtempSync(join(folder, 'root-'));
  const directory = `/d${files}`;
  mkdirSync(join(root, directory));
  const content = Buffer.alloc(FILE_BYTES, 'glidetester ');
  for (let file = 1; file <= files; file += 1) {
    writeFileSync(join(root, directory, `file-${String(file).padStart(5, '0')}`), content);
  }
  const secure = certificates === null ? [] : ['--httpg', '--certificates', certificates];
  const flags = ['--root', root, '--port', '0', '--stop-with-stdin', ...secure];
  const command = [...pin, process.execPath, CLI_MAIN, 'frontend', ...flags];
  const service = await startService<{ url: string; metricsUrl: string; pid: number }>(command);
  return { ...service, directory, counters: countCommand('frontend', `${service.listening.metricsUrl}/metrics`) };
}
