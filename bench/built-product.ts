/** The product as its users install it, so that its figures hold no stripping of types. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** Its command line, once it is built. */
export const BUILT_CLI = fileURLToPath(new URL('../dist/coordinator/cli/main.js', import.meta.url));

/** @throws Error with what the compiler said */
export function buildProduct(): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: PROJECT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run build ended with ${status}: ${stdout}${stderr}`);
}
