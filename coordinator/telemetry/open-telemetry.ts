/** Live metrics of a campaign: what is opened when the config asks for it. Loads OpenTelemetry's packages. */

import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Clock } from '../../foundation/clock.ts';
import { messageOf } from '../../foundation/error.ts';
import type { CampaignObserver, TelemetryFacts } from '../campaign-event.ts';
import type { Config } from '../config/schema.ts';
import type { PrometheusConfig } from '../config/telemetry-schema.ts';
import { readHeaderValues } from '../header-values.ts';
import { durationMs } from '../plan.ts';
import { VERSION } from '../version.ts';
import { createCampaignFigures } from './campaign-figures.ts';
import { createMetricProducer } from './metric-producer.ts';
import { startOtlpSender } from './otlp-sender.ts';
import { type PrometheusEndpoint, openPrometheusEndpoint } from './prometheus-endpoint.ts';

export type TelemetryOptions = {
  config: NonNullable<Config['telemetry']>;
  /** Name of the campaign, and what tells this run of it from all others. */
  name: string;
  campaign: string;
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  warn: (text: string) => void;
};

export type Telemetry = {
  facts: TelemetryFacts;
  observe: CampaignObserver;
  /** Exports the final figures, in bounded time; a last scrape is not waited for once the signal is aborted. */
  close(signal: AbortSignal): Promise<void>;
};

const DEFAULT_PATH = '/v1/metrics';

/** @throws GT_TELEMETRY_LISTEN, GT_TELEMETRY_VARIABLE */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { config, clock, warn } = options;
  const figures = createCampaignFigures();
  const otlp = readOtlp(options);
  const common = {
    resource: describeResource(options),
    producer: createMetricProducer(figures.read, clock.unixMs),
    clock,
  };
  const endpoint = await openEndpoint(config.prometheus, common);
  const sender = otlp === null ? null : startOtlpSender({ ...otlp, ...common, warn });
  return {
    facts: {
      prometheusUrl: endpoint?.url ?? null,
      otlp: otlp === null ? null : { url: otlp.url, everyMs: otlp.everyMs },
    },
    observe: observeSafely(figures.take, warn),
    async close(signal) {
      figures.end();
      await Promise.all([sender?.close(), endpoint?.close(signal)]);
    },
  };
}

type Exported = { resource: Resource; producer: MetricProducer; clock: Clock };

/** Null: Prometheus is not to find any. */
async function openEndpoint(
  config: PrometheusConfig | undefined,
  common: Exported,
): Promise<PrometheusEndpoint | null> {
  if (config === undefined) return null;
  const lastScrapeWithinMs = durationMs(config.lastScrapeWithin);
  return openPrometheusEndpoint({ ...common, listen: config.listen, lastScrapeWithinMs });
}

function describeResource({ name, campaign }: TelemetryOptions): Resource {
  return resourceFromAttributes({
    'service.name': 'glidetester',
    'service.version': VERSION,
    'service.instance.id': campaign,
    'glidetester.campaign': name,
  });
}

function readOtlp({ config, environment }: TelemetryOptions) {
  if (config.otlp === undefined) return null;
  const url = new URL(config.otlp.url);
  if (url.pathname === '/') url.pathname = DEFAULT_PATH;
  const source = { environment, key: 'telemetry.otlp.headers', code: 'GT_TELEMETRY_VARIABLE' } as const;
  const headers = Object.fromEntries(readHeaderValues(config.otlp.headers, source));
  return { url: url.href, everyMs: durationMs(config.otlp.every), headers };
}

/** A campaign is not ended by what only looks at it. */
function observeSafely(take: CampaignObserver, warn: (text: string) => void): CampaignObserver {
  let isBroken = false;
  return (event) => {
    if (isBroken) return;
    try {
      take(event);
    } catch (thrown) {
      isBroken = true;
      warn(`the metrics of this campaign stand still from here on, by a bug in glidetester: ${messageOf(thrown)}`);
    }
  };
}
