/** The counters over HTTP, on a listener of their own: `/cells/<campaign>/<cell>/<attempt>` as JSON, `/metrics` for Prometheus. */

import { type Server, createServer } from 'node:http';
import type { CellName, OperationCounts } from './operation-counts.ts';
import { METRICS_CONTENT_TYPE, writeMetricsText } from './metrics-text.ts';

/** Not yet listening. */
export function createMetricsService(counts: OperationCounts): Server {
  return createServer((request, response) => {
    const path = request.url ?? '';
    const cell = parseCellPath(path);
    if (request.method === 'GET' && cell !== null) {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(counts.readCell(cell)));
    } else if (request.method === 'GET' && path === '/metrics') {
      response.writeHead(200, { 'Content-Type': METRICS_CONTENT_TYPE });
      response.end(writeMetricsText(counts));
    } else {
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      response.end('GET /metrics or /cells/<campaign>/<cell>/<attempt>\n');
    }
  });
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
