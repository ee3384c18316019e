/** Live metrics of a small campaign that is only told, not run, on a clock whose waits are short. */

import type { ExecutionContext } from 'ava';
import type { CampaignEvent } from '../../../coordinator/campaign-event.ts';
import { TelemetrySchema } from '../../../coordinator/config/telemetry-schema.ts';
import { type Telemetry, openTelemetry } from '../../../coordinator/telemetry/open-telemetry.ts';
import { type Clock, machineClock } from '../../../foundation/clock.ts';
import { PROGRESS, STARTED, TARGET, WINDOW, finishedCell, startedCell } from '../progress/sample-events.ts';

/** Deadlines pass five times as fast. */
const hurriedClock: Clock = {
  ...machineClock,
  after: (delayMs, callback) => machineClock.after(delayMs / 5, callback),
};

/** Two targets, one with a name that has to be written with care; a measured cell, and one whose window is open. */
export const EVENTS: CampaignEvent[] = [
  {
    ...STARTED,
    targets: [
      { ...TARGET, name: 'embedded' },
      { ...TARGET, name: 'other "{\\}"\n' },
    ],
  },
  startedCell(1),
  finishedCell(1, {
    operations: { ok: 96, failed: 3, cut: 1, byOutcome: { ok: 96, 'status/http-503': 2, 'status/text': 1, cut: 1 } },
  }),
  startedCell(2),
  WINDOW,
  PROGRESS,
];

export type OpenedTelemetry = Telemetry & { warnings: string[] };

export async function openSample(
  t: ExecutionContext,
  config: unknown,
  environment: Record<string, string> = {},
): Promise<OpenedTelemetry> {
  const warnings: string[] = [];
  const telemetry = await openTelemetry({
    config: TelemetrySchema.unwrap().parse(config),
    name: 'sample',
    campaign: 'sample-0badcafe',
    environment,
    clock: hurriedClock,
    warn: (text) => warnings.push(text),
  });
  t.teardown(() => telemetry.close(AbortSignal.abort()));
  return { ...telemetry, warnings };
}

export const ALWAYS = new AbortController().signal;
