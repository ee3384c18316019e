/** Clocks that differ, behind a link that is slower one way than the other: what is printed about the start must still be true. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { uptime } from 'node:os';
import test from 'ava';
import { nearestRank } from '../../reports/measures/percentile.ts';
import { type FinishedCell, runCampaign } from '../support/campaign.ts';
import type { Law } from '../support/law.ts';
import { type LawServer, startLawServer } from '../support/law-server.ts';
import { startRelay } from '../support/relay.ts';

const ENTRIES = 20;
const HOLD: Law = { service: 'constant', holdMs: 200, places: null };
const CLIENTS_PER_PILOT = 10;

/** Runs what follows it on a monotonic clock of its own. */
function shiftClock(byS: number): string[] {
  return ['unshare', '--time', '--fork', '--monotonic', String(byS), '--'];
}

/** A clock can't go back beyond its boot. */
const SHIFT_S = Math.floor(Math.min(1000, uptime() - 10));

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

type Arrival = { client: number; sequence: number; startMs: number; arrivalMs: number };

/** When each operation started, as its pilot tells, and when the server saw it come; in ms since T0. */
async function joinArrivals(server: LawServer, { rows, summary, t0Ms }: FinishedCell): Promise<Arrival[]> {
  const nameOf = ({ client, sequence }: Pick<Arrival, 'client' | 'sequence'>): string => `${client}/${sequence}`;
  const stamps = new Map(
    (await server.readStamps(summary.id)).map((stamp) => [nameOf(stamp), stamp.receivedMs - t0Ms]),
  );
  return rows.map(({ client, sequence, startMs }) => ({
    client,
    sequence,
    startMs,
    arrivalMs: stamps.get(nameOf({ client, sequence })) ?? NaN,
  }));
}

const TIMING = {
  warmUp: { atLeast: '0s', atMost: '20s' },
  window: { atLeast: '500ms', operationsPerClient: 1, atMost: '10s' },
};

test('the start of pilots on shifted clocks behind an asymmetric link lies within the printed bound', async (t) => {
  const [launcher, ...parameters] = shiftClock(SHIFT_S);
  if (spawnSync(launcher as string, [...parameters, 'true']).status !== 0) {
    t.log('skipped: needs time namespaces, so root and `unshare --time` of util-linux');
    t.pass();
    return;
  }
  const server = await startLawServer(t, { entries: ENTRIES, laws: { 30: HOLD } });
  const port = await findFreePort();
  const throughSlowBack = await startRelay(t, { toPort: port, thereMs: 5, backMs: 50 });
  const throughSlowThere = await startRelay(t, { toPort: port, thereMs: 50, backMs: 5 });
  const shiftMsOf: Record<string, number> = { ahead: SHIFT_S * 1000, behind: -SHIFT_S * 1000, here: 0 };
  const pool = { kind: 'local', pilots: 1, slotsPerPilot: CLIENTS_PER_PILOT } as const;
  const campaign = await runCampaign(t, {
    name: 'shifted-clocks',
    target: { kind: 'url', url: server.url },
    scenario: { kind: 'srm-ls', directories: { [ENTRIES]: '/law' } },
    load: { levels: [30] },
    timing: TIMING,
    coordinator: { listen: `127.0.0.1:${port}` },
    pools: [
      { ...pool, site: 'ahead', launchWith: shiftClock(SHIFT_S), reach: `127.0.0.1:${throughSlowBack}` },
      { ...pool, site: 'behind', launchWith: shiftClock(-SHIFT_S), reach: `127.0.0.1:${throughSlowThere}` },
      { ...pool, site: 'here' },
    ],
  });
  t.is(campaign.exitCode, 0, campaign.stderr);
  const cell = await campaign.readCell('001-d20-l30-r1');
  t.is(cell.summary.state, 'ok');

  const firsts = (await joinArrivals(server, cell)).filter(({ sequence }) => sequence === 0);
  t.is(firsts.length, 30);
  const trueSkewsMs: number[] = [];
  for (const { id, site, firstClient, clients, clock } of cell.evidence.pilots) {
    const shiftMs = shiftMsOf[site] as number;
    const tied = campaign.journal.find((line) => line.step === 'clock-tied' && line['pilot'] === id);
    t.is(tied?.['method'], site === 'here' ? 'shared-clock' : 'exchange');
    t.is(clock.method, site === 'here' ? 'shared-clock' : 'exchange');
    const tiedOffsetMs = tied?.['offsetMs'] as number;
    t.true(Math.abs(tiedOffsetMs - shiftMs) <= (tied?.['errorMs'] as number), JSON.stringify(tied));
    t.true(Math.abs(clock.offsetMs - shiftMs) <= clock.errorMs, JSON.stringify(clock));
    t.log(`${site}: off by ${(clock.offsetMs - shiftMs).toFixed(3)} ms, bound ${clock.errorMs.toFixed(3)} ms`);
    for (const { client, startMs, arrivalMs } of firsts) {
      if (client < firstClient || client >= firstClient + clients) continue;
      // Fired at T0 + tied offset by its own clock, which is the host's and the shift: so it truly started then.
      const trueStartMs = startMs + tiedOffsetMs - shiftMs;
      const saidStartMs = startMs + clock.startCorrectionMs;
      const about = `client ${client} of ${site}: said ${saidStartMs}, true ${trueStartMs}, arrived ${arrivalMs}`;
      t.true(Math.abs(saidStartMs - trueStartMs) <= clock.errorMs, about);
      t.true(trueStartMs <= arrivalMs, about);
      trueSkewsMs.push(Math.abs(trueStartMs));
    }
  }
  const { max, clockErrorMs } = cell.summary.startSkewMs;
  t.true(Math.abs((max as number) - Math.max(...trueSkewsMs)) <= (clockErrorMs as number));
});

