/** Every row of real cells against the real frontend, held against the frontend's own record of the same operation. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { request } from 'undici';
import type { OperationRecord } from '../../frontend/counting/operation-record.ts';
import { writeCertificateFolder } from '../../scenarios/credentials/certificate-folder.ts';
import { CellCountSchema } from '../../scenarios/server-count.ts';
import { type FinishedCell, finishCampaign, runCampaign, startCampaign } from '../support/campaign.ts';
import { glidetester } from '../support/cli.ts';
import { readMetric } from '../frontend/secure-client.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** Rows are rounded to whole microseconds, start and duration each. */
const ROUNDING_MS = 0.001;

/** Files without content on disk that still take their time to be read. */
async function makeDirectory(folder: string, files: number, fileBytes: number): Promise<void> {
  await mkdir(folder);
  for (let file = 0; file < files; file += 1) {
    const handle = await open(join(folder, `file-${file}`), 'w');
    await handle.truncate(fileBytes);
    await handle.close();
  }
}

type Frontend = { url: string; metricsUrl: string; stop(): Promise<void> };

/** One listing at a time, each reading its files: a large directory is slow by its work. */
async function startFrontend(
  t: ExecutionContext,
  root: string,
  record: string,
  modes: readonly string[] = [],
): Promise<Frontend> {
  const flags = ['--port', '0', '--fs-concurrency', '1', '--checksum', '--record', record, '--stop-with-stdin'];
  const child = spawn(...glidetester('frontend', '--root', root, ...flags, ...modes), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  t.teardown(stop);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { ...(JSON.parse(line) as { url: string; metricsUrl: string }), stop };
}

async function readRecord(file: string): Promise<OperationRecord[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as OperationRecord);
}

const nameOf = ({ client, sequence }: { client: number | string; sequence: number }): string => `${client}/${sequence}`;

/** Each row has exactly one record and each record exactly one row, with one outcome, and the server's time lies in ours. */
function assertJoined(t: ExecutionContext, { rows, t0Ms }: FinishedCell, records: readonly OperationRecord[]): void {
  const recordOf = new Map(records.map((record) => [nameOf(record), record]));
  t.is(recordOf.size, records.length, 'the server has an operation twice');
  t.deepEqual(rows.map(nameOf).toSorted(), [...recordOf.keys()].toSorted());
  for (const row of rows) {
    const record = recordOf.get(nameOf(row));
    if (record === undefined) continue;
    const about = JSON.stringify({ row, record, t0Ms });
    t.true(record.receivedMs >= t0Ms + row.startMs - ROUNDING_MS, about);
    if (row.outcome === 'cut') {
      t.true(record.abandoned || record.outcome === 'ok', about);
    } else {
      t.is(record.outcome, row.outcome, about);
      t.deepEqual([record.polls, record.pages], [row.polls, row.pages], about);
      t.true((record.answeredMs as number) <= t0Ms + row.endMs + 2 * ROUNDING_MS, about);
    }
  }
}

