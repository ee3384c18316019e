/** What the target says of itself about one cell: asked before T0, and again once the load is off. */

import { messageOf } from '../../foundation/error.ts';
import type { CellEvidence } from '../../reports/evidence.ts';
import type { CutOperation } from '../cell/operation-tally.ts';
import type { MeasuredTarget, World } from '../world.ts';
import { countAtFrontend, countByCommand } from './server-count.ts';
import { type ServiceReading, readServiceState, serviceUseBetween } from './service-use.ts';

/** What was known before the shot. */
export type CountedBefore = { byCommand: number | null; state: ServiceReading | null };

/** @throws GT_COUNTERS_COMMAND */
export async function countBefore({ config, handle }: MeasuredTarget): Promise<CountedBefore> {
  const metricsUrl = handle.metricsUrl();
  return {
    byCommand: await askCommand(config),
    state: metricsUrl === null ? null : await readServiceState(metricsUrl),
  };
}

type CountInput = { id: string; attempt: number; cut: readonly CutOperation[]; before: CountedBefore };

/** The service's count of the cell, and what the cell took of it; each null when it can't be had. */
export async function countAfter(
  world: World,
  target: MeasuredTarget,
  { id, attempt, cut, before }: CountInput,
): Promise<Pick<CellEvidence, 'server' | 'service'>> {
  const { clock, campaign, journal } = world;
  const metricsUrl = target.handle.metricsUrl();
  const state = metricsUrl === null ? null : await readServiceState(metricsUrl);
  const service = serviceUseBetween(before.state, state);
  let server: CellEvidence['server'] = null;
  if (metricsUrl !== null && target.config.labelled) {
    server = await countAtFrontend(clock, metricsUrl, { campaign, cell: id, attempt }, cut);
  } else if (before.byCommand !== null) {
    server = await countByHook(world, target, before.byCommand);
  }
  await journal.write('server-counted', { cell: id, attempt, server, service });
  return { server, service };
}

async function askCommand(config: MeasuredTarget['config']): Promise<number | null> {
  const counters = config.kind === 'url' ? config.counters : undefined;
  return counters === undefined ? null : countByCommand(counters.command);
}

/** What the user's command has counted since; null, with a warning, when it fails now: the cell is measured all the same. */
async function countByHook(
  { observe }: World,
  { config }: MeasuredTarget,
  countedBefore: number,
): Promise<CellEvidence['server']> {
  try {
    const counted = ((await askCommand(config)) as number) - countedBefore;
    return { source: 'hook', counted, byOutcome: {}, okButCutHere: 0 };
  } catch (thrown) {
    observe({ type: 'warning', text: messageOf(thrown) });
    return null;
  }
}
