/** What a page is made of, from cells in few words. */

import { modelCampaign } from '../../reports/models/model-series.ts';
import type { PilotLine } from '../../reports/pilot-lines.ts';
import type { ReportFacts, ReportView } from '../../reports/report-facts.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { summaryOf } from './summary-cells.ts';
import { HEALTHY } from './synthetic-cell.ts';

export function viewOf(cells: readonly CellSummary[], facts: Partial<ReportFacts> = {}): ReportView {
  return {
    summary: { ...summaryOf(...cells), finishedAt: '2026-11-21T14:04:10Z', models: modelCampaign(cells) },
    facts: {
      record: { config: { name: 'n' }, environment: { cores: 2 } },
      timeouts: [{ targets: ['http://t'], timeoutsMs: { connect: 1000, handshake: 2000, answer: 3000 } }],
      addresses: ['127.0.0.1'],
      details: new Map(),
      pilots: [],
      acquisition: null,
      ...facts,
    },
  };
}

/** A healthy pilot of one host. */
export function pilotOf(id: string, changes: Partial<PilotLine> = {}): PilotLine {
  return {
    id,
    site: 'here',
    host: 'h',
    cells: 3,
    clientsAtMost: 8,
    lostIn: null,
    worst: { ...HEALTHY, busiestCell: 'd20-c1-r1' },
    clockMethod: 'exchange',
    clockErrorMsAtMost: 0.2,
    ...changes,
  };
}
