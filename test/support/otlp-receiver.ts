/** A receiver of OTLP over HTTP that reads what comes with OpenTelemetry's own definitions of its messages. */

import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import definitions from 'otlp-definitions/build/src/generated/root.js';
import { z } from 'zod';

type MessageType = {
  decode(bytes: Uint8Array): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  toObject(message: unknown, options: Record<string, unknown>): unknown;
};
/** The official .proto files, as OpenTelemetry compiles them; the exporter under test writes its bytes by other code. */
const { opentelemetry } = definitions as unknown as {
  opentelemetry: {
    proto: {
      collector: {
        metrics: { v1: Record<'ExportMetricsServiceRequest' | 'ExportMetricsServiceResponse', MessageType> };
      };
    };
  };
};
const { ExportMetricsServiceRequest, ExportMetricsServiceResponse } = opentelemetry.proto.collector.metrics.v1;

const AttributesSchema = z
  .array(
    z.object({
      key: z.string(),
      value: z.union([z.object({ stringValue: z.string() }), z.object({ intValue: z.coerce.number() })]),
    }),
  )
  .default([])
  .transform((list) =>
    Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0] as string | number])),
  );

const DataPointSchema = z
  .strictObject({
    attributes: AttributesSchema,
    startTimeUnixNano: z.string(),
    timeUnixNano: z.string(),
    asInt: z.coerce.number().optional(),
    asDouble: z.number().optional(),
  })
  .transform(({ asInt, asDouble, startTimeUnixNano, timeUnixNano, ...point }) => ({
    ...point,
    startNs: BigInt(startTimeUnixNano),
    timeNs: BigInt(timeUnixNano),
    value: z.number().parse(asInt ?? asDouble),
    isWhole: asInt !== undefined,
  }));

const MetricSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  unit: z.string(),
  gauge: z.strictObject({ dataPoints: z.array(DataPointSchema) }).optional(),
  sum: z
    .strictObject({
      aggregationTemporality: z.literal('AGGREGATION_TEMPORALITY_CUMULATIVE'),
      isMonotonic: z.literal(true),
      dataPoints: z.array(DataPointSchema),
    })
    .optional(),
});

const RequestSchema = z.object({
  resourceMetrics: z.tuple([
    z.object({
      resource: z.object({ attributes: AttributesSchema }),
      scopeMetrics: z.tuple([
        z.object({ scope: z.object({ name: z.string(), version: z.string() }), metrics: z.array(MetricSchema) }),
      ]),
    }),
  ]),
});

export type ReceivedMetric = {
  name: string;
  kind: 'counter' | 'gauge';
  unit: string;
  description: string;
  points: z.output<typeof DataPointSchema>[];
};

export type Export = {
  path: string;
  headers: IncomingHttpHeaders;
  resource: Record<string, string | number>;
  scope: { name: string; version: string };
  metrics: ReceivedMetric[];
};

/** What it does with an export that has come whole. */
export type ReceiverBehaviour = (response: ServerResponse, received: Export) => void;

export type OtlpReceiver = { origin: string; exports: Export[] };

/** Takes everything. */
export const accept: ReceiverBehaviour = (response) => answer(response, {});

/** Takes the request, but not all that is in it. */
export const refuseSome =
  (rejectedDataPoints: number, errorMessage: string): ReceiverBehaviour =>
  (response) =>
    answer(response, { partialSuccess: { rejectedDataPoints, errorMessage } });

function answer(response: ServerResponse, message: unknown): void {
  response.setHeader('Content-Type', 'application/x-protobuf');
  response.end(ExportMetricsServiceResponse.encode(message).finish());
}

export async function startOtlpReceiver(
  t: ExecutionContext,
  behave: ReceiverBehaviour = accept,
): Promise<OtlpReceiver> {
  const exports: Export[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const decoded = decodeExport(Buffer.concat(await request.toArray()));
    const received = { path: request.url as string, headers: request.headers, ...decoded };
    exports.push(received);
    behave(response, received);
  };
  const server = createServer((request, response) => {
    receive(request, response).catch((thrown: unknown) => t.fail(String(thrown)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, exports };
}

/** @throws Error when it is no export of metrics by the official definitions, or one that this campaign would not send */
export function decodeExport(bytes: Uint8Array): Omit<Export, 'path' | 'headers'> {
  const message = ExportMetricsServiceRequest.decode(bytes);
  const plain = ExportMetricsServiceRequest.toObject(message, { longs: String, enums: String });
  const [{ resource, scopeMetrics }] = RequestSchema.parse(plain).resourceMetrics;
  const [{ scope, metrics }] = scopeMetrics;
  return {
    resource: resource.attributes,
    scope,
    metrics: metrics.map(({ name, unit, description, sum, gauge }) => ({
      name,
      unit,
      description,
      kind: sum === undefined ? ('gauge' as const) : ('counter' as const),
      points: (sum ?? gauge)?.dataPoints ?? [],
    })),
  };
}

/** The points of a metric, each as its value by its attributes. */
export function pointsOf(received: Pick<Export, 'metrics'> | undefined, name: string): ReceivedMetric['points'] {
  return received?.metrics.find((metric) => metric.name === name)?.points ?? [];
}
