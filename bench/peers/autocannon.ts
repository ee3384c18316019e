/** autocannon, without workers: one thread. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contender } from '../bench-row.ts';
import type { HttpRequest } from './http-request.ts';
import { type Load, type ToldCount, createLoadContender } from './load-contender.ts';
import type { HttpWish } from './wrk.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('autocannon'));

/** @param post null: a GET */
export function autocannon(folder: string, wish: HttpWish, post: HttpRequest | null, load: Load): Contender {
  const { url, connections, seconds } = wish;
  const request = post === null ? [] : describeRequest(folder, post);
  const flags = ['-c', String(connections), '-d', String(seconds), '-j', '-n', ...request];
  return createLoadContender('autocannon', load, [process.execPath, PROGRAM, ...flags, url], parseAutocannon);
}

export function parseAutocannon(stdout: string): ToldCount {
  const told = JSON.parse(stdout) as { '2xx': number; non2xx: number; errors: number; timeouts: number };
  return { operations: told['2xx'] + told.non2xx, failed: told.non2xx + told.errors + told.timeouts };
}

function describeRequest(folder: string, { method, headers, body }: HttpRequest): string[] {
  const bodyFile = join(mkdtempSync(join(folder, 'autocannon-')), 'body');
  writeFileSync(bodyFile, body);
  return [
    '-m',
    method,
    '-i',
    bodyFile,
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]),
  ];
}
