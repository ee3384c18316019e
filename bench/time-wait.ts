/**
 * What TIME_WAIT leaves of new connections a second, on this kernel: the facts behind `glidetester doctor`. Each row opens and
 * closes connections at a steady rate in a network of its own, which has 1,000 ephemeral ports.
 *
 * Run as root: node bench/time-wait.ts
 */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PORTS = '40000 40999';
const SECONDS = 6;
const TURN_MS = 5;

type Row = { what: string; reuse: number; perS: number; target?: string; source?: string; reset?: true; also?: string };

const ROWS: Row[] = [
  { what: 'loopback', reuse: 0, perS: 400 },
  { what: 'loopback', reuse: 2, perS: 400 },
  { what: 'loopback', reuse: 2, perS: 2000 },
  { what: 'loopback, from an address of its own', reuse: 2, perS: 400, source: '127.0.0.2' },
  { what: 'loopback, from an address of its own', reuse: 1, perS: 400, source: '127.0.0.2' },
  { what: 'another address', reuse: 2, perS: 400, target: '10.99.0.1' },
  { what: 'another address', reuse: 1, perS: 400, target: '10.99.0.1' },
  { what: 'another address, no timestamps', reuse: 1, perS: 400, target: '10.99.0.1', also: 'tcp_timestamps=0' },
  { what: 'loopback, 500 kept in TIME_WAIT at most', reuse: 0, perS: 400, also: 'tcp_max_tw_buckets=500' },
  { what: 'loopback, closed by a reset', reuse: 0, perS: 2000, reset: true },
];

if (process.argv[2] === undefined) compare();
else await load(JSON.parse(process.argv[2]) as Row);

/** Each row as a process in a network of its own. */
function compare(): void {
  console.log(`Linux ${release()}, Node ${process.versions.node}: connections opened and refused, second by second`);
  for (const row of ROWS) {
    const settings = [`tcp_tw_reuse=${row.reuse}`, ...(row.also === undefined ? [] : [row.also])];
    const script = [
      'ip link set lo up',
      'ip addr add 10.99.0.1/24 dev lo',
      `echo '${PORTS}' > /proc/sys/net/ipv4/ip_local_port_range`,
      ...settings.map((setting) => `echo ${setting.split('=')[1]} > /proc/sys/net/ipv4/${setting.split('=')[0]}`),
      'exec "$0" "$@"',
    ].join(' && ');
    const self = [process.execPath, fileURLToPath(import.meta.url), JSON.stringify(row)];
    const { stdout, stderr, status } = spawnSync('unshare', ['-n', 'sh', '-c', script, ...self], { encoding: 'utf8' });
    const said = status === 0 ? stdout.trim() : `not measured: ${stderr.trim()}`;
    console.log(`${row.what}, ${settings.join(', ')}, ${row.perS} a second: ${said}`);
  }
}

/** Prints `opened/refused` of each second, and whether listen() still finds a port. */
async function load({ perS, target = '127.0.0.1', source, reset }: Row): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, target);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const seconds = Array.from({ length: SECONDS }, () => ({ opened: 0, refused: 0 }));
  const open = (second: { opened: number; refused: number }): void => {
    const socket = connect({ host: target, port, ...(source === undefined ? {} : { localAddress: source }) });
    socket.on('error', () => (second.refused += 1)).resume();
    socket.on('connect', () => {
      second.opened += 1;
      if (reset === true) socket.resetAndDestroy();
      else socket.end();
    });
  };
  const startedMs = performance.now();
  for (let due = 0; ; await sleep(TURN_MS)) {
    const passedS = (performance.now() - startedMs) / 1000;
    if (passedS >= SECONDS) break;
    for (; due < passedS * perS; due += 1) open(seconds[Math.floor(passedS)] as (typeof seconds)[number]);
  }
  await sleep(200); // the last ones come to their end
  const counts = seconds.map(({ opened, refused }) => `${opened}/${refused}`).join(' ');
  console.log(`${counts}; listen on a free port: ${await tryListening(target)}`);
  process.exit(0);
}

async function tryListening(host: string): Promise<string> {
  const server = createServer().listen(0, host);
  return once(server, 'listening').then(
    () => 'works',
    (error: unknown) => (error as { code?: string }).code ?? 'fails',
  );
}
