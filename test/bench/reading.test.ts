/** What the bench reads: options, what peers print, requests and answers in pieces, the shell's times. */

import { readFile } from 'node:fs/promises';
import test from 'ava';
import * as fc from 'fast-check';
import type { BenchRow } from '../../bench/bench-row.ts';
import { readBenchOptions, roundsOf, secondsOf } from '../../bench/bench-options.ts';
import { ROWS } from '../../bench/rows/index.ts';
import { parseTimes } from '../../bench/measure-process.ts';
import { createAnswerMeter } from '../../bench/peers/answer-length.ts';
import { parseAutocannon } from '../../bench/peers/autocannon.ts';
import { parseHey } from '../../bench/peers/hey.ts';
import { takeApart } from '../../bench/peers/http-request.ts';
import { parseK6 } from '../../bench/peers/k6.ts';
import { parseWrk } from '../../bench/peers/wrk.ts';
import { type OpenReport, createOpenCount } from '../../bench/services/open-count.ts';
import { createRequestCutter } from '../../bench/services/raw-requests.ts';

const row = (name: string, more: Partial<BenchRow> = {}): BenchRow => ({
  name,
  title: '',
  unit: '',
  isDefault: true,
  rounds: null,
  seconds: null,
  goals: [],
  open: () => Promise.reject(new Error('not opened')),
  ...more,
});
const rows = [row('one'), row('long', { isDefault: false, rounds: 1, seconds: 30 })];

test('without names all rows but the long ones run', (t) => {
  const options = readBenchOptions([], rows);
  t.deepEqual(options.rows, [rows[0]]);
  t.is(roundsOf(row('one'), options), 5);
  t.is(secondsOf(row('one'), options), 10);
  t.is(options.write, null);
});

test('a row that is named runs, with its own rounds unless told', (t) => {
  const [long] = readBenchOptions(['long'], rows).rows as [BenchRow];
  t.is(long.name, 'long');
  t.is(roundsOf(long, readBenchOptions(['long'], rows)), 1);
  t.is(roundsOf(long, readBenchOptions(['long', '--rounds', '3'], rows)), 3);
  t.is(secondsOf(long, readBenchOptions(['long'], rows)), 30);
  t.is(secondsOf(long, readBenchOptions(['long', '--quick'], rows)), 2);
  t.is(secondsOf(long, readBenchOptions(['long', '--quick', '--seconds', '7'], rows)), 7);
});

test('what is no row and no number is told', (t) => {
  t.throws(() => readBenchOptions(['none'], rows), { message: /none; there are one, long/ });
  t.throws(() => readBenchOptions(['--rounds', '0'], rows), { message: /--rounds/ });
  t.throws(() => readBenchOptions(['--rows'], rows));
});

test("the children's part of the shell's times, however it writes them", (t) => {
  t.is(parseTimes('0m0.010s 0m0.000s\n0m1.250000s 1m0.500000s\n'), 61_750);
  t.is(parseTimes('0m0,01s 0m0,00s\n0m1,25s 0m0,5s\n'), 1750);
  t.throws(() => parseTimes(''), { message: /times prints/ });
});

test('wrk', (t) => {
  const page = `Running 2s test @ http://127.0.0.1:1/
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   366.43us  223.00us   8.36ms   97.21%
  281234 requests in 2.00s, 720.00MB read
  Socket errors: connect 1, read 2, write 0, timeout 3
  Non-2xx or 3xx responses: 4
Requests/sec: 140617.12
`;
  t.deepEqual(parseWrk(page), { operations: 281_234, failed: 10 });
  t.deepEqual(parseWrk('  7 requests in 1.00s, 1KB read\n'), { operations: 7, failed: 0 });
  t.throws(() => parseWrk('unable to connect'), { message: /wrk prints/ });
});

test('hey', (t) => {
  const page = `
Summary:
  Total:	2.0012 secs

Response time histogram:
  0.000 [1]	|
  0.001 [80000]	|■■■■

Status code distribution:
  [200]	80000 responses
  [503]	12 responses

Error distribution:
  [3]	Get "http://127.0.0.1:1/": dial tcp: connection refused
`;
  t.deepEqual(parseHey(page), { operations: 80_012, failed: 15 });
});

