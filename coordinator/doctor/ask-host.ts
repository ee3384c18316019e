/** Asks a host what it can hold: by a process that is started as a pilot there would be, and so has its limits. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import { type HostCapacity, HostCapacitySchema } from '../../foundation/host-capacity.ts';

/** A launcher may have to fetch or wake something first. */
const ANSWERS_WITHIN_MS = 30_000;
const SHOWN_OF_ITS_WORDS = 300;

/**
 * @param line the command line that prints the facts
 * @param who whose host it is, for the message
 * @throws GT_POOL_REQUEST when it can't be started, ends with an error, takes too long or prints none
 */
export async function askHost(
  line: readonly string[],
  who: string,
  withinMs = ANSWERS_WITHIN_MS,
): Promise<HostCapacity> {
  const [program, ...parameters] = line;
  const said = await run(program as string, parameters, withinMs).catch((cause: unknown) => {
    throw refuse(`${who}: expected to start ${program}: ${messageOf(cause)}`, cause);
  });
  const facts = said.stdout
    .split('\n')
    .map(parseFacts)
    .find((found) => found !== null);
  if (facts !== undefined) return facts;
  const words = said.stderr.trim().slice(-SHOWN_OF_ITS_WORDS);
  throw refuse(`${who}: expected facts about its host; ${said.end}${words === '' ? '' : `: ${words}`}`);
}

async function run(program: string, parameters: readonly string[], withinMs: number) {
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const late = AbortSignal.timeout(withinMs);
  const stop = (): void => endGroup(child);
  late.addEventListener('abort', stop, { once: true });
  try {
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null, string | null]>,
    ]);
    const end = late.aborted ? `it took longer than ${withinMs} ms` : `it ended with ${signal ?? `exit code ${code}`}`;
    return { stdout, stderr, end };
  } finally {
    late.removeEventListener('abort', stop);
  }
}

/** A launcher's children end with it. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended between the look and the kill.
  }
}

/** A launcher may print lines of its own. */
function parseFacts(line: string): HostCapacity | null {
  try {
    return HostCapacitySchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function refuse(message: string, cause?: unknown): GlideTesterError {
  return new GlideTesterError('GT_POOL_REQUEST', message, { hint: 'check launchWith of this pool', cause });
}
