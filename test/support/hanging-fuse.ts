/** A real file system that hangs on command: a FUSE pass-through (Debian's python3-fusepy). */

import { spawn, spawnSync } from 'node:child_process';
import { on, once } from 'node:events';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { ensureDebianPackage } from './debian-package.ts';

const PROGRAM = fileURLToPath(new URL('hanging-fuse.py', import.meta.url));

export type HangingFuse = {
  mountPoint: string;
  /** From now on these calls hang, except on the root (and, for getattr, on what lies directly in it). */
  hang(operation: 'readdir' | 'getattr'): void;
  /** Lets all calls go, and hangs no more. */
  release(): void;
  /** Resolves to the paths of the next `count` calls that have come to hang. */
  awaitBlocked(count: number): Promise<string[]>;
  /** Ends the process behind the mount: calls that hang, and all later ones, fail. */
  kill(): void;
  /** Stops the process behind the mount: it reads no more calls, and those that wait can be killed. */
  freeze(): void;
};

/** Mounts `source`; null, with a line in the test's log, where FUSE can't be had. Unmounts when the test is over, whatever hangs. */
export async function mountHangingFuse(t: ExecutionContext, source: string): Promise<HangingFuse | null> {
  if (!(await ensureDebianPackage(t, ['python3-fusepy', 'fuse3']))) return null;
  if (!existsSync('/dev/fuse')) {
    t.log('skipped: needs /dev/fuse (in a container: --device /dev/fuse --cap-add SYS_ADMIN)');
    return null;
  }
  const mountPoint = mkdtempSync(join(tmpdir(), 'glidetester-fuse-'));
  const child = spawn('/usr/bin/python3', [PROGRAM, source, mountPoint], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  t.teardown(async () => {
    // Its death fails every call that hangs; the mount stays until it is taken off.
    child.kill('SIGKILL');
    await exited;
    if (spawnSync('fusermount3', ['-u', '-q', mountPoint]).status !== 0) spawnSync('umount', ['-l', mountPoint]);
    rmdirSync(mountPoint);
  });
  const lines = on(createInterface(child.stdout), 'line', { close: ['close'] }) as AsyncIterableIterator<[string]>;
  const readLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the FUSE process ended');
    return value[0];
  };
  const first = await readLine();
  if (first !== 'mounted') throw new Error(`expected the FUSE process to say "mounted", it said "${first}"`);
  return {
    mountPoint,
    hang: (operation) => void child.stdin.write(`hang ${operation}\n`),
    release: () => void child.stdin.write('release\n'),
    async awaitBlocked(count) {
      const paths: string[] = [];
      while (paths.length < count) {
        const path = /^blocked \w+ (.*)$/.exec(await readLine())?.[1];
        if (path !== undefined) paths.push(path);
      }
      return paths;
    },
    kill: () => void child.kill('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
  };
}
