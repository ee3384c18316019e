/** A whole result directory from simulated cells: sizes, levels and runs with a service that has few places. */

import type { CampaignRecord } from '../../reports/campaign-record.ts';
import { createCellStore } from '../../reports/cell-store.ts';
import type { CellEvidence, CellIdentity } from '../../reports/evidence.ts';
import { measureCell } from '../../reports/measure.ts';
import { campaignFile, cellFiles, writeDurably } from '../../reports/result-directory.ts';
import { type SyntheticOptions, blocksOf, exponential, simulateCell } from './synthetic-cell.ts';

export type CampaignOptions = {
  directory: string;
  sizes: readonly number[];
  levels: readonly number[];
  runs: number;
  name?: string;
  target?: string;
  /** What is special about a cell; null: it is planned and never measured. */
  change?: (cell: CellIdentity) => CellChange | null;
};

export type CellChange = { options?: Partial<SyntheticOptions>; evidence?: Partial<CellEvidence> };

/** Writes campaign.json and the files of every measured cell; returns the record. Run-major, as campaigns are. */
export async function writeSyntheticCampaign(options: CampaignOptions): Promise<CampaignRecord> {
  const { directory, sizes, levels, runs, name = 'synthetic', target = 'http://127.0.0.1:8443' } = options;
  const cells: CellIdentity[] = [];
  for (let run = 1; run <= runs; run += 1) {
    for (const directorySize of sizes) {
      for (const level of levels) {
        const id = `d${directorySize}-c${level}-r${run}`;
        cells.push({ id, target, scenario: 'srm-ls', directorySize, level, run });
      }
    }
  }
  const record: CampaignRecord = {
    version: 1,
    name,
    startedAt: '2026-11-21T14:02:00Z',
    finishedAt: '2026-11-21T14:04:10Z',
    config: { name, load: { levels: [...levels], runs } },
    environment: { node: 'v24.21.0', cores: 2 },
    cells,
    skipped: [],
    expect: null,
    thresholds: {},
  };
  for (const cell of cells) {
    const change = options.change === undefined ? {} : options.change(cell);
    if (change !== null) await writeSyntheticCell(directory, cell, change);
  }
  await writeDurably(campaignFile(directory), JSON.stringify(record));
  return record;
}

/** Eight places; an operation takes longer the more files its directory has. */
async function writeSyntheticCell(directory: string, cell: CellIdentity, change: CellChange): Promise<void> {
  const { evidence: simulated, operations } = simulateCell({
    clients: cell.level,
    pilots: Math.min(2, cell.level),
    places: 8,
    serviceUs: exponential(4000 + 60 * (cell.directorySize ?? 0)),
    turnUs: 150,
    windowMs: 2500,
    seed: cell.level * 10 + cell.run,
    ...change.options,
  });
  const evidence = { ...simulated, ...cell, ...change.evidence };
  const files = cellFiles(directory, cell.id);
  const store = createCellStore(files.operations);
  for await (const block of blocksOf(operations, 5000)) await store.append(block);
  await store.close();
  const measured = await measureCell(evidence, blocksOf(operations));
  await writeDurably(files.record, JSON.stringify({ evidence, ...measured }));
}
