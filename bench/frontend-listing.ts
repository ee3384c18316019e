/**
 * How many srmLs of a directory the frontend answers per second of its own CPU time (all threads): what it does on one core.
 * The load comes from a process of its own over kept connections. `node bench/frontend-listing.ts [files] [threads] [event log's level]`
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLogLevel } from '../frontend/event-log/event-level.ts';
import { SOAP_CONTENT_TYPE } from '../scenarios/srm/wire.ts';
import { writeLsRequest } from '../scenarios/srm/write-request.ts';
import { startFrontendProcess } from '../test/support/frontend-process.ts';

const CONNECTIONS = 16;
const WARM_UP_OPERATIONS = 10_000;
const OPERATIONS = 30_000;
/** Linux counts CPU time in these, whatever the kernel's own tick is. */
const TICKS_PER_S = 100;

if (process.send !== undefined) process.on('message', ({ url, operations }) => void fire(url, operations));
else await measure(Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 1), process.argv[4] as EventLogLevel);

async function measure(files: number, threads: number, level: EventLogLevel = 'off'): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'glidetester-bench-'));
  const logs = mkdtempSync(join(tmpdir(), 'glidetester-bench-'));
  const load = fork(import.meta.filename);
  try {
    for (let file = 0; file < files; file += 1) writeFileSync(join(root, `file-${file}`), 'x'.repeat(file));
    await using frontend = await startFrontendProcess(
      { root, port: 0, fsConcurrency: threads, eventLog: { file: join(logs, 'event.log'), level } },
      process.execArgv,
    );
    load.send({ url: frontend.url, operations: WARM_UP_OPERATIONS });
    await once(load, 'message');
    const startedMs = performance.now();
    const cpuBeforeS = readCpuS(frontend.pid);
    load.send({ url: frontend.url, operations: OPERATIONS });
    await once(load, 'message');
    const cpuS = readCpuS(frontend.pid) - cpuBeforeS;
    const wallS = (performance.now() - startedMs) / 1000;
    console.log(
      `${files} files, ${threads} listing thread(s), event log ${level}: ${Math.round(OPERATIONS / cpuS)} listings per second of CPU ` +
        `(${((cpuS / OPERATIONS) * 1e6).toFixed(0)} us each), ${Math.round(OPERATIONS / wallS)} per second of wall time`,
    );
  } finally {
    load.disconnect();
    for (const folder of [root, logs]) rmSync(folder, { recursive: true });
  }
}

/** CPU time of all threads of a process, user and system. */
function readCpuS(pid: number): number {
  // The second field, the name, may hold blanks; what follows it starts with field 3.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** Bare sockets, so that the load takes as little as it can from the machine that it shares with the frontend. */
async function fire(url: string, operations: number): Promise<void> {
  const { hostname, port, pathname, host } = new URL(url);
  const body = writeLsRequest({ surls: [`srm://${host}${pathname}?SFN=/`], detail: 'full', levels: 1 });
  const request = Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${SOAP_CONTENT_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  let left = operations;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(Number(port), hostname);
      while (left > 0) {
        left -= 1;
        socket.write(request);
        await readAnswer(socket);
      }
      socket.destroy();
    }),
  );
  process.send?.('done');
}

async function readAnswer(socket: ReturnType<typeof connect>): Promise<void> {
  let answer = '';
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    answer += chunk.toString('latin1');
    const headEnd = answer.indexOf('\r\n\r\n');
    if (headEnd === -1) continue;
    if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`unexpected answer: ${answer.slice(0, headEnd)}`);
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1]);
    if (answer.length >= headEnd + 4 + length) return;
  }
}
