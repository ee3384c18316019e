/**
 * The `counters` command of the bench's campaigns: prints one number of a service. `node counted.ts plain URL` prints the page as
 * it is, `frontend URL` all operations that the frontend answered with success, `nginx URL FILE` the requests of nginx less those
 * of this command, which FILE counts.
 */

import { readFileSync, writeFileSync } from 'node:fs';

const [kind, url = '', file = ''] = process.argv.slice(2);
const page = await (await fetch(url)).text();
process.stdout.write(`${read()}\n`);

function read(): number {
  if (kind === 'plain') return Number(page);
  if (kind === 'nginx') return Number(/^ *\d+ +\d+ +(\d+) *$/m.exec(page)?.[1]) - countOwn();
  if (kind !== 'frontend') throw new Error(`expected plain, frontend or nginx, got ${kind}`);
  return sumOf(page.matchAll(/^glidetester_frontend_answered_total\{[^}]*outcome="ok"[^}]*\} (\d+)$/gm));
}

function sumOf(matches: Iterable<RegExpExecArray>): number {
  return [...matches].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Asking nginx is a request too, the one just made included. */
function countOwn(): number {
  let asked = 1;
  try {
    asked += Number(readFileSync(file, 'utf8'));
  } catch {
    // the first time
  }
  writeFileSync(file, String(asked));
  return asked;
}
