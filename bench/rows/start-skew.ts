/**
 * How far the first sends of all clients lie from T0, over four pilots. With many clients the sends themselves take time: the
 * limit is computed from what they and their receipt cost in CPU time in the same run.
 */

import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type BenchRow, OURS, type Sample } from '../bench-row.ts';
import { type RunningCampaign, startCampaign } from '../campaign.ts';
import { COUNT_EQUAL, withinOwnLimit } from '../goals.ts';
import { threadsCpuMsOf } from '../measure-process.ts';
import { type SlowService, startSlowService } from '../services/slow.ts';
import { SLOW_TO_CONNECT } from '../waiting.ts';

const PILOTS = 4;
const BASE_LIMIT_MS = 10;
const LIMIT = 'limit ms';
/** All first requests must have come, and a quiet while must have passed, before the first is answered. */
const FIRST_WAIT_MS = 5000;
const QUIET_MS = 500;
const LOOK_EVERY_MS = 50;

/** @param withWork whether the limit has the CPU time of sends and receipt in it */
function createRow(clientsPerPilot: number, withWork: boolean): BenchRow {
  const clients = PILOTS * clientsPerPilot;
  const cores = availableParallelism();
  const text = withWork
    ? `p99 within ${BASE_LIMIT_MS} ms + (CPU of ${clients} sends + CPU of their receipt) / ${cores} cores, both of the same run`
    : `p99 at most ${BASE_LIMIT_MS} ms`;
  return {
    name: `start-skew-${PILOTS}x${clientsPerPilot}`,
    title: `first sends of ${PILOTS} pilots x ${clientsPerPilot} clients, kept connections: p99 of their distance from T0`,
    unit: 'ms',
    isDefault: true,
    rounds: null,
    seconds: null,
    goals: [withinOwnLimit(LIMIT, 'ms from the limit', text), COUNT_EQUAL],
    async open({ folder }) {
      const run = async (): Promise<Sample> => {
        const answer = { body: 'waited', contentType: 'text/plain' };
        await using service = await startSlowService({ connections: clients, answer, certificates: null });
        const { work, ...sample } = await fireOnce({ folder, clientsPerPilot, service });
        const limit = BASE_LIMIT_MS + (withWork ? (work.sendsMs + work.receiptMs) / cores : 0);
        const notes = {
          ...sample.notes,
          'sends CPU ms': work.sendsMs,
          'receipt CPU ms': work.receiptMs,
          [LIMIT]: limit,
        };
        return { ...sample, notes };
      };
      return {
        contenders: [{ name: OURS, isOurs: true, run }],
        absent: [],
        remarks: ['no peer publishes its start skew'],
        [Symbol.asyncDispose]: async () => {},
      };
    },
  };
}

export const START_SKEW_ROWS: readonly BenchRow[] = [createRow(10, false), createRow(2500, true)];

type Shot = { folder: string; clientsPerPilot: number; service: SlowService };

async function fireOnce({ folder, clientsPerPilot, service }: Shot): Promise<Sample & { work: Work }> {
  const clients = PILOTS * clientsPerPilot;
  const { listening, counters } = service;
  await using campaign = startCampaign({
    folder,
    pool: { pilots: PILOTS, slotsPerPilot: clientsPerPilot },
    config: {
      target: {
        kind: 'url',
        url: `http://127.0.0.1:${listening.port}/`,
        counters,
        labelled: false,
        connection: { perOperation: false, close: 'reset' },
        timeouts: SLOW_TO_CONNECT,
      },
      scenario: { kind: 'http-get', expectText: 'waited' },
      load: { levels: [clients] },
      timing: {
        warmUp: { atLeast: '0s', atMost: `${2 * FIRST_WAIT_MS}ms` },
        window: { atLeast: '1s', operationsPerClient: 0.001 },
      },
    },
  });
  await campaign.reached('cell-started');
  await service.setDelay(FIRST_WAIT_MS);
  const work = await measureWork(campaign, service, clients);
  // Clients that are answered ask again: slowly, and then not at all.
  await service.setDelay(2000);
  await campaign.reached('cell-drained');
  await service.setDelay(0);
  const { cell, count } = await campaign.ended();
  const { p50, p99, max, clockErrorMs } = cell.startSkewMs;
  if (p99 === null) throw new Error('expected a p99 of the start skew');
  return {
    work,
    value: p99,
    operations: clients,
    coordinator: null,
    serviceShare: null,
    count,
    notes: {
      'p50 ms': p50 ?? NaN,
      'max ms': max ?? NaN,
      'clock error ms': clockErrorMs ?? NaN,
      failed: cell.operations.failed,
    },
  };
}

/** CPU time that sending all first requests took the pilots, and receiving them the service; what they take idle is taken off. */
type Work = { sendsMs: number; receiptMs: number };

async function measureWork(campaign: RunningCampaign, service: SlowService, clients: number): Promise<Work> {
  const { t0Ms, monotonicMs } = await campaign.reached('cell-fired');
  const pilots = campaign.pilotPids();
  const servers = service.listening.pids;
  const read = () => ({ atMs: performance.now(), sendsMs: cpuOf(pilots), receiptMs: cpuOf(servers) });
  const before = read();
  // Nothing is asked of the service before T0.
  await delay(Math.max(0, (t0Ms as number) - monotonicMs));
  while ((await service.state()).open < clients) await delay(LOOK_EVERY_MS);
  const after = read();
  await delay(QUIET_MS);
  const quiet = read();
  const spans = (quiet.atMs - after.atMs) / (after.atMs - before.atMs);
  const net = (part: 'sendsMs' | 'receiptMs'): number =>
    after[part] - before[part] - (quiet[part] - after[part]) / spans;
  return { sendsMs: net('sendsMs'), receiptMs: net('receiptMs') };
}

function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + threadsCpuMsOf(pid), 0);
}
