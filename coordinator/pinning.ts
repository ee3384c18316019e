/** Keeps a process, and all that it starts, on chosen cores: `taskset` of util-linux. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const PROGRAM = 'taskset';

/** The command line that runs this one on these cores alone; itself without any. It becomes the process: the pid is the same. */
export function pinTo(cpus: readonly number[] | undefined, command: readonly string[]): readonly string[] {
  return cpus === undefined ? command : [PROGRAM, '-c', cpus.join(','), ...command];
}

/** Whether processes can be pinned here. */
export function canPin(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, PROGRAM), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
