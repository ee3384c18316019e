/** The embedded target: the frontend as a process of its own, on directories that it makes, gone with the campaign. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pLimit from 'p-limit';
import { z } from 'zod';
import { type Clock, delay } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import type { Target } from '../config/schema.ts';
import type { TargetHandle } from './target.ts';

type EmbeddedTarget = Extract<Target, { kind: 'embedded' }>;

const STARTS_WITHIN_MS = 20_000;
const STOPS_WITHIN_MS = 3000;
const FILES_AT_ONCE = 32;

/** What the frontend prints when it listens. */
const ListeningSchema = z.object({ url: z.string(), metricsUrl: z.string(), pid: z.number() });

export type EmbeddedOptions = { target: EmbeddedTarget; command: readonly string[]; log: string; clock: Clock };

/** Makes the directories and starts the frontend. @throws GT_TARGET_START */
export async function startEmbeddedTarget(options: EmbeddedOptions): Promise<TargetHandle> {
  const { target, clock } = options;
  const made = typeof target.root === 'string' ? null : await makeDirectories(target.root);
  const root = made ?? (target.root as string);
  const removeMade = async (): Promise<void> => {
    if (made !== null) await rm(made, { recursive: true, force: true });
  };
  let frontend = await startFrontend(options, root).catch(async (thrown: unknown) => {
    await removeMade();
    throw thrown;
  });
  const stopFrontend = async (): Promise<void> => {
    const { child } = frontend;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.stdin?.end();
    const waiting = new AbortController();
    await Promise.race([ended, delay(clock, STOPS_WITHIN_MS, waiting.signal)]);
    waiting.abort();
    // A listing thread may hang in the file system: then it does not stop by itself.
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: () => frontend.url,
    metricsUrl: () => frontend.metricsUrl,
    pid: () => frontend.pid,
    async restart() {
      await stopFrontend();
      frontend = await startFrontend(options, root);
    },
    async stop() {
      await stopFrontend();
      await removeMade();
    },
  };
}

/** Directories /d<n> with n files each, below a fresh temporary folder. */
async function makeDirectories({ make, fileBytes }: { make: readonly number[]; fileBytes: number }): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'glidetester-'));
  const content = Buffer.alloc(fileBytes, 'glidetester ');
  const limit = pLimit(FILES_AT_ONCE);
  for (const size of make) {
    const folder = join(root, `d${size}`);
    await mkdir(folder);
    const names = Array.from({ length: size }, (_, index) => `file-${String(index + 1).padStart(5, '0')}`);
    await Promise.all(names.map((name) => limit(() => writeFile(join(folder, name), content))));
  }
  return root;
}

async function startFrontend({ target, command, log, clock }: EmbeddedOptions, root: string) {
  const [program, ...parameters] = command;
  const flags = ['--root', root, '--port', '0', '--fs-concurrency', String(target.fsConcurrency), '--stop-with-stdin'];
  if (target.showChecksumWhenListingFile) flags.push('--checksum');
  const logFile = openSync(log, 'a');
  const child: ChildProcess = spawn(program as string, [...parameters, ...flags], {
    stdio: ['pipe', 'pipe', logFile],
    detached: true,
  });
  closeSync(logFile);
  child.stdin?.on('error', () => {}); // it may be gone before its input is closed
  const waiting = new AbortController();
  try {
    const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`it ended with exit code ${String(code)}; its log is ${log}`);
    });
    const late = delay(clock, STARTS_WITHIN_MS, waiting.signal).then(() => {
      throw new Error(`it did not listen within ${STARTS_WITHIN_MS} ms; its log is ${log}`);
    });
    exited.catch(() => {});
    late.catch(() => {});
    const [line] = (await Promise.race([once(lines, 'line'), exited, late])) as [string];
    return { child, ...ListeningSchema.parse(JSON.parse(line)) };
  } catch (cause) {
    child.kill('SIGKILL');
    throw new GlideTesterError('GT_TARGET_START', `expected the embedded frontend to listen: ${messageOf(cause)}`, {
      hint: 'start it alone with `glidetester frontend --root DIR --port 0` to see why',
      cause,
    });
  } finally {
    waiting.abort(); // else its timer keeps the process alive
  }
}
