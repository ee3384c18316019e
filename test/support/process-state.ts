/** Whether a process is still there. */

import { readFile } from 'node:fs/promises';

/** True when there is no such process, or a dead one whose parent has not looked yet; undefined while it lives. */
export async function isProcessGone(pid: number): Promise<true | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z') ? true : undefined;
  } catch {
    return true;
  }
}
