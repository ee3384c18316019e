/** Clocks that differ, behind a link that is slower one way than the other: what is printed about the start must still be true. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { uptime } from 'node:os';
import test from 'ava';
import { nearestRank } from '../../reports/measures/percentile.ts';
import { type FinishedCampaign, type FinishedCell, runCampaign } from '../support/campaign.ts';
import type { Law, Stamp } from '../support/law.ts';
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

/** The first operation of every client, as its pilot tells it and as the server saw it come. */
async function joinFirsts(server: LawServer, { rows, summary }: FinishedCell) {
  const arrivals = new Map<number, Stamp>();
  for (const stamp of await server.readStamps(summary.id)) if (stamp.sequence === 0) arrivals.set(stamp.client, stamp);
  return rows
    .filter(({ sequence }) => sequence === 0)
    .map(({ client, startMs }) => ({ client, startMs, receivedMs: arrivals.get(client)?.receivedMs ?? NaN }));
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
  t.is(campaign.exitCode, 0, campaign.said);
  const cell = await campaign.readCell('001-d20-l30-r1');
  t.is(cell.summary.state, 'ok');

  const firsts = await joinFirsts(server, cell);
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
    for (const { client, startMs, receivedMs } of firsts) {
      if (client < firstClient || client >= firstClient + clients) continue;
      // Fired at T0 + tied offset by its own clock, which is the host's and the shift: so it truly started then.
      const trueStartMs = startMs + tiedOffsetMs - shiftMs;
      const saidStartMs = startMs + clock.startCorrectionMs;
      const arrivalMs = receivedMs - cell.t0Ms;
      const about = `client ${client} of ${site}: said ${saidStartMs}, true ${trueStartMs}, arrived ${arrivalMs}`;
      t.true(Math.abs(saidStartMs - trueStartMs) <= clock.errorMs, about);
      t.true(trueStartMs <= arrivalMs, about);
      trueSkewsMs.push(Math.abs(trueStartMs));
      if (client === firstClient) t.log(about);
    }
  }
  const { max, clockErrorMs } = cell.summary.startSkewMs;
  t.true(Math.abs((max as number) - Math.max(...trueSkewsMs)) <= (clockErrorMs as number));
});

test('the start of 4 pilots with 10 clients each agrees with when the server saw them come', async (t) => {
  const server = await startLawServer(t, { entries: ENTRIES, laws: { 1: HOLD, 40: HOLD } });
  const campaign: FinishedCampaign = await runCampaign(t, {
    name: 'first-arrivals',
    target: { kind: 'url', url: server.url },
    scenario: { kind: 'srm-ls', directories: { [ENTRIES]: '/law' } },
    load: { levels: [1, 40] },
    timing: { ...TIMING, window: { atLeast: '500ms', operationsPerClient: 5, atMost: '10s' } },
    pools: [{ kind: 'local', pilots: 4, slotsPerPilot: CLIENTS_PER_PILOT }],
  });
  t.is(campaign.exitCode, 0, campaign.said);
  const alone = await campaign.readCell('001-d20-l1-r1');
  const together = await campaign.readCell('002-d20-l40-r1');
  t.is(together.evidence.pilots.filter(({ clients }) => clients === CLIENTS_PER_PILOT).length, 4);
  const stamps = new Map((await server.readStamps(alone.summary.id)).map((stamp) => [stamp.sequence, stamp]));
  const costs = alone.rows.map(
    ({ sequence, startMs }) => (stamps.get(sequence)?.receivedMs ?? NaN) - alone.t0Ms - startMs,
  );
  const firsts = await joinFirsts(server, together);
  t.log('alone', costs.map((x) => x.toFixed(2)).join(' '));
  t.log(
    'together',
    firsts
      .map(({ startMs, receivedMs }) => `${startMs.toFixed(2)}>${(receivedMs - together.t0Ms).toFixed(2)}`)
      .join(' '),
  );
  t.log(JSON.stringify(together.summary.startSkewMs), nearestRank([1], 50));
});
