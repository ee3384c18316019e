/**
 * The figures of a campaign as OpenTelemetry's SDK takes them from others. Its own gauges would go on telling the last value of
 * every cell that is over; here what is not known now is not told.
 */

import { type HrTime, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { emptyResource } from '@opentelemetry/resources';
import { VERSION } from '../version.ts';
import type { Figures } from './campaign-figures.ts';
import { METRICS, type Metric } from './metrics.ts';

/** @param unixMs the present, as the receiver is told it; counts begin when this is called */
export function createMetricProducer(read: () => Figures, unixMs: () => number): MetricProducer {
  const startTime = toHrTime(unixMs());
  return {
    collect() {
      const figures = read();
      const span = { startTime, endTime: toHrTime(unixMs()) };
      const metrics = METRICS.map((metric) => describe(metric, figures, span)).filter(
        ({ dataPoints }) => dataPoints.length > 0,
      );
      // Whoever collects keeps its own resource.
      const resourceMetrics = {
        resource: emptyResource(),
        scopeMetrics: [{ scope: { name: 'glidetester', version: VERSION }, metrics }],
      };
      return Promise.resolve({ resourceMetrics, errors: [] });
    },
  };
}

function describe(
  { name, kind, unit, isWhole, description, points }: Metric,
  figures: Figures,
  span: { startTime: HrTime; endTime: HrTime },
): MetricData {
  const common = {
    descriptor: { name, description, unit, valueType: isWhole ? ValueType.INT : ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: points(figures).map((point) => ({ ...point, ...span })),
  };
  return kind === 'counter'
    ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true }
    : { ...common, dataPointType: DataPointType.GAUGE };
}

/** Seconds and nanoseconds. */
function toHrTime(unixMs: number): HrTime {
  const seconds = Math.floor(unixMs / 1000);
  return [seconds, Math.round((unixMs - seconds * 1000) * 1e6)];
}
