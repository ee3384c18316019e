/** wrk, one thread. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from '../bench-row.ts';
import { findProgram } from '../programs.ts';
import { type Load, type ToldCount, createLoadContender } from './load-contender.ts';
import type { HttpRequest } from './http-request.ts';

export type HttpWish = { url: string; connections: number; seconds: number };

/** Null when it is not there. @param post null: a GET */
export function wrk(folder: string, wish: HttpWish, post: HttpRequest | null, load: Load): Contender | null {
  const program = findProgram('wrk');
  if (program === null) return null;
  const script = post === null ? [] : ['-s', writeScript(folder, post)];
  const command = [program, '-t1', `-c${wish.connections}`, `-d${wish.seconds}s`, ...script, wish.url];
  return createLoadContender('wrk', load, command, parseWrk);
}

/** `  812345 requests in 10.00s, 2.34GB read`, `  Non-2xx or 3xx responses: 12`, `  Socket errors: connect 0, read 1, …`. */
export function parseWrk(stdout: string): ToldCount {
  const operations = /^\s*(\d+) requests in /m.exec(stdout)?.[1];
  if (operations === undefined) throw new Error(`expected what wrk prints, got ${stdout.slice(0, 300)}`);
  const unwanted = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0);
  const errors = [...(/Socket errors: (.*)/.exec(stdout)?.[1] ?? '').matchAll(/\d+/g)];
  return { operations: Number(operations), failed: errors.reduce((sum, [count]) => sum + Number(count), unwanted) };
}

function writeScript(folder: string, { method, headers, body }: HttpRequest): string {
  const place = mkdtempSync(join(folder, 'wrk-'));
  const [bodyFile, script] = [join(place, 'body'), join(place, 'request.lua')];
  writeFileSync(bodyFile, body);
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers[${quote(name)}] = ${quote(value)}`);
  writeFileSync(
    script,
    [`wrk.method = ${quote(method)}`, `wrk.body = io.open(${quote(bodyFile)}, 'rb'):read('*a')`, ...lines, ''].join(
      '\n',
    ),
  );
  return script;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
