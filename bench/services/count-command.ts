/** The command by which a campaign asks a service of the bench for its count. */

import { fileURLToPath } from 'node:url';

const COUNTED = fileURLToPath(new URL('./counted.ts', import.meta.url));

export function countCommand(kind: 'plain' | 'frontend' | 'nginx', ...parameters: string[]): { command: string } {
  return { command: [process.execPath, COUNTED, kind, ...parameters].map((part) => `'${part}'`).join(' ') };
}
