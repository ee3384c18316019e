/**
 * How much longer than its latency the mapping service's answers take, to the client and by its own count, and what its waiting
 * costs. `node bench/mapping-latency.ts [latency in ms] [asked at once] [asks]`
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN_FILE = new URL('../frontend/mapping-service/main.ts', import.meta.url);
const WARM_UP_ROUNDS = 300;
/** Linux counts CPU time in these, whatever the kernel's own tick is. */
const TICKS_PER_S = 100;

const body = JSON.stringify({ dn: '/CN=Somebody' });
const request = Buffer.from(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`);

await measure(Number(process.argv[2] ?? 8), Number(process.argv[3] ?? 1), Number(process.argv[4] ?? 2000));

async function measure(latencyMs: number, atOnce: number, asks: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'glidetester-bench-'));
  const gridMapfile = join(folder, 'grid-mapfile');
  writeFileSync(gridMapfile, '"/CN=Somebody" somebody\n');
  const program = `import(${JSON.stringify(MAIN_FILE.href)})
    .then(({ runMappingService }) => runMappingService(JSON.parse(process.argv[1])));`;
  const options = JSON.stringify({ gridMapfile, port: 0, latencyMs, stopWithStdin: true });
  const child = spawn(process.execPath, ['--eval', program, options], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, pid } = JSON.parse(line) as { url: string; pid: number };
    const sockets = await Promise.all(Array.from({ length: atOnce }, () => openSocket(url)));
    await ask(sockets, WARM_UP_ROUNDS);
    const before = await readTimes(url);
    const cpuBeforeS = readCpuS(pid);
    const startedMs = performance.now();
    const tookMs = await ask(sockets, Math.ceil(asks / atOnce));
    const wallS = (performance.now() - startedMs) / 1000;
    const cpuS = readCpuS(pid) - cpuBeforeS;
    const after = await readTimes(url);
    const ownMs = ((after.sumS - before.sumS) * 1000) / (after.count - before.count);
    const meanMs = tookMs.reduce((sum, each) => sum + each, 0) / tookMs.length;
    const sorted = tookMs.sort((one, other) => one - other);
    const extra = (ms: number | undefined): string => `${((ms ?? NaN) - latencyMs).toFixed(3)} ms`;
    console.log(
      `${latencyMs} ms, ${atOnce} at once: to the client mean +${extra(meanMs)}, p50 +${extra(sorted[sorted.length >> 1])}, ` +
        `least +${extra(sorted[0])}; by its own count mean +${extra(ownMs)}; ` +
        `${Math.round(tookMs.length / wallS)} answers/s at ${((100 * cpuS) / wallS).toFixed(0)} % of a core`,
    );
    sockets.forEach((socket) => socket.destroy());
  } finally {
    child.stdin.end();
    rmSync(folder, { recursive: true });
  }
}

async function openSocket(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}

/** Every socket asks again once all have their answers; an answer comes in one piece. */
async function ask(sockets: readonly Socket[], rounds: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      sockets.map(async (socket) => {
        const askedMs = performance.now();
        socket.write(request);
        await once(socket, 'data');
        tookMs.push(performance.now() - askedMs);
      }),
    );
  }
  return tookMs;
}

/** NaN from a service that doesn't tell. */
async function readTimes(url: string): Promise<{ sumS: number; count: number }> {
  const page = await (await fetch(new URL('/metrics', url))).text();
  const valueOf = (part: string): number =>
    Number(new RegExp(`^glidetester_mapping_service_answer_seconds_${part} (.+)$`, 'm').exec(page)?.[1]);
  return { sumS: valueOf('sum'), count: valueOf('count') };
}

/** CPU time of all threads of a process, user and system. */
function readCpuS(pid: number): number {
  // The second field, the name, may hold blanks; what follows it starts with field 3.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}
