/**
 * The counters over HTTP, on a listener of their own: `/cells/<campaign>/<cell>/<attempt>` and `/service` as JSON, `/metrics` for
 * Prometheus.
 */

import { type Server, type ServerResponse, createServer } from 'node:http';
import type { HandshakeCounts } from '../connection/handshake-counts.ts';
import type { EventFileCounts } from '../event-log/event-file.ts';
import {
  describeContainer,
  describeEventLog,
  describeHandshakes,
  describeMappings,
  describeOperations,
  describeProcess,
} from './metric-families.ts';
import { METRICS_CONTENT_TYPE, type MetricFamily, writeMetricsText } from './metrics-text.ts';
import type { CellName, OperationCounts } from './operation-counts.ts';
import { type ServiceCounts, processCpuMs, readServiceState } from './service-state.ts';

export type MoreCounts = ServiceCounts & {
  /** With a secured listener only. */
  handshakes?: Readonly<HandshakeCounts> | null;
  /** With an event log only. */
  eventLog?: { counts(): EventFileCounts } | null;
};

/** Not yet listening. */
export function createMetricsService(counts: OperationCounts, more: MoreCounts = {}): Server {
  return createServer((request, response) => {
    const path = request.url ?? '';
    const cell = parseCellPath(path);
    if (request.method === 'GET' && cell !== null) {
      sendJson(response, counts.readCell(cell));
    } else if (request.method === 'GET' && path === '/service') {
      sendJson(response, readServiceState(more));
    } else if (request.method === 'GET' && path === '/metrics') {
      response.writeHead(200, { 'Content-Type': METRICS_CONTENT_TYPE });
      response.end(writeMetricsText(describeAll(counts, more)));
    } else {
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      response.end('GET /metrics, /service or /cells/<campaign>/<cell>/<attempt>\n');
    }
  });
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

function describeAll(
  counts: OperationCounts,
  { mappings, handshakes, container, eventLog }: MoreCounts,
): MetricFamily[] {
  return [
    ...describeOperations(counts),
    ...describeProcess(processCpuMs()),
    ...(mappings ? describeMappings(mappings) : []),
    ...(handshakes ? describeHandshakes(handshakes) : []),
    ...(container ? describeContainer(container) : []),
    ...(eventLog ? describeEventLog(eventLog.counts()) : []),
  ];
}

function parseCellPath(path: string): CellName | null {
  const match = /^\/cells\/([^/]+)\/([^/]+)\/(\d+)$/.exec(path);
  if (match === null) return null;
  const [, campaign, cell, attempt] = match as unknown as [string, string, string, string];
  try {
    return { campaign: decodeURIComponent(campaign), cell: decodeURIComponent(cell), attempt: Number(attempt) };
  } catch {
    return null;
  }
}
