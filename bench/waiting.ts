/** Clients that all wait at once on the slow service: the memory of the processes that hold them, at that moment. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Sample } from './bench-row.ts';
import { type CampaignInput, type LocalPoolInput, type RunningCampaign, startCampaign } from './campaign.ts';
import { residentBytesOf } from './measure-process.ts';
import type { HeldPeer } from './peers/holders.ts';
import type { SlowService } from './services/slow.ts';

/** The first request of every client waits so long, in which all must have come; further ones are answered sooner. */
const FIRST_WAIT_MS = 15_000;
const LATER_WAIT_MS = 5000;
/** A peer asks while it still opens other connections, which takes longer than that. */
const PEER_WAIT_MS = 120_000;
const ALL_WAIT_WITHIN_MS = 12_000;
const LOOK_EVERY_MS = 100;
/** Opening connections takes as long as it takes: a machine that others use too is not to spoil the run. */
const PREPARED_WITHIN = '5min';

/** What a pilot may take to open all its connections depends on them. */
export const SLOW_TO_CONNECT = { connect: '60s', handshake: '60s' };

export type OurWait = {
  folder: string;
  clients: number;
  pool: LocalPoolInput;
  target: NonNullable<CampaignInput['target']>;
  scenario: CampaignInput['scenario'];
};

/** `value`: kB in RAM of all pilot processes while all clients wait, per client. */
export async function waitOurs(
  { folder, clients, pool, target, scenario }: OurWait,
  service: SlowService,
): Promise<Sample> {
  await using campaign = startCampaign({
    folder,
    pool,
    config: {
      target,
      scenario,
      load: { levels: [clients] },
      barrier: { within: PREPARED_WITHIN, spare: '0%' },
      timing: {
        warmUp: { atLeast: '0s', atMost: `${2 * FIRST_WAIT_MS}ms` },
        window: { atLeast: '1s', operationsPerClient: 0.001 },
        drain: '60s',
      },
    },
  });
  const idleBytes = await measureIdle(campaign, pool.pilots);
  await campaign.reached('cell-started');
  await service.setDelay(FIRST_WAIT_MS);
  await campaign.reached('cell-fired');
  const waiting = await awaitAllOpen(service, clients);
  const bytes = sumOf(campaign.pilotPids().map(residentBytesOf));
  const coordinatorBytes = residentBytesOf(campaign.pid());
  await service.setDelay(LATER_WAIT_MS);
  await campaign.reached('cell-drained');
  // Else the service would not recover.
  await service.setDelay(0);
  const { cell, count } = await campaign.ended();
  return {
    value: bytes / 1024 / clients,
    operations: clients,
    coordinator: coordinatorBytes / 1024 / clients,
    serviceShare: null,
    count,
    notes: {
      'waiting at once': waiting,
      'idle pilots MiB': idleBytes / 2 ** 20,
      'minus idle pilots kB': (bytes - idleBytes) / 1024 / clients,
      failed: cell.operations.failed + cell.operations.cut,
    },
  };
}

/** The same of a peer, whose `clients` are spread over its processes. */
export async function waitPeer(
  start: () => Promise<HeldPeer>,
  { clients, withinMs = ALL_WAIT_WITHIN_MS }: { clients: number; withinMs?: number },
  service: SlowService,
): Promise<Sample> {
  await service.setDelay(PEER_WAIT_MS);
  await using peer = await start();
  const idleBytes = sumOf(peer.pids.map(residentBytesOf));
  const failed = await peer.hold();
  const waiting = await awaitAllOpen(service, clients, withinMs);
  const bytes = sumOf(peer.pids.map(residentBytesOf));
  return {
    value: bytes / 1024 / clients,
    operations: clients,
    coordinator: null,
    serviceShare: null,
    count: null,
    notes: {
      'waiting at once': waiting,
      'idle processes MiB': idleBytes / 2 ** 20,
      'minus idle processes kB': (bytes - idleBytes) / 1024 / clients,
      failed,
    },
  };
}

/** All pilots that have joined and not been given any clients yet. */
async function measureIdle(campaign: RunningCampaign, pilots: number): Promise<number> {
  await campaign.reached('pilot-joined');
  while (campaign.pilotPids().length < pilots && campaign.isRunning()) await delay(5);
  return sumOf(campaign.pilotPids().map(residentBytesOf));
}

/** The most that were open at the same moment, by the service's own count. */
async function awaitAllOpen(service: SlowService, clients: number, withinMs = ALL_WAIT_WITHIN_MS): Promise<number> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const { open, most } = await service.state();
    if (open >= clients || performance.now() >= deadlineMs) return most;
    await delay(LOOK_EVERY_MS);
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
