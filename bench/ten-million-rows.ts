/**
 * Ten million operations through the coordinator: received from pilots over the real link, stored, measured, reported. This
 * process is the coordinator and tells its own peak of resident memory; the pilots are processes of their own that simulate
 * their service. `node bench/ten-million-rows.ts [rows] [cells] [pilots]`
 */

import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCellCollector } from '../coordinator/cell/cell-collector.ts';
import { openDisk } from '../coordinator/disk.ts';
import { createJournal } from '../coordinator/journal.ts';
import { openGate } from '../coordinator/pilots/gate.ts';
import { createRoster } from '../coordinator/pilots/roster.ts';
import { createSwitchboard } from '../coordinator/pilots/switchboard.ts';
import { createChanges } from '../foundation/changes.ts';
import { machineClock } from '../foundation/clock.ts';
import type { CampaignRecord } from '../reports/campaign-record.ts';
import type { CellEvidence } from '../reports/evidence.ts';
import { MEASURES_VERSION, measureCell } from '../reports/measure.ts';
import { type CellRecord, campaignFile, cellFiles, journalFile } from '../reports/result-directory.ts';
import type { CellSummary } from '../reports/summary.ts';
import type { MakerCount, MakerShare } from './ten-million-rows/row-maker.ts';

const CLIENTS_PER_PILOT = 50;
const GRID_MS = 100;
const WARM_UP_MS = 2000;

const [rowsAsked = 10_000_000, cells = 1, pilots = 4] = process.argv.slice(2).map(Number);
const directory = mkdtempSync(join(tmpdir(), 'glidetester-bench-'));
try {
  await measureCampaign();
} finally {
  rmSync(directory, { recursive: true });
}

async function measureCampaign(): Promise<void> {
  tell('started');
  await using opened = new AsyncDisposableStack();
  const world = await openWorld(opened);
  const makers = await startMakers(world);
  opened.defer(() => makers.forEach(({ child }) => child.kill()));
  tell(`${makers.length} pilots joined`);
  const summaries: CellSummary[] = [];
  for (let run = 1; run <= cells; run += 1) summaries.push(await measureOne(world, makers, run));
  const { disk } = world;
  await disk.write(campaignFile(directory), JSON.stringify(createRecord()));
  const step = stopwatch();
  const { renderReport } = await import('../reports/render.ts');
  const { summary } = await renderReport(directory);
  tell(`report of ${summary.cells.length} cells`, step());
  const stored = summary.cells.reduce((sum, { operations: { ok, failed, cut } }) => sum + ok + failed + cut, 0);
  const anew = stopwatch();
  const again = await renderReport(directory, { anew: true });
  tell('report of all cells, measured anew', anew(), stored);
  const isSame = JSON.stringify(again.summary) === JSON.stringify(summary);
  const isCounted = summaries.every(({ server }) => server?.difference === 0);
  console.log(`${stored} operations reported, as the service counted: ${isCounted}; the same anew: ${isSame}`);
  console.log(`peak of resident memory: ${mebibytes(peakBytes())} MiB; ${mebibytes(sizeOf())} MiB of rows on disk`);
  await world.journal.settled();
}

type World = Awaited<ReturnType<typeof openWorld>>;
type Maker = { child: ChildProcess; id: string; firstClient: number };

async function openWorld(opened: AsyncDisposableStack) {
  const clock = machineClock;
  const changes = createChanges(clock);
  const disk = openDisk();
  opened.defer(() => disk.close());
  const journal = createJournal(journalFile(directory), disk, clock);
  const roster = createRoster(clock, changes);
  const switchboard = createSwitchboard({ roster, journal, changes });
  const secret = randomBytes(32).toString('hex');
  const gate = await openGate({ clock, campaign: 'bench', secret, listen: '127.0.0.1:0', listener: switchboard });
  opened.defer(() => gate.close());
  return { changes, disk, journal, roster, switchboard, gate, secret };
}

async function startMakers({ roster, gate, secret }: World): Promise<Maker[]> {
  const file = join(import.meta.dirname, 'ten-million-rows/row-maker.ts');
  const makers = Array.from({ length: pilots }, (_, index): Maker => {
    const id = `p${index + 1}`;
    roster.ask({ id, site: 'here', slots: CLIENTS_PER_PILOT });
    const child = fork(file, { execArgv: [] });
    const { url, certificate } = gate;
    const common = {
      campaign: 'bench',
      site: 'here',
      secret,
      url,
      certificate,
      idleLimitMs: 1e9,
      threads: 1,
      sourceAddresses: [],
    };
    child.send({ ...common, pilot: id, slots: CLIENTS_PER_PILOT });
    return { child, id, firstClient: index * CLIENTS_PER_PILOT };
  });
  await Promise.all(makers.map(({ child }) => once(child, 'message')));
  return makers;
}

