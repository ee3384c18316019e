/** The server's own count of a cell: the frontend's metrics endpoint, or a command of the user's. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { request } from 'undici';
import { type Clock, delay } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import type { ServerCount } from '../../reports/evidence.ts';
import { type CellCount, CellCountSchema } from '../../scenarios/server-count.ts';
import type { CutOperation } from '../cell/operation-tally.ts';

/** The service may still be ending operations that we have cut: it is asked again until none is open, at most this long. */
const SETTLES_WITHIN_MS = 2000;
const ASK_AGAIN_AFTER_MS = 50;
const ANSWERS_WITHIN_MS = 2000;

export type CountedCell = { campaign: string; cell: string; attempt: number };

/** The frontend's count of one cell, or null when it can't be had. */
export async function countAtFrontend(
  clock: Clock,
  metricsUrl: string,
  { campaign, cell, attempt }: CountedCell,
  cut: readonly CutOperation[],
): Promise<ServerCount | null> {
  const url = `${metricsUrl}/cells/${campaign}/${cell}/${attempt}`;
  const deadlineMs = clock.nowMs() + SETTLES_WITHIN_MS;
  for (;;) {
    const count = await fetchCount(url);
    if (count === null) return null;
    if (count.open === 0 || clock.nowMs() >= deadlineMs) return toServerCount(count, cut);
    await delay(clock, ASK_AGAIN_AFTER_MS);
  }
}

async function fetchCount(url: string): Promise<CellCount | null> {
  try {
    const answer = await request(url, { headersTimeout: ANSWERS_WITHIN_MS, bodyTimeout: ANSWERS_WITHIN_MS });
    return CellCountSchema.parse(await answer.body.json());
  } catch {
    return null; // the report says "not checked"; a service that hangs must not end the campaign here
  }
}

/** What we cut and the service lists as its client's last success counts there and not here. */
function toServerCount({ answered, lastAnswered }: CellCount, cut: readonly CutOperation[]): ServerCount {
  const okButCutHere = cut.filter(({ client, sequence }) => {
    const last = lastAnswered[String(client)];
    return last !== undefined && last[0] === sequence && last[1] === 'ok';
  }).length;
  return { source: 'frontend', counted: answered['ok'] ?? 0, byOutcome: answered, okButCutHere };
}

/** The number that the user's command prints. @throws GT_COUNTERS_COMMAND when it fails or prints no number */
export async function countByCommand(command: string): Promise<number> {
  const explain = (came: string, cause?: unknown): GlideTesterError =>
    new GlideTesterError('GT_COUNTERS_COMMAND', `target.counters.command: expected one whole number, ${came}`, {
      hint: `run it by hand: ${command}`,
      cause,
    });
  let output: string;
  try {
    ({ stdout: output } = await promisify(execFile)('/bin/sh', ['-c', command], { timeout: 30_000 }));
  } catch (cause) {
    throw explain(`it failed: ${messageOf(cause)}`, cause);
  }
  if (!/^\s*\d+\s*$/.test(output)) throw explain(`it printed ${JSON.stringify(output.slice(0, 80))}`);
  return Number(output);
}
