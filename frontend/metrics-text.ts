/** The counters as Prometheus text (exposition format 0.0.4). */

import type { OperationCounts } from './operation-counts.ts';

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Sample = { labels: Record<string, string>; value: number };

export function writeMetricsText(counts: OperationCounts): string {
  const cells = counts.readAll().map(({ name, count }) => ({
    labels: { campaign: name.campaign, cell: name.cell, attempt: String(name.attempt) },
    count,
  }));
  const families: [name: string, type: 'counter' | 'gauge', help: string, samples: Sample[]][] = [
    [
      'glidetester_frontend_received_total',
      'counter',
      'Operations whose header and body had come.',
      cells.map(({ labels, count }) => ({ labels, value: count.received })),
    ],
    [
      'glidetester_frontend_answered_total',
      'counter',
      'Operations whose answer was handed over whole, by outcome.',
      cells.flatMap(({ labels, count }) =>
        Object.entries(count.answered).map(([outcome, value]) => ({ labels: { ...labels, outcome }, value })),
      ),
    ],
    [
      'glidetester_frontend_abandoned_total',
      'counter',
      'Operations whose client left before the whole answer was handed over.',
      cells.map(({ labels, count }) => ({ labels, value: count.abandoned })),
    ],
    [
      'glidetester_frontend_open',
      'gauge',
      'Operations that have not ended.',
      cells.map(({ labels, count }) => ({ labels, value: count.open })),
    ],
  ];
  return families
    .map(([name, type, help, samples]) => {
      const lines = samples.map(({ labels, value }) => `${name}{${writeLabels(labels)}} ${value}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function writeLabels(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',');
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
