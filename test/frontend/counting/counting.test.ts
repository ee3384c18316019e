import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import type { OperationRecord } from '../../../frontend/counting/operation-record.ts';
import { startFrontend } from '../../../frontend/main.ts';
import { monotonicNowMs } from '../../../foundation/clock.ts';
import { OPERATION_HEADER } from '../../../scenarios/operation-header.ts';
import type { CellCount } from '../../../scenarios/server-count.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { awaitCount, postLs, readCount, writePathRequest } from '../soap-client.ts';

const CELL = 'campaign/cell/1';
const STAYING = 12;
const LEAVING = 24;
const ROUNDS = 5;

function writeHttp(client: string, sequence: number): Buffer {
  const body = writePathRequest('/d');
  return Buffer.from(
    `POST / HTTP/1.1\r\nHost: h\r\n${OPERATION_HEADER}: ${CELL}/${client}/${sequence}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

/** Sends one whole request and goes away, by FIN or by RST, without waiting. */
async function sendAndLeave(url: string, client: number): Promise<void> {
  const socket = await open(url);
  await new Promise((sent) => socket.write(writeHttp(`leaving-${client}`, 0), sent));
  if (client % 2 === 0) socket.destroy();
  else socket.resetAndDestroy();
}

/** Goes away in the middle of the body: never received. */
async function sendHalfAndLeave(url: string): Promise<void> {
  const socket = await open(url);
  const request = writeHttp('half', 0);
  await new Promise((sent) => socket.write(request.subarray(0, request.length - 100), sent));
  socket.destroy();
}

async function stay(url: string, client: number): Promise<void> {
  for (let sequence = 0; sequence < ROUNDS; sequence += 1) {
    await postLs(url, sequence === 3 ? '/none' : '/d', `${CELL}/${client}/${sequence}`);
  }
}

const sumAnswered = ({ answered }: CellCount): number => Object.values(answered).reduce((sum, each) => sum + each, 0);

test('counters and record are exact while some of many clients leave early', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`d/f${index}`, '']));
  const record = join(makeDirectory(t), 'record.ndjson');
  const frontend = await startFrontend({ root: makeDirectory(t, files), port: 0, fsConcurrency: 1, record });
  const { url, metricsUrl } = frontend;
  const startedMs = monotonicNowMs();

  const clients = [
    ...Array.from({ length: STAYING }, (_, client) => stay(url, client)),
    ...Array.from({ length: LEAVING }, (_, client) => sendAndLeave(url, client)),
    ...Array.from({ length: 5 }, () => sendHalfAndLeave(url)),
    postLs(url, '/d', 'campaign/cell/1/probe/0'),
    postLs(url, '/d'),
  ];
  let samples = 0;
  const sampled = awaitCount(metricsUrl, CELL, (count) => {
    samples += 1;
    t.is(count.received, sumAnswered(count) + count.abandoned + count.open);
    return count.received >= STAYING * ROUNDS && count.open === 0;
  });
  await Promise.all(clients);
  await sampled;
  t.true(samples > 1);

  // A reset may overtake the request that it follows, so of those who leave only the upper bound is known from outside.
  const count = await awaitCount(metricsUrl, CELL, ({ open: left }) => left === 0);
  await frontend.stop();
  t.true(count.received >= STAYING * ROUNDS + LEAVING / 2 && count.received <= STAYING * ROUNDS + LEAVING);
  t.is(count.answered['status/SRM_INVALID_PATH'], STAYING);
  t.is(count.received, sumAnswered(count) + count.abandoned);
  for (let client = 0; client < STAYING; client += 1) t.deepEqual(count.lastAnswered[client], [ROUNDS - 1, 'ok']);

  const lines = readFileSync(record, 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line) as OperationRecord);
  const ofCell = records.filter(({ client }) => client !== 'probe');
  t.is(records.length, ofCell.length + 1);
  t.is(ofCell.length, count.received);
  t.is(ofCell.filter(({ abandoned }) => abandoned).length, count.abandoned);
  for (const [outcome, number] of Object.entries(count.answered)) {
    t.is(ofCell.filter((line) => line.outcome === outcome).length, number, outcome);
  }
  for (const line of ofCell) {
    t.like(line, { campaign: 'campaign', cell: 'cell', attempt: 1 });
    t.true(line.receivedMs >= startedMs && line.receivedMs <= monotonicNowMs());
    t.is(line.answeredMs === null, line.abandoned);
    if (line.answeredMs !== null) t.true(line.answeredMs >= line.receivedMs);
  }
});

test('operations of no cell and of probes are counted apart', async (t) => {
  const frontend = await startFrontend({ root: makeDirectory(t), port: 0, fsConcurrency: 1 });
  t.teardown(() => frontend.stop());
  await postLs(frontend.url, '/');
  await postLs(frontend.url, '/', 'campaign/cell/1/probe/0');
  await postLs(frontend.url, '/', 'not ours');
  t.like(await readCount(frontend.metricsUrl, '-/-/0'), { received: 3, answered: { ok: 3 }, lastAnswered: {} });
  t.is((await readCount(frontend.metricsUrl, CELL)).received, 0);
});