test('autocannon', (t) => {
  t.deepEqual(parseAutocannon(JSON.stringify({ '2xx': 90, non2xx: 5, errors: 2, timeouts: 1 })), {
    operations: 95,
    failed: 8,
  });
});

test('k6, with the value of a counter in `values` or beside it', (t) => {
  const failed = { values: { rate: 0.01 } };
  const told = { operations: 200, failed: 2 };
  t.deepEqual(
    parseK6(JSON.stringify({ metrics: { http_reqs: { values: { count: 200 } }, http_req_failed: failed } })),
    told,
  );
  t.deepEqual(
    parseK6(JSON.stringify({ metrics: { http_reqs: { count: 200 }, http_req_failed: { rate: 0.01 } } })),
    told,
  );
  t.throws(() => parseK6(JSON.stringify({ metrics: {} })), { message: /http_reqs\.count/ });
});

test('a request is taken apart but for what every client writes itself', (t) => {
  const bytes = Buffer.from('POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 4\r\nX-One: two: three\r\n\r\nbody');
  t.deepEqual(takeApart(bytes), { method: 'POST', headers: { 'x-one': 'two: three' }, body: Buffer.from('body') });
});

/** The same bytes in pieces, cut wherever. */
const pieces = (bytes: Buffer) =>
  fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 }).map((cuts) => {
    const at = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
    return at
      .slice(1)
      .map((to, index) => bytes.subarray(at[index], to))
      .filter((piece) => piece.length > 0);
  });

test('requests are counted however their bytes come', (t) => {
  const one = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const other = 'POST /p HTTP/1.1\r\nContent-Length: 5\r\n\r\nh\r\n\r\n';
  const stream = Buffer.from(one + other + other + one + one);
  fc.assert(
    fc.property(pieces(stream), (chunks) => {
      let requests = 0;
      const cut = createRequestCutter(() => (requests += 1));
      for (const chunk of chunks) cut(chunk);
      return requests === 5;
    }),
  );
  t.pass();
});

test('the end of an answer is found however its bytes come', (t) => {
  const answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 12\r\nServer: x\r\n\r\nab\r\n\r\ncdefgh');
  fc.assert(
    fc.property(pieces(answer), (chunks) => {
      const isWhole = createAnswerMeter();
      const ends = [...chunks, ...chunks].map((chunk) => isWhole(chunk));
      const last = chunks.length - 1;
      return ends.every((end, index) => end === (index === last || index === ends.length - 1));
    }),
  );
  t.throws(() => createAnswerMeter()(Buffer.from('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n')), {
    message: /expected 200/,
  });
});

test('the most open requests of several processes, by the order of time', (t) => {
  const span = fc.tuple(
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 0, max: 2 }),
  );
  fc.assert(
    fc.property(fc.array(span, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (spans, everyMs) => {
      const count = createOpenCount(3);
      // The last span ends at 101.
      for (let upToMs = everyMs; upToMs < 101 + everyMs; upToMs += everyMs) {
        const isNew = (atMs: number): boolean => atMs > upToMs - everyMs && atMs <= upToMs;
        for (const process of [2, 0, 1]) {
          const mine = spans.filter((each) => each[2] === process);
          const report: OpenReport = {
            upToMs,
            arrivedMs: mine.map(([from]) => from + 1).filter(isNew),
            endedMs: mine.map(([from, length]) => from + 1 + length).filter(isNew),
          };
          count.add(process, report);
        }
      }
      // Naively: at each instant, just after what ends there has ended.
      const openAt = (atMs: number): number =>
        spans.filter(([from, length]) => from + 1 <= atMs && atMs < from + 1 + length).length;
      const most = Math.max(0, ...Array.from({ length: 110 }, (_, atMs) => openAt(atMs)));
      const read = count.read();
      return read.most === most && read.open === 0 && read.arrived === spans.length && read.ended === spans.length;
    }),
  );
  t.pass();
});

test('the page of figures has a block for every row, and for nothing else', async (t) => {
  const page = await readFile(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/^<!-- figures: (\S+) -->$/gm)].map(([, name]) => name);
  t.is(blocks.length, ROWS.length);
  t.deepEqual(new Set(blocks), new Set(ROWS.map(({ name }) => name)));
});
