/** Sends a campaign's metrics to an OpenTelemetry receiver, at its own pace: one export at a time, each with a deadline, none kept. */

import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { diag } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import {
  AggregationTemporality,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { Resource } from '@opentelemetry/resources';
import { type Clock, delay } from '../../foundation/clock.ts';
import { messageOf } from '../../foundation/error.ts';
import { VERSION } from '../version.ts';
import { type DeliveryWatch, createDeliveryWatch } from './delivery-watch.ts';
import { hideVariables } from './hide-variables.ts';

/** An export has no more time than this, and never more than lies between two. */
const EXPORT_WITHIN_MS = 3000;
/** One that is under way at the end, and the final one. */
const CLOSE_WITHIN_MS = 4000;
/** `ExportResultCode` of the SDK. */
const SUCCESS = 0;
const FAILED = 1;

export type OtlpSenderOptions = {
  url: string;
  everyMs: number;
  headers: Record<string, string>;
  resource: Resource;
  producer: MetricProducer;
  clock: Clock;
  warn: (text: string) => void;
};

export type OtlpSender = {
  /** Sends the final figures; resolves in bounded time, whatever the receiver does. */
  close(): Promise<void>;
};

export function startOtlpSender(options: OtlpSenderOptions): OtlpSender {
  const { url, everyMs, headers, resource, producer, clock, warn } = options;
  const watch = createDeliveryWatch(url, warn);
  const exportWithinMs = Math.min(everyMs, EXPORT_WITHIN_MS);
  // No proxy: only Node's global agents know of HTTP(S)_PROXY. Redirects are answers like others: Node's client follows none.
  const agent = new (url.startsWith('https:') ? SecureAgent : Agent)({ keepAlive: true });
  const exporter = hideVariables(
    'OTEL_',
    process.env,
    () =>
      new OTLPMetricExporter({
        url,
        headers,
        timeoutMillis: exportWithinMs,
        temporalityPreference: AggregationTemporality.CUMULATIVE,
        userAgent: `glidetester/${VERSION}`,
        httpAgentOptions: () => agent,
        concurrencyLimit: 2,
      }),
  );
  listenForRefusals(watch);
  const reader = new PeriodicExportingMetricReader({
    exporter: watchExports(exporter, { watch, clock, withinMs: exportWithinMs }),
    exportIntervalMillis: everyMs,
    exportTimeoutMillis: everyMs,
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return {
    async close() {
      const over = new AbortController();
      const isSent = provider.shutdown().then(
        () => true,
        () => true,
      );
      const isOver = delay(clock, CLOSE_WITHIN_MS, over.signal).then(() => false);
      if (!(await Promise.race([isSent, isOver]))) watch.failed(`no answer came within ${CLOSE_WITHIN_MS} ms`);
      over.abort();
      diag.disable();
      // What the exporter would try again is not worth keeping the process for.
      agent.createConnection = () => {
        throw new Error('the campaign is over');
      };
      agent.destroy();
      watch.end();
    },
  };
}

/** The exporter's timeout is one of silence: a receiver that dribbles would never meet it. */
function watchExports(
  exporter: OTLPMetricExporter,
  { watch, clock, withinMs }: { watch: DeliveryWatch; clock: Clock; withinMs: number },
): PushMetricExporter {
  return {
    export(metrics, done) {
      let isOver = false;
      const finish: typeof done = (result) => {
        if (isOver) return;
        isOver = true;
        cancel();
        if ((result.code as number) === SUCCESS) watch.arrived();
        else watch.failed(describeFailure(result.error));
        done(result);
      };
      const cancel = clock.after(withinMs, () =>
        finish({ code: FAILED, error: new Error(`no answer came within ${withinMs} ms`) }),
      );
      exporter.export(metrics, finish);
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregation: (type) => exporter.selectAggregation(type),
    selectAggregationTemporality: (type) => exporter.selectAggregationTemporality(type),
  };
}

/** With the status of the answer, if one came. */
function describeFailure(error: Error | undefined): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'number' ? `HTTP status ${code}, ${messageOf(error)}` : messageOf(error);
}

function ignore(): void {}

/** A receiver may take a request and refuse what is in it: the SDK tells that, and answers that are none, to its log alone. */
function listenForRefusals(watch: DeliveryWatch): void {
  const warn = (...words: unknown[]): void => {
    const told = words.filter((word) => typeof word === 'string' || word instanceof Error);
    watch.failed(told.map((word) => (typeof word === 'string' ? word : messageOf(word))).join(' '));
  };
  const logger = { error: ignore, warn, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { suppressOverrideMessage: true });
}
