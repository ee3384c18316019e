import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { OperationRecord } from '../../../frontend/counting/operation-record.ts';
import { OPERATION_HEADER } from '../../../scenarios/operation-header.ts';
import type { CellCount } from '../../../scenarios/server-count.ts';
import { type Conversed, converse } from '../converse.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { awaitCount, postSoap, readCount, writePathRequest } from '../soap-client.ts';
import { type ServiceWish, type StartedService, startService } from '../start-service.ts';

const CELL = 'campaign/cell/1';
const NOTHING: CellCount = {
  received: 0,
  answered: {},
  interim: 0,
  abandoned: 0,
  open: 0,
  between: 0,
  lastAnswered: {},
};

type Recorded = StartedService & { readRecords(): Promise<OperationRecord[]> };

async function startRecorded(t: ExecutionContext, wish: ServiceWish): Promise<Recorded> {
  const record = join(makeDirectory(t), 'record.ndjson');
  const service = await startService(t, { ...wish, record });
  return {
    ...service,
    async readRecords() {
      await service.stop();
      const lines = readFileSync(record, 'utf8').split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as OperationRecord);
    },
  };
}

const sumOf = (numbers: Iterable<number>): number => [...numbers].reduce((sum, each) => sum + each, 0);

test('operations of many requests count once, with the outcome of their last answer', async (t) => {
  const root = makeDirectory(t, { 'd/f0': '', 'small/f': '' });
  for (let index = 1; index < 2000; index += 1) writeFileSync(join(root, 'd', `f${index}`), '');
  const modes = { asynchronous: true, mostEntries: 1500 };
  const { url, metricsUrl, readRecords } = await startRecorded(t, { root, modes });

  const conversed = new Map<string, Conversed>();
  const clients = Array.from({ length: 6 }, async (_, client) => {
    for (let sequence = 0; sequence < 4; sequence += 1) {
      const path = ['/d', '/small', '/none', '/small'][sequence] as string;
      conversed.set(`${client}/${sequence}`, await converse(url, { path, prefix: `${CELL}/${client}/`, sequence }));
    }
  });
  let samples = 0;
  const sampled = awaitCount(metricsUrl, CELL, (count) => {
    samples += 1;
    const { received, answered, abandoned, open, between } = count;
    t.is(received, sumOf(Object.values(answered)) + abandoned + open + between);
    return sumOf(Object.values(answered)) === 24;
  });
  await Promise.all(clients);
  const count = await sampled;
  t.true(samples > 1);

  const results = [...conversed.values()];
  t.deepEqual(count, {
    received: 24,
    answered: { ok: 18, 'status/SRM_INVALID_PATH': 6 },
    interim: sumOf(results.map(({ polls, pages }) => polls + pages)),
    abandoned: 0,
    open: 0,
    between: 0,
    lastAnswered: Object.fromEntries(Array.from({ length: 6 }, (_, client) => [client, [3, 'ok']])),
  });
  // Two full pages and an empty one.
  t.true(results.every(({ pages }) => pages === 0 || pages === 3));

  const records = await readRecords();
  t.is(records.length, 24);
  for (const { client, sequence, outcome, polls, pages, receivedMs, answeredMs, abandoned } of records) {
    t.deepEqual(
      { outcome, polls, pages },
      conversed.get(`${client}/${sequence}`) as { outcome: string | null } & Conversed,
    );
    t.false(abandoned);
    t.true((answeredMs as number) > receivedMs);
  }
});

test('a client that leaves between two requests is noticed when it begins another operation', async (t) => {
  const { url, metricsUrl, readRecords } = await startRecorded(t, { files: { f: '' }, modes: { asynchronous: true } });
  const prefix = `${CELL}/0/`;
  await converse(url, { path: '/', prefix, sequence: 0, leaveAt: 1 });
  t.deepEqual(await readCount(metricsUrl, CELL), { ...NOTHING, received: 1, interim: 1, between: 1 });
  const { outcome, polls } = await converse(url, { path: '/', prefix, sequence: 1 });
  t.is(outcome, 'ok');
  t.deepEqual(await readCount(metricsUrl, CELL), {
    ...NOTHING,
    received: 2,
    answered: { ok: 1 },
    interim: 1 + polls,
    abandoned: 1,
    lastAnswered: { 0: [1, 'ok'] },
  });
  const records = await readRecords();
  t.like(records, [
    { sequence: 0, outcome: null, answeredMs: null, abandoned: true, polls: 0 },
    { sequence: 1, outcome: 'ok', abandoned: false, polls },
  ]);
});

test('an operation whose client never comes back is between requests, and in the record when the service ends', async (t) => {
  const { url, metricsUrl, readRecords } = await startRecorded(t, { files: { f: '' }, modes: { asynchronous: true } });
  await converse(url, { path: '/', prefix: `${CELL}/0/`, sequence: 7, leaveAt: 1 });
  t.like(await readCount(metricsUrl, CELL), { open: 0, between: 1 });
  t.like(await readRecords(), [{ sequence: 7, outcome: null, abandoned: true }]);
});

test('a further request of an operation that is not known belongs to no cell', async (t) => {
  const { url, metricsUrl, readRecords } = await startRecorded(t, { files: { f: '' } });
  const ask = (name: string): Promise<unknown> => postSoap(url, writePathRequest('/'), { [OPERATION_HEADER]: name });
  await ask(`${CELL}/0/5/1`);
  t.deepEqual(await readCount(metricsUrl, CELL), NOTHING);
  await ask(`${CELL}/0/5`);
  await ask(`${CELL}/0/5/1`);
  t.like(await readCount(metricsUrl, CELL), { received: 1, answered: { ok: 1 }, between: 0 });
  t.like(await readCount(metricsUrl, '-/-/0'), { received: 2, answered: { ok: 2 } });
  t.is((await readRecords()).length, 1);
});

test('without a header each request is an operation by itself', async (t) => {
  const { url, metricsUrl } = await startService(t, { files: { f: '' }, modes: { asynchronous: true } });
  await postSoap(url, writePathRequest('/'));
  t.deepEqual(await readCount(metricsUrl, '-/-/0'), {
    ...NOTHING,
    received: 1,
    answered: { 'status/SRM_REQUEST_QUEUED': 1 },
  });
});
