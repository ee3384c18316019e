/** k6, one scheduler thread (GOMAXPROCS=1), without its own checks and thresholds. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from '../bench-row.ts';
import { findProgram } from '../programs.ts';
import { type Load, type ToldCount, createLoadContender } from './load-contender.ts';
import type { HttpWish } from './wrk.ts';

export type K6Wish = HttpWish & {
  /** PEM files of one user; every request then makes a connection of its own. Null: plain HTTP, kept connections. */
  secure: { certificate: string; key: string } | null;
};

/** Null when it is not there. */
export function k6(folder: string, wish: K6Wish, load: Load): Contender | null {
  const program = findProgram('k6');
  if (program === null) return null;
  const script = writeK6Script(folder, wish);
  const command = ['env', 'GOMAXPROCS=1', program, 'run', '--quiet', '--no-usage-report', script];
  return createLoadContender('k6', load, command, parseK6);
}

/** The script prints the summary's data as JSON; counters have had their value in `values` and beside it. */
export function parseK6(stdout: string): ToldCount {
  const { metrics } = JSON.parse(stdout) as {
    metrics: Record<string, { values?: Record<string, number> } & Record<string, unknown>>;
  };
  const read = (metric: string, key: string): number => {
    const found = metrics[metric]?.values?.[key] ?? metrics[metric]?.[key];
    if (typeof found !== 'number') throw new Error(`expected ${metric}.${key} in what k6 prints`);
    return found;
  };
  const operations = read('http_reqs', 'count');
  return { operations, failed: Math.round(operations * read('http_req_failed', 'rate')) };
}

export function writeK6Script(folder: string, { url, connections, seconds, secure }: K6Wish): string {
  const options = {
    vus: connections,
    duration: `${seconds}s`,
    ...(secure === null ? {} : { noConnectionReuse: true, insecureSkipTLSVerify: true, tlsVersion: 'tls1.2' }),
  };
  const tlsAuth =
    secure === null
      ? ''
      : `options.tlsAuth = [{ cert: open(${JSON.stringify(secure.certificate)}), key: open(${JSON.stringify(secure.key)}) }];`;
  const script = join(mkdtempSync(join(folder, 'k6-')), 'script.js');
  writeFileSync(
    script,
    `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
${tlsAuth}
export default function () { http.get(${JSON.stringify(url)}); }
export function handleSummary(data) { return { stdout: JSON.stringify(data) }; }
`,
  );
  return script;
}
