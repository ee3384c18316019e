/** A generator that is starved on purpose says so, with its reason; the same campaign without says nothing of the kind. */

import test, { type ExecutionContext } from 'ava';
import { readAllowedCpus, readStatusCpus } from '../../foundation/cpu-list.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { finishCampaign, startCampaign } from '../support/campaign.ts';
import { pilotPids, readJournal } from '../support/cli.ts';
import { makeCpuQuota } from '../support/cpu-quota.ts';
import { makeHog } from '../support/hog.ts';
import { startLawServer } from '../support/law-server.ts';

const ENTRIES = 20;
const CLIENTS = 8;
/** So long that what others do to this machine meanwhile stays far below a tenth of it. */
const HOLD_MS = 300;
/** Of one core: a fraction of what these clients take. */
const QUOTA = 0.015;

/** Whatever else runs on this machine may truly starve a cell; one of these is left alone. */
const CALM_RUNS = 2;

const CORE = readAllowedCpus().at(-1) as number;

const NO_CORE = /had no core for [\d.]+ % of the time/;
const QUOTA_STOPPED = /A CPU quota of its cgroup stopped a pilot for [\d.]+ % of the time/;

type Starvation = {
  launchWith?: string[];
  /** From T0 until it has drained. */
  starve?: { start(): void; stop(): void };
  runs?: number;
};

/** Cells by one pilot on one core; the first of them is starved. */
async function measure(
  t: ExecutionContext,
  { launchWith = [], starve, runs = 1 }: Starvation,
): Promise<[CellSummary, ...CellSummary[]]> {
  const hold = { service: 'constant', holdMs: HOLD_MS, places: null } as const;
  const server = await startLawServer(t, { entries: ENTRIES, laws: { [CLIENTS]: hold } });
  const run = await startCampaign(t, {
    name: 'starved',
    target: { kind: 'url', url: server.url },
    scenario: { kind: 'srm-ls', directories: { [ENTRIES]: '/law' } },
    load: { levels: [CLIENTS], runs },
    timing: {
      warmUp: { atLeast: '0s', atMost: '20s' },
      window: { atLeast: '500ms', operationsPerClient: 1, atMost: '5s' },
      recovery: { within: '20s', otherwise: 'continue' },
    },
    pools: [{ kind: 'local', pilots: 1, slotsPerPilot: CLIENTS, cpus: [CORE], launchWith }],
  });
  await run.awaitLine('cell-fired');
  starve?.start();
  const [pid] = pilotPids(await readJournal(run.directory)).values();
  t.deepEqual(readStatusCpus(`/proc/${pid}/status`), [CORE]);
  await run.awaitLine('cell-drained');
  starve?.stop();
  const campaign = await finishCampaign(run);
  t.is(campaign.exitCode, 0, campaign.stderr);
  const [first, ...more] = campaign.cells;
  if (first === undefined) throw new Error('no cell was measured');
  for (const { generator, serviceTimeMs } of campaign.cells) t.log(JSON.stringify({ ...generator, serviceTimeMs }));
  return [first, ...more];
}

function reasonOf({ marks }: CellSummary): string {
  return marks.find(({ code }) => code === 'generator-bound')?.text ?? '';
}

test('a pilot on a core that another process keeps busy is marked: it had no core', async (t) => {
  const hog = await makeHog(t);
  const [cell] = await measure(t, { launchWith: hog.launchWith, starve: hog });
  t.regex(reasonOf(cell), NO_CORE);
  t.true((cell.generator?.runQueueShare ?? 0) > 0);
});

test('a pilot under a CPU quota is marked: the kernel stopped it, as it says itself', async (t) => {
  const quota = makeCpuQuota(t, QUOTA);
  if (quota === null) {
    t.log('skipped: needs a cgroup of its own with a cpu controller, so root and a writable /sys/fs/cgroup');
    t.pass();
    return;
  }
  const [cell] = await measure(t, { launchWith: quota.launchWith, starve: quota });
  t.true(quota.throttledMs() > 0);
  t.true((cell.generator?.throttledShare ?? 0) > 0);
  t.regex(reasonOf(cell), QUOTA_STOPPED);
});

test('the same campaign without starving is not marked for want of a core', async (t) => {
  const unlimited = makeCpuQuota(t, QUOTA);
  const cells = await measure(t, { launchWith: unlimited?.launchWith ?? [], runs: CALM_RUNS });
  t.is(cells.length, CALM_RUNS);
  t.true(cells.every(({ state }) => state === 'ok'));
  t.true(cells.some((cell) => !NO_CORE.test(reasonOf(cell))));
  t.false(cells.some((cell) => QUOTA_STOPPED.test(reasonOf(cell))));
  t.is(unlimited?.throttledMs() ?? 0, 0);
});