test('the start of 4 pilots with 10 clients each agrees with when the server saw them come', async (t) => {
  const server = await startLawServer(t, { entries: ENTRIES, laws: { 40: HOLD } });
  const campaign = await runCampaign(t, {
    name: 'first-arrivals',
    target: { kind: 'url', url: server.url },
    scenario: { kind: 'srm-ls', directories: { [ENTRIES]: '/law' } },
    load: { levels: [40], runs: 3 },
    timing: TIMING,
    pools: [{ kind: 'local', pilots: 4, slotsPerPilot: CLIENTS_PER_PILOT }],
  });
  t.is(campaign.exitCode, 0, campaign.stderr);
  // What it costs at most to be accepted in such a burst: the run before tells (the very first runs cold).
  const before = await joinArrivals(server, await campaign.readCell('002-d20-l40-r2'));
  const acceptMs = 2 * Math.max(...before.map(({ startMs, arrivalMs }) => arrivalMs - startMs));
  const cell = await campaign.readCell('003-d20-l40-r3');
  t.deepEqual(
    cell.evidence.pilots.map(({ clients }) => clients),
    [10, 10, 10, 10],
  );
  const arrivals = (await joinArrivals(server, cell)).filter(({ sequence }) => sequence === 0);
  const skewsMs = Float64Array.from(arrivals, ({ arrivalMs }) => Math.abs(arrivalMs)).sort();
  t.is(skewsMs.length, 40);
  const { p50, p99, max, clockErrorMs } = cell.summary.startSkewMs;
  for (const [percent, printedMs] of [
    [50, p50],
    [99, p99],
    [100, max],
  ] as const) {
    const laterMs = nearestRank(skewsMs, percent) - (printedMs as number);
    const text = `p${percent}: printed ${printedMs} ms, at the server ${laterMs.toFixed(3)} ms later, accepted in ${acceptMs.toFixed(3)} ms`;
    t.log(text);
    t.true(laterMs >= -(clockErrorMs as number) && laterMs <= (clockErrorMs as number) + acceptMs, text);
  }
});
