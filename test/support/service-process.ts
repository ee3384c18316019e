/** A service of a test in a process of its own: tells where it listens on its first line, ends when its input does. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

/**
 * Starts a script with its options as one JSON argument; it ends with the test.
 *
 * @returns the first line that it prints, which is JSON
 */
export async function startServiceProcess<Listening>(
  t: ExecutionContext,
  script: URL,
  options: object,
): Promise<Listening> {
  const file = fileURLToPath(script);
  const child = spawn(process.execPath, [file, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.stdin.end();
    await ended;
  });
  const listening = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const [line] = await Promise.race([
    listening,
    ended.then(([exitCode]) => {
      throw new Error(`${file} ended before it listened (${exitCode})`);
    }),
  ]);
  return JSON.parse(line) as Listening;
}
