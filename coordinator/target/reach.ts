/** How each site reaches a target: straight, or through a relay that stands for the distance between them. */

import type { ResolvedTarget } from '../../scenarios/scenario.ts';
import { durationMs } from '../plan.ts';
import type { MeasuredTarget, World } from '../world.ts';

/** The target as each site's clients dial it; its name and path stay what they are. */
export async function reachFromSites(
  { config, relays }: Pick<World, 'config' | 'relays'>,
  { config: measured }: Pick<MeasuredTarget, 'config'>,
  target: ResolvedTarget,
): Promise<Map<string, ResolvedTarget>> {
  const ownMs = measured.kind === 'embedded' ? durationMs(measured.roundTrip) : 0;
  const reached = config.pools.map(async ({ site, roundTrip }): Promise<[string, ResolvedTarget]> => {
    const roundTripMs = ownMs + durationMs(roundTrip);
    const addresses = await Promise.all(
      target.addresses.map(async (each) => ({ ...each, ...(await relays.reach(each, roundTripMs)) })),
    );
    return [site, { ...target, addresses }];
  });
  return new Map(await Promise.all(reached));
}
