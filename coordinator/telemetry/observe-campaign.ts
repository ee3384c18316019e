/** Who hears of a campaign: its observer, and live metrics if the config asks for them. Only then are they loaded. */

import { machineClock } from '../../foundation/clock.ts';
import type { CampaignObserver, TelemetryFacts } from '../campaign-event.ts';
import type { WorldOptions } from '../open-world.ts';

export type Observation = {
  observe: CampaignObserver;
  /** Null: no metrics are exported. */
  telemetry: TelemetryFacts | null;
};

/**
 * What is opened here is the last that `opened` closes: the final figures are exported when all else is over.
 *
 * @throws GT_TELEMETRY_LISTEN, GT_TELEMETRY_VARIABLE
 */
export async function observeCampaign(
  { config, observe, interrupt }: Pick<WorldOptions, 'config' | 'observe' | 'interrupt'>,
  campaign: string,
  opened: AsyncDisposableStack,
): Promise<Observation> {
  if (config.telemetry === undefined) return { observe, telemetry: null };
  const { openTelemetry } = await import('./open-telemetry.ts');
  const telemetry = await openTelemetry({
    config: config.telemetry,
    name: config.name,
    campaign,
    environment: process.env,
    clock: machineClock,
    warn: (text) => observe({ type: 'warning', text }),
  });
  opened.defer(() => telemetry.close(interrupt.drain));
  return {
    telemetry: telemetry.facts,
    observe(event) {
      telemetry.observe(event);
      observe(event);
      if (event.type === 'campaign-started') observe({ type: 'telemetry-started', ...telemetry.facts });
    },
  };
}
