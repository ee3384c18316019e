/** A campaign against a law server, and what both sides have of each of its cells. */

import type { ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { type FinishedCell, runCampaign } from './campaign.ts';
import type { Law, Stamp } from './law.ts';
import { startLawServer } from './law-server.ts';

/** The smallest answer: reading it costs little against the times of the laws. */
const ENTRIES = 1;
/** The limit of the mark `little`. */
const LITTLE_LIMIT = 0.02;
/** Relative: buffers, timers and wake-ups between both sides. */
const LEAST_ALLOWED = 0.01;

/** An operation that was answered, on the server's own watch; instants in ms since T0. */
export type Served = Pick<Stamp, 'client' | 'sequence'> & { receivedMs: number; servedMs: number; answeredMs: number };

export type LawCell = FinishedCell & {
  served: Served[];
  window: { openMs: number; closeMs: number };
};

export type LawCampaign = {
  /** The law of each level, in the order in which they are measured. */
  laws: Record<number, Law>;
  timing: NonNullable<ConfigInput['timing']>;
  start?: NonNullable<ConfigInput['load']['start']>;
};

/** Measures one cell a level. */
export async function measureLaws(t: ExecutionContext, { laws, timing, start }: LawCampaign): Promise<LawCell[]> {
  const server = await startLawServer(t, { entries: ENTRIES, laws });
  const campaign = await runCampaign(t, {
    name: 'law',
    // The laws are about clients that wait, not about connections that come and go.
    target: { kind: 'url', url: server.url, connection: { perOperation: false } },
    scenario: { kind: 'srm-ls', directories: { [ENTRIES]: '/law' } },
    load: { levels: Object.keys(laws).map(Number), start },
    timing,
    pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 500 }],
  });
  t.is(campaign.exitCode, 0, campaign.stderr);
  return Promise.all(
    campaign.cells.map(async ({ id }) => {
      const cell = await campaign.readCell(id);
      const { window } = cell.evidence;
      if (window === null) throw new Error(`cell ${id} has no window:\n${campaign.stderr}`);
      return { ...cell, window, served: sinceT0(await server.readStamps(id), cell.t0Ms) };
    }),
  );
}

function sinceT0(stamps: readonly Stamp[], t0Ms: number): Served[] {
  return stamps.flatMap(({ client, sequence, receivedMs, servedMs, answeredMs }) =>
    servedMs === null || answeredMs === null
      ? []
      : [
          {
            client,
            sequence,
            receivedMs: receivedMs - t0Ms,
            servedMs: servedMs - t0Ms,
            answeredMs: answeredMs - t0Ms,
          },
        ],
  );
}

/** What must hold in every cell, whatever its law. */
export function assertTrusted(t: ExecutionContext, { summary, served }: LawCell): void {
  const about = describeCell(summary);
  t.is(summary.state, 'ok', about);
  t.is(summary.held, summary.level, about);
  t.is(summary.operations.failed + summary.operations.cut, 0, about);
  t.is(summary.operations.ok, served.length, `the server answered ${served.length}; ${about}`);
  t.true(Math.abs(summary.littleErrorRatio as number) <= LITTLE_LIMIT, about);
}

/** @param deviation what chance may do, relative; below 1 % it is 1 % all the same */
export function assertAgrees(
  t: ExecutionContext,
  { summary }: LawCell,
  [what, value, law]: [what: string, value: number | null, law: number],
  deviation = 0,
): void {
  const allowed = Math.max(LEAST_ALLOWED, deviation);
  const difference = value === null ? NaN : value / law - 1;
  const text =
    `${what} of level ${summary.level}: ${value?.toFixed(3)}, by the law ${law.toFixed(3)}: ` +
    `${(100 * difference).toFixed(2)} % off, ${(100 * allowed).toFixed(2)} % allowed`;
  t.log(text);
  t.true(Math.abs(difference) <= allowed, `${text}; ${describeCell(summary)}`);
}

function describeCell(summary: LawCell['summary']): string {
  return JSON.stringify({ ...summary, marks: summary.marks.map(({ text }) => text) });
}

/** Mean time in their places of the operations that took one in the window: those that only touch it would be too long ones. */
export function meanHoldMs(
  served: readonly Pick<Served, 'servedMs' | 'answeredMs'>[],
  { openMs, closeMs }: { openMs: number; closeMs: number },
): number {
  const holdsMs = served
    .filter(({ servedMs }) => servedMs >= openMs && servedMs < closeMs)
    .map(({ servedMs, answeredMs }) => answeredMs - servedMs);
  return holdsMs.reduce((sum, holdMs) => sum + holdMs, 0) / holdsMs.length;
}
