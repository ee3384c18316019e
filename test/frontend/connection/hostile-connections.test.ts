/** Senders that mean no good, or no longer are: none of them ends the frontend, fills it, or keeps others out. */

import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import type { FrontendOptions } from '../../../frontend/main.ts';
import { createRandom } from '../../../foundation/random.ts';
import { testCertificates } from '../../support/certificates.ts';
import { runStorm } from '../../support/connection-storm.ts';
import { eventually } from '../../support/eventually.ts';
import { type FrontendProcess, startFrontendProcess } from '../../support/frontend-process.ts';
import { makeDirectory } from '../fresh-directory.ts';
import {
  awaitClose,
  connectSecure,
  makeCertificates,
  pingHttpg,
  readMetric,
  sendPieces,
  writePing,
} from '../secure-client.ts';
import { postLs, readCount } from '../soap-client.ts';

async function start(
  t: ExecutionContext,
  options: Partial<FrontendOptions> = {},
  nodeArguments: string[] = [],
): Promise<FrontendProcess> {
  const root = makeDirectory(t, { 'd/f': '' });
  const certificates = await makeCertificates(t);
  const frontend = await startFrontendProcess(
    { root, port: 0, fsConcurrency: 1, httpg: true, certificates, ...options },
    nodeArguments,
  );
  t.teardown(() => frontend.stop());
  return frontend;
}

async function openBare({ url }: { url: string }, bytes: string | Buffer = ''): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return socket;
}

async function isAnswered(t: ExecutionContext, { url }: { url: string }): Promise<void> {
  t.regex(await pingHttpg(url, (await testCertificates()).proxy), /^HTTP\/1.1 200 /);
}