async function measureOne(world: World, makers: readonly Maker[], run: number): Promise<CellSummary> {
  const { disk, switchboard, changes } = world;
  const id = `cell-${run}`;
  const files = cellFiles(directory, id);
  mkdirSync(files.folder, { recursive: true });
  const rows = await disk.openRows(files.operations);
  const shares = makers.map(({ id: pilot, firstClient }) => ({ pilot, firstClient, clients: CLIENTS_PER_PILOT }));
  const collector = createCellCollector(shares, GRID_MS, rows);
  switchboard.takeRows(id, 1, (pilot, frame, written) => collector.take(pilot, frame, written));
  const wanted = Math.round(rowsAsked / cells);
  const receiving = stopwatch();
  const counts = makers.map(async ({ child, firstClient }, index): Promise<MakerCount> => {
    const own = Math.floor((wanted * (index + 1)) / makers.length) - Math.floor((wanted * index) / makers.length);
    const share: MakerShare = {
      cell: id,
      firstClient,
      clients: CLIENTS_PER_PILOT,
      rows: own,
      gridMs: GRID_MS,
      seed: run * 100 + index,
    };
    child.send(share);
    const [count] = (await once(child, 'message')) as [MakerCount];
    return count;
  });
  const isDone = (maker: Maker): boolean => switchboard.latest(maker.id, 'cell-done')?.message.cell === id;
  const isLost = (maker: Maker): boolean => world.roster.pilots.get(maker.id)?.state !== 'ready';
  await changes.until(() => makers.every(isDone) || makers.some(isLost));
  if (makers.some(isLost)) throw new Error('a pilot was lost');
  const closing = stopwatch();
  await collector.settled();
  await rows.close();
  tell(`${wanted} rows of ${id} received and stored`, receiving(), wanted);
  tell(`  of which after the last row came`, closing());
  const measuring = stopwatch();
  const evidence = describeCell({ id, run, collector, counts: await Promise.all(counts), makers });
  const { summary, detail } = await measureCell(evidence, disk.readRows(files.operations));
  tell(`measured`, measuring(), wanted);
  const madeOf = { measures: MEASURES_VERSION, rowsBytes: await disk.sizeOf(files.operations) };
  const record: CellRecord = { evidence, summary, detail, madeOf };
  await disk.write(files.record, `${JSON.stringify(record)}\n`);
  tell(`from the last row to the measured cell`, closing());
  console.log(
    `  ${summary.state}, ${summary.ratePerS} Hz, marks [${summary.marks.map(({ text }) => text).join('; ')}], ` +
      `server ${JSON.stringify(summary.server)}, Little ${summary.littleErrorRatio}`,
  );
  return summary;
}

type CellFacts = {
  id: string;
  run: number;
  collector: ReturnType<typeof createCellCollector>;
  counts: readonly MakerCount[];
  makers: readonly Maker[];
};

function describeCell({ id, run, collector, counts, makers }: CellFacts): CellEvidence {
  const lastMs = Math.floor(Math.min(...counts.map(({ lastEndMs }) => lastEndMs)) / GRID_MS - 1) * GRID_MS;
  return {
    ...identityOf(id, run, makers.length),
    version: 1,
    attempt: 1,
    t0AtMs: Date.now(),
    clientsFired: makers.length * CLIENTS_PER_PILOT,
    window: {
      openMs: Math.min(WARM_UP_MS, lastMs / 2),
      closeMs: lastMs,
      openedBy: 'every-client-ended-one',
      closedBy: 'content',
    },
    drainedMs: lastMs + GRID_MS,
    failure: null,
    addresses: ['127.0.0.1:1'],
    connection: { perOperation: false },
    identities: 0,
    timeoutsMs: { connect: 1000, handshake: 1000, answer: 1000 },
    startSpreadMs: 0,
    pilots: makers.map((maker, index) => ({
      id: maker.id,
      site: index % 2 === 0 ? 'here' : 'there',
      host: 'bench',
      pid: maker.child.pid ?? 0,
      firstClient: maker.firstClient,
      clients: CLIENTS_PER_PILOT,
      clock: { method: 'exchange', offsetMs: 0, errorMs: 0.1, startCorrectionMs: index * 0.001 },
      lostAtMs: null,
      health: null,
      rowsSent: counts[index]?.rows ?? null,
      rowsStored: collector.rowsStored(maker.id),
      connections: null,
    })),
    gauges: collector.gauges(),
    server: {
      source: 'frontend',
      counted: counts.reduce((sum, { ok }) => sum + ok, 0),
      byOutcome: {},
      okButCutHere: 0,
    },
    service: null,
    recovery: null,
  };
}

function identityOf(id: string, run: number, makers: number) {
  return { id, target: 'bench', scenario: 'http-get', directorySize: null, level: makers * CLIENTS_PER_PILOT, run };
}

function createRecord(): CampaignRecord {
  return {
    version: 1,
    name: 'ten-million-rows',
    startedAt: new Date().toISOString(),
    finishedAt: new Date().toISOString(),
    config: {},
    environment: {},
    cells: Array.from({ length: cells }, (_, index) => identityOf(`cell-${index + 1}`, index + 1, pilots)),
    skipped: [],
    expect: null,
    thresholds: {},
  };
}

type Spent = { wallS: number; cpuS: number };

/** Time since the call, on the wall and on all cores of this process. */
function stopwatch(): () => Spent {
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return { wallS: (performance.now() - startedMs) / 1000, cpuS: (user + system) / 1e6 };
  };
}

function tell(what: string, spent: Spent = { wallS: 0, cpuS: 0 }, rows = 0): void {
  const { wallS, cpuS } = spent;
  const each =
    rows === 0 ? '' : `, ${((cpuS / rows) * 1e6).toFixed(3)} us of CPU a row, ${Math.round(rows / wallS)} rows/s`;
  console.log(
    `${what}: ${wallS.toFixed(2)} s, CPU ${cpuS.toFixed(2)} s${each}; resident ${mebibytes(process.memoryUsage.rss())} MiB, ` +
      `peak ${mebibytes(peakBytes())} MiB`,
  );
}

/** The most resident memory that this process ever had. */
function peakBytes(): number {
  return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

function sizeOf(): number {
  return Array.from(
    { length: cells },
    (_, index) => statSync(cellFiles(directory, `cell-${index + 1}`).operations).size,
  ).reduce((sum, bytes) => sum + bytes, 0);
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