function countBy<T>(values: readonly T[], keyOf: (value: T) => string | null): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) {
    const key = keyOf(value);
    if (key !== null) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

test('every operation is in the rows and in the record of the server, once, alike, and in the same time', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const root = join(folder, 'root');
  await mkdir(root);
  await makeDirectory(join(root, 'gone'), 5, 0);
  await makeDirectory(join(root, 'quick'), 20, 1024);
  await makeDirectory(join(root, 'slow'), 100, 2 * 1024 * 1024);
  const recordFile = join(folder, 'record.ndjson');
  const frontend = await startFrontend(t, root, recordFile);
  const running = await startCampaign(t, {
    name: 'operation-by-operation',
    target: { kind: 'url', url: frontend.url },
    scenario: { kind: 'srm-ls', directories: { 5: '/gone', 20: '/quick', 100: '/slow' } },
    load: { levels: [8], afterFailure: { pause: '20ms', growTo: '100ms' } },
    timing: {
      warmUp: { atLeast: '200ms', atMost: '10s' },
      window: { atLeast: '500ms', operationsPerClient: 0.5, atMost: '5s' },
      drain: '1s', // the slow directory takes eight clients longer: operations are cut
      recovery: { within: '30s' },
    },
    pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 4 }],
  });
  const ids = { gone: '001-d5-l8-r1', quick: '002-d20-l8-r1', slow: '003-d100-l8-r1' };
  // It must be there for the one operation first, and be back for the recovery.
  await running.awaitLine('window-opened', ({ cell }) => cell === ids.gone);
  await rename(join(root, 'gone'), join(root, 'went'));
  await running.awaitLine('rows-stored', ({ cell }) => cell === ids.gone);
  await rename(join(root, 'went'), join(root, 'gone'));
  const campaign = await finishCampaign(running);
  t.is(campaign.exitCode, 0, campaign.stderr);

  const label = String(campaign.journal.find(({ step }) => step === 'campaign-started')?.['campaign']);
  const cells = await Promise.all(Object.values(ids).map((id) => campaign.readCell(id)));
  const counts = await Promise.all(
    Object.values(ids).map(async (id) => {
      const { body } = await request(`${frontend.metricsUrl}/cells/${label}/${id}/1`);
      return CellCountSchema.parse(await body.json());
    }),
  );
  await frontend.stop();
  const records = await readRecord(recordFile);

  for (const [index, cell] of cells.entries()) {
    const own = records.filter((record) => record.campaign === label && record.cell === cell.summary.id);
    assertJoined(t, cell, own);
    const cut = new Set(cell.rows.filter(({ outcome }) => outcome === 'cut').map(nameOf));
    const uncut = own.filter((record) => !cut.has(nameOf(record)));
    t.deepEqual(cell.summary.operations.byOutcome, {
      ...countBy(uncut, ({ outcome }) => outcome),
      ...(cut.size === 0 ? {} : { cut: cut.size }),
    });
    const { received, answered, abandoned, open: stillOpen } = counts[index] as (typeof counts)[number];
    t.deepEqual(
      answered,
      countBy(own, ({ outcome }) => outcome),
    );
    t.deepEqual([received, abandoned, stillOpen], [cell.rows.length, own.filter((each) => each.abandoned).length, 0]);
    t.log(`${cell.summary.id}: ${cell.rows.length} operations, ${JSON.stringify(cell.summary.operations.byOutcome)}`);
  }
  const outcomes = cells.map(({ summary }) => summary.operations.byOutcome);
  t.true((outcomes[0]?.['ok'] ?? 0) > 0 && (outcomes[0]?.['status/SRM_INVALID_PATH'] ?? 0) > 0);
  t.deepEqual(Object.keys(outcomes[1] ?? {}), ['ok']);
  t.true((outcomes[2]?.['cut'] ?? 0) > 0);
});

test('over httpg too: handshakes, queues and pages are in rows, whose phases add up, and in the counts of both sides', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const [root, certificates] = [join(folder, 'root'), join(folder, 'certificates')];
  await mkdir(root);
  await makeDirectory(join(root, 'some'), 20, 0);
  await writeCertificateFolder(certificates, { users: 3 });
  const recordFile = join(folder, 'record.ndjson');
  const modes = ['--httpg', '--certificates', certificates, '--async', '--most-entries', '19', '--answers', 'multiref'];
  const frontend = await startFrontend(t, root, recordFile, modes);
  const campaign = await runCampaign(t, {
    name: 'over-httpg',
    target: {
      kind: 'url',
      url: frontend.url,
      identity: { proxies: join(certificates, 'proxies') },
      caDirectory: join(certificates, 'certificates'),
    },
    scenario: { kind: 'srm-ls', directories: { 20: '/some' } },
    load: { levels: [8] },
    timing: {
      warmUp: { atLeast: '200ms', atMost: '20s' },
      window: { atLeast: '1s', operationsPerClient: 1, atMost: '20s' },
      recovery: { within: '60s' },
    },
    pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 4 }],
  });
  t.is(campaign.exitCode, 0, campaign.stderr);
  const cell = await campaign.readCell('001-d20-l8-r1');
  const { connections } = cell.summary;
  t.is(connections?.opened, cell.rows.length);
  t.is(connections?.resumed, 0);
  // Beside the clients: ten probes before the campaign, one operation from the site, the probes of the recovery.
  const alone = 10 + 1 + (cell.evidence.recovery?.probes ?? 0);
  t.is(await readMetric(frontend.metricsUrl, 'handshakes_total'), (connections?.secured ?? 0) + alone);
  t.is(await readMetric(frontend.metricsUrl, 'handshakes_resumed_total'), 0);
  await frontend.stop();
  const records = (await readRecord(recordFile)).filter((record) => record.cell === cell.summary.id);
  assertJoined(t, cell, records);
  t.true(cell.rows.length >= 16);
  for (const { phasesMs, startMs, endMs, polls, pages, outcome } of cell.rows) {
    t.is(outcome, 'ok');
    t.true(polls >= 2 && pages === 1, 'the listing and its page are queued each');
    const sumMs = phasesMs.reduce<number>((sum, phase) => sum + (phase ?? Number.NaN), 0);
    t.true(Math.abs(sumMs - (endMs - startMs)) <= 5 * ROUNDING_MS, JSON.stringify({ phasesMs, startMs, endMs }));
  }
});
