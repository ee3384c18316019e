/** Our own product as a contender that fires for some seconds: CPU time of all its pilots, whole processes, per operation. */

import { type Contender, OURS, type Sample } from './bench-row.ts';
import {
  type CampaignInput,
  type FinishedCampaign,
  type LocalPoolInput,
  spanBetween,
  startCampaign,
} from './campaign.ts';
import { cpuMsOf } from './measure-process.ts';
import type { Load } from './peers/load-contender.ts';
import type { Pinning } from './pinning.ts';

export type OurLoad = Pick<Load, 'serviceCpuMs'> & {
  folder: string;
  seconds: number;
  connections: number;
  pinning: Pinning;
  /** What the campaign measures. */
  target: NonNullable<CampaignInput['target']>;
  scenario: CampaignInput['scenario'];
  /** The product's own unless told. */
  afterFailure?: { pause: string };
  /** One pilot with as many slots as connections unless told. */
  pool?: LocalPoolInput;
  /** Of the contender, where it is not {@link OURS} itself. */
  name?: string;
};

export function ourLoad(load: OurLoad): Contender {
  return { name: load.name ?? OURS, isOurs: true, run: async () => (await fireOurs(load)).sample };
}

/** One campaign of one cell, whose load lasts as long as a peer's. */
export async function fireOurs(load: OurLoad): Promise<{ sample: Sample; finished: FinishedCampaign }> {
  const { folder, connections, pinning, serviceCpuMs } = load;
  await using campaign = startCampaign({
    folder,
    pinning,
    pool: load.pool ?? { pilots: 1, slotsPerPilot: connections },
    config: describeLoad(load),
  });
  await campaign.reached('cell-fired');
  const startUpMs = campaign.pilotPids().reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  const serviceBeforeMs = serviceCpuMs();
  await campaign.reached('cell-drained');
  const serviceAfterMs = serviceCpuMs();
  const finished = await campaign.ended();
  const { operations, pilotCpuMs, coordinatorCpuMs, count, cell } = finished;
  const loadMs = spanBetween(finished.journal, 'cell-fired', 'cell-drained');
  const sample: Sample = {
    value: (pilotCpuMs * 1000) / operations,
    operations,
    coordinator: (coordinatorCpuMs * 1000) / operations,
    serviceShare: loadMs === null ? null : (serviceAfterMs - serviceBeforeMs) / loadMs,
    count,
    notes: {
      'start-up ms': startUpMs,
      'without start-up us': ((pilotCpuMs - startUpMs) * 1000) / operations,
      failed: cell.operations.failed,
    },
  };
  return { sample, finished };
}

/** Warm-up and window together last as long as a peer fires. */
function describeLoad({ seconds, connections, target, scenario, afterFailure }: OurLoad): CampaignInput {
  const warmUpS = Math.min(1, seconds / 4);
  const windowAtLeast = `${Math.round((seconds - warmUpS) * 1000)}ms`;
  return {
    target,
    scenario,
    load: { levels: [connections], ...(afterFailure === undefined ? {} : { afterFailure }) },
    timing: {
      warmUp: { atLeast: `${Math.round(warmUpS * 1000)}ms` },
      window: { atLeast: windowAtLeast, operationsPerClient: 1 },
    },
  };
}
