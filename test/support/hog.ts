/** A loop beside a process that takes nearly all of its core, as long as it is told to. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** It ends by itself even if the process beside it does not. */
const BUSY_FOR_AT_MOST_S = 20;

/**
 * The loop waits for the file `$0`, then runs for as long as that is there and the process is that this shell becomes. It is in
 * one session with it, since the scheduler shares cores out among sessions first, and is weighed against its nice value.
 */
const SCRIPT = `
  timeout ${BUSY_FOR_AT_MOST_S} sh -c 'until [ -e "$0" ]; do sleep 0.05; done; while [ -e "$0" ] && kill -0 $1; do :; done' \
    "$0" $$ 2> /dev/null &
  exec nice -n 19 "$@"`;

export type Hog = {
  /** Command that runs what follows it beside the loop. */
  launchWith: string[];
  start(): void;
  stop(): void;
};

export async function makeHog(t: ExecutionContext): Promise<Hog> {
  const file = join(await makeTemporaryFolder(t), 'go');
  return {
    launchWith: ['/bin/sh', '-c', SCRIPT, file],
    start: () => writeFileSync(file, ''),
    stop: () => rmSync(file, { force: true }),
  };
}
