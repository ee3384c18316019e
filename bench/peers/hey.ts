/** hey, one core. */

import type { Contender } from '../bench-row.ts';
import { findProgram } from '../programs.ts';
import { type Load, type ToldCount, createLoadContender } from './load-contender.ts';
import type { HttpWish } from './wrk.ts';

/** Null when it is not there. */
export function hey({ url, connections, seconds }: HttpWish, load: Load): Contender | null {
  const program = findProgram('hey');
  if (program === null) return null;
  const command = [program, '-z', `${seconds}s`, '-c', String(connections), '-cpus', '1', url];
  return createLoadContender('hey', load, command, parseHey);
}

/** `  [200]	812345 responses` below `Status code distribution:`, `  [3]	Get …` below `Error distribution:`. */
export function parseHey(stdout: string): ToldCount {
  const statuses = [...stdout.matchAll(/^\s*\[(\d+)\]\s+(\d+) responses/gm)];
  const sum = (wanted: (status: string) => boolean): number =>
    statuses.filter(([, status]) => wanted(status as string)).reduce((total, [, , count]) => total + Number(count), 0);
  const errors = stdout.split('Error distribution:')[1]?.matchAll(/^\s*\[(\d+)\]/gm) ?? [];
  const failed = [...errors].reduce((total, [, count]) => total + Number(count), 0);
  return { operations: sum(() => true), failed: failed + sum((status) => !status.startsWith('2')) };
}
