/** Ten million operations of one campaign, recorded, shipped, stored, measured and reported: memory of the coordinator. */

import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type BenchRow, OURS, type Sample } from '../bench-row.ts';
import { type RunningCampaign, startCampaign } from '../campaign.ts';
import { COUNT_EQUAL, atMost, noteAtLeast, noteAtMost } from '../goals.ts';
import { peakResidentBytesOf } from '../measure-process.ts';
import { type Nginx, startNginx } from '../services/nginx.ts';
import { readCellRecord, reportFile } from '../../reports/result-directory.ts';

const OPERATIONS = 10_000_000;
const PILOTS = 2;
const CLIENTS = 50;
const LOOK_EVERY_MS = 100;
const REPORT_AFTER = 'report after the last operation s';

export const TEN_MILLION: BenchRow = {
  name: 'ten-million',
  title: `${OPERATIONS} operations (GET from nginx) of one campaign: most memory that the coordinator ever had`,
  unit: 'MB',
  isDefault: false,
  rounds: 1,
  seconds: null,
  goals: [
    atMost(400, 'MB', 'resident memory of the coordinator'),
    noteAtMost(REPORT_AFTER, 15, { text: 'report at most 15 s after the last operation', unit: 's' }),
    noteAtLeast('operations', OPERATIONS, { text: `at least ${OPERATIONS} operations`, unit: 'operations' }),
    COUNT_EQUAL,
  ],
  async open({ folder }) {
    const nginx = await startNginx(folder, 'x'.repeat(200), []);
    return {
      contenders: [{ name: OURS, isOurs: true, run: () => runOnce(folder, nginx) }],
      absent: [],
      remarks: [
        `${PILOTS} pilots, ${CLIENTS} clients; the report comes after the probes of recovery, which are in its time`,
      ],
      [Symbol.asyncDispose]: () => nginx[Symbol.asyncDispose](),
    };
  },
};

async function runOnce(folder: string, { url, counters }: Nginx): Promise<Sample> {
  await using campaign = startCampaign({
    folder,
    pool: { pilots: PILOTS, slotsPerPilot: CLIENTS / PILOTS },
    config: {
      target: { kind: 'url', url, counters, labelled: false, connection: { perOperation: false } },
      scenario: { kind: 'http-get', expectText: 'xxxx' },
      load: { levels: [CLIENTS] },
      timing: { window: { atLeast: '1s', operationsPerClient: OPERATIONS / CLIENTS, atMost: '60min' } },
    },
  });
  const peakBytes = await watchPeak(campaign);
  const { operations, count, directory, cell, coordinatorCpuMs, journal } = await campaign.ended();
  const { evidence } = await readCellRecord(directory, cell.id);
  const lastAtMs = evidence.t0AtMs + (evidence.drainedMs ?? NaN);
  const asked = journal.find(({ step }) => step === 'cell-fired')?.monotonicMs ?? NaN;
  const drained = journal.find(({ step }) => step === 'cell-drained')?.monotonicMs ?? NaN;
  return {
    value: peakBytes / 1e6,
    operations,
    coordinator: null,
    serviceShare: null,
    count,
    notes: {
      operations,
      [REPORT_AFTER]: (statSync(reportFile(directory)).mtimeMs - lastAtMs) / 1000,
      'load s': (drained - asked) / 1000,
      'coordinator CPU s': coordinatorCpuMs / 1000,
    },
  };
}

/** The kernel keeps the peak itself: the last look before the end has it. */
async function watchPeak(campaign: RunningCampaign): Promise<number> {
  await campaign.reached('campaign-started');
  const pid = campaign.pid();
  let peakBytes = 0;
  while (campaign.isRunning()) {
    try {
      peakBytes = Math.max(peakBytes, peakResidentBytesOf(pid));
    } catch {
      break; // it has just ended
    }
    await delay(LOOK_EVERY_MS);
  }
  return peakBytes;
}
