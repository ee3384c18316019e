/** Serves a campaign's metrics to Prometheus: `GET /metrics`, and nothing else. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { Resource } from '@opentelemetry/resources';
import { MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { type Clock, delay } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';

/** The text format's own type: what a server says else is not taken by newer Prometheus. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** Those who scrape are few. */
const MOST_CONNECTIONS = 32;
const SILENT_AT_MOST_MS = 10_000;

export type PrometheusEndpointOptions = {
  /** `address:port`; port 0 takes any free one. */
  listen: string;
  /** After the end it waits this long for one more scrape. */
  lastScrapeWithinMs: number;
  resource: Resource;
  producer: MetricProducer;
  clock: Clock;
};

export type PrometheusEndpoint = {
  url: string;
  /** Resolves after one more scrape, or at its deadline, or at once when the signal is aborted. */
  close(signal: AbortSignal): Promise<void>;
};

/** @throws GT_TELEMETRY_LISTEN when the address can't be listened on */
export async function openPrometheusEndpoint(options: PrometheusEndpointOptions): Promise<PrometheusEndpoint> {
  const { listen, lastScrapeWithinMs, resource, producer, clock } = options;
  // Its own server knows no port 0, and would take host and port from the environment.
  const exporter = new PrometheusExporter({ preventServerStart: true, metricProducers: [producer] });
  const serializer = new PrometheusSerializer('', false, /^glidetester\.campaign$/, false, true);
  const provider = new MeterProvider({ resource, readers: [exporter] });
  let scraped: AbortController | null = null;
  const server = createServer((request, response) => {
    if (!isForMetrics(request)) return void response.writeHead(404).end();
    response.once('finish', () => scraped?.abort());
    return void answer(response, async () => serializer.serialize((await exporter.collect()).resourceMetrics));
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = SILENT_AT_MOST_MS;
  const url = await startListening(server, listen);
  return {
    url,
    async close(signal) {
      scraped = new AbortController();
      await delay(clock, lastScrapeWithinMs, AbortSignal.any([signal, scraped.signal]));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await provider.shutdown();
    },
  };
}

function isForMetrics({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && url?.split('?')[0] === '/metrics';
}

async function answer(response: ServerResponse, write: () => Promise<string>): Promise<void> {
  try {
    const text = await write();
    response.writeHead(200, { 'Content-Type': CONTENT_TYPE, 'Content-Length': Buffer.byteLength(text) }).end(text);
  } catch (thrown) {
    response.writeHead(500, { 'Content-Type': 'text/plain' }).end(messageOf(thrown));
  }
}

async function startListening(server: Server, listen: string): Promise<string> {
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new GlideTesterError(
          'GT_TELEMETRY_LISTEN',
          `expected to listen for Prometheus on ${listen}: ${messageOf(cause)}`,
          { hint: 'choose another telemetry.prometheus.listen, or port 0 for any free one', cause },
        ),
      ),
    );
    server.listen({ host: host.replace(/^\[|\]$/g, ''), port: Number(listen.slice(colon + 1)) }, resolve);
  });
  return `http://${host}:${(server.address() as AddressInfo).port}/metrics`;
}
