/** The part of the config's schema that says where live metrics of the campaign go. */

import { z } from 'zod';
import { duration } from './fields.ts';
import { HeadersSchema } from './header-schema.ts';

const OtlpSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
    .describe('Receiver of OTLP over HTTP (protobuf), such as http://127.0.0.1:4318; without a path: /v1/metrics'),
  every: duration('How often; from 1s to 1h').default('10s'),
  headers: HeadersSchema,
});

const PrometheusSchema = z.strictObject({
  listen: z
    .string()
    .regex(/^(?:\[[\da-fA-F:.]+\]|[^:\s[\]]+):\d+$/, 'expected address:port')
    .default('127.0.0.1:9464')
    .describe('Where /metrics is served for as long as the campaign runs; port 0: any free one'),
  lastScrapeWithin: duration(
    'After the end the endpoint waits this long for one more scrape, so that the final figures are seen',
  ).default('0s'),
});

export const TelemetrySchema = z
  .strictObject({
    otlp: OtlpSchema.optional().describe('Sent to an OpenTelemetry receiver, such as a collector'),
    prometheus: PrometheusSchema.optional().describe('Scraped by Prometheus'),
  })
  .optional()
  .describe('Live metrics of the campaign (docs/telemetry.md); default: none');

export type OtlpConfig = z.output<typeof OtlpSchema>;
export type PrometheusConfig = z.output<typeof PrometheusSchema>;