test('over TLS too, headers and bodies beyond the limits are refused', async (t) => {
  const { user } = await testCertificates();
  const frontend = await start(t);
  const send = async (text: string): Promise<string> =>
    sendPieces(await connectSecure(frontend.url, user), [
      '0',
      `POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${text}`,
    ]);
  t.regex(await send(`X-Long: ${'x'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1.1 431 /);
  t.regex(await send(`Content-Length: 1048577\r\n\r\n${'x'.repeat(1_048_577)}`), /^HTTP\/1.1 413 /);
  await isAnswered(t, frontend);
  t.deepEqual((await readCount(frontend.metricsUrl, '-/-/0')).answered, { 'status/http-413': 1, ok: 1 });
});

/** Beginnings of requests that never go on. */
const UNFINISHED = [
  'P',
  'POST / HTTP/1.1\r\nHos',
  'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf',
  'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nha',
];

test('slow senders are dropped; who waits before a request, between two, or for an answer is not', async (t) => {
  const { proxy, authority } = await testCertificates();
  const mapping = createServer();
  mapping.listen(0, '127.0.0.1');
  t.teardown(() => mapping.close());
  await once(mapping, 'listening');
  const gumsServiceUrl = `http://127.0.0.1:${(mapping.address() as AddressInfo).port}/`;
  const frontend = await start(t, { requestWithinMs: 300, gumsServiceUrl });
  const waitsToAsk = await connectSecure(frontend.url, proxy);
  await new Promise((written) => waitsToAsk.write('0', written));

  const waitsForAnswer = await connectSecure(frontend.url, proxy);
  const asked = once(mapping, 'request') as Promise<[unknown, { end(text: string): void }]>;
  const answer = sendPieces(waitsForAnswer, ['0', writePing()]);
  const [, held] = await asked;

  const between = await connectSecure(frontend.url, proxy, { ca: authority.certificate });
  between.write('0GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  t.regex(String((await once(between, 'data'))[0]), /^HTTP\/1.1 405 /);

  const slow = UNFINISHED.map(async (beginning) =>
    sendPieces(await connectSecure(frontend.url, proxy), ['0', beginning]),
  );
  for (const dropped of await Promise.all(slow)) t.regex(dropped, /^HTTP\/1.1 408 /);

  held.end('{"localUser":"load001"}');
  t.regex(await answer, /^HTTP\/1.1 200 [^]*load001/);
  between.write('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
  t.regex(String((await once(between, 'data'))[0]), /^HTTP\/1.1 405 /);
  mapping.on('request', (_request, response) => response.end('{"localUser":"load001"}'));
  t.regex(await sendPieces(waitsToAsk, [writePing()]), /^HTTP\/1.1 200 [^]*load001/);
});

test('slow senders over plain http are dropped, those that never send among them', async (t) => {
  const frontend = await startFrontendProcess({
    root: makeDirectory(t, { 'd/f': '' }),
    port: 0,
    fsConcurrency: 1,
    requestWithinMs: 300,
  });
  t.teardown(() => frontend.stop());
  const slow = await Promise.all(['', ...UNFINISHED].map((beginning) => openBare(frontend, beginning)));
  await Promise.all(slow.map(awaitClose));
  t.like(await postLs(frontend.url, '/d'), { entries: 1 });
});

test('a thousand half-open handshakes keep nobody out, and are dropped', async (t) => {
  const frontend = await start(t);
  // A record of a handshake that announces 512 bytes, of which it sends 3.
  const beginnings = ['', Buffer.of(0x16, 3, 1, 2, 0, 1, 0, 1)];
  const halfOpen: Socket[] = [];
  for (let index = 0; index < 1000; index += 1) halfOpen.push(await openBare(frontend, beginnings[index % 2]));
  let open = halfOpen.length;
  const closed = halfOpen.map(async (socket) => {
    await awaitClose(socket);
    open -= 1;
  });
  await isAnswered(t, frontend);
  t.is(open, 1000);
  await Promise.all(closed);
  t.is(await readMetric(frontend.metricsUrl, 'handshakes_failed_total'), 1000);
  await isAnswered(t, frontend);
});

test('what is no TLS is closed at a TLS port, and TLS at a plain one', async (t) => {
  // Some noise is the beginning of a handshake: it is waited for.
  const frontend = await start(t, { handshakeWithinMs: 1000 });
  const random = createRandom(443);
  const noise = Array.from({ length: 100 }, () => Buffer.from(Array.from({ length: 512 }, () => random() * 256)));
  const others = [
    'GET / HTTP/1.1\r\nHost: h\r\n\r\n',
    writePing(),
    Buffer.alloc(512),
    '\x16\x03\x03\xff\xff'.padEnd(512),
  ];
  for (const bytes of [...noise, ...others]) await awaitClose(await openBare(frontend, bytes));
  t.is(await readMetric(frontend.metricsUrl, 'handshakes_failed_total'), 104);

  await using plain = await startFrontendProcess({ root: frontend.root, port: 0, fsConcurrency: 1 });
  const socket = connectTls({ port: Number(new URL(plain.url).port), host: '127.0.0.1' });
  await t.throwsAsync(once(socket, 'secureConnect'));
  t.like(await postLs(plain.url, '/d'), { entries: 1 });
});

test('a flood of clients that are refused is a few lines, which name the rule and no key', async (t) => {
  const { user } = await testCertificates();
  const frontend = await start(t);
  for (let round = 0; round < 120; round += 1) t.is(await pingHttpg(frontend.url, null), '');
  const delegating = await connectSecure(frontend.url, user);
  t.is(await sendPieces(delegating, ['D']), '');
  t.is(await readMetric(frontend.metricsUrl, 'refused_certificates_total{rule="no-certificate"}'), 120);
  await frontend.stop();
  const lines = frontend
    .said()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  t.deepEqual(
    lines.map(({ rule, times }) => [rule, times]),
    [
      ['no-certificate', 1],
      ['no-certificate', 10],
      ['no-certificate', 100],
      ['delegation', 1],
    ],
  );
  t.notRegex(frontend.said(), /PRIVATE KEY|BEGIN/);
});

const WARM_UP = { connected: 16_000, greeted: 2000, answered: 2000 };
const STORM = { connected: 40_000, greeted: 5000, answered: 5000 };
/** A small heap is swept often, so that what the process holds is what it needs, and not what it has not got round to sweep. */
const SMALL_HEAP = ['--max-semi-space-size=2', '--max-old-space-size=64'];
/**
 * A connection that is only half open takes 6 kB or more: if a tenth of the 50,000 stayed it would be 30 MiB. What is swept late
 * makes 0 to 8 MiB here.
 */
const MOST_GROWTH_KIB = 24 * 1024;

async function readResidentKib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

async function countDescriptors(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

test('50,000 connections that are opened and dropped with RST leave nothing behind, and keep nobody out', async (t) => {
  t.timeout(180_000, 'storm');
  const frontend = await start(t, {}, SMALL_HEAP);
  const { pid, url, metricsUrl } = frontend;
  const port = Number(new URL(url).port);
  await isAnswered(t, frontend);
  const before = await countDescriptors(pid);
  const allGone = (): Promise<true> =>
    eventually('descriptors as before', async () => ((await countDescriptors(pid)) <= before + 4 ? true : undefined));

  await runStorm({ port, connections: WARM_UP, atOnce: 200 });
  await allGone();
  const warmKib = await readResidentKib(pid);

  const storm = { isOver: false };
  const over = runStorm({ port, connections: STORM, atOnce: 200 }).finally(() => (storm.isOver = true));
  let answered = 0;
  while (!storm.isOver) {
    await isAnswered(t, frontend);
    answered += 1;
  }
  await over;
  t.log(`${answered} pings were answered during the storm`);
  t.true(answered >= 10);
  await allGone();
  await isAnswered(t, frontend);
  const growthKib = (await readResidentKib(pid)) - warmKib;
  t.log(`the process grew by ${growthKib} KiB`);
  t.true(growthKib < MOST_GROWTH_KIB, `${growthKib} KiB`);
  t.is(await readMetric(metricsUrl, 'handshakes_failed_total'), 70_000);
  t.is(frontend.said(), '');
  t.deepEqual(await frontend.stop(), { exitCode: 0, signal: null });
});
