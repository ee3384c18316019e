/** nginx with one worker: a service that is not the limit. Its config and all that it writes lie in a folder of the bench. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMsOf, processTreeOf } from '../measure-process.ts';
import { requireProgram } from '../programs.ts';
import { countCommand } from './count-command.ts';
import { LOOPBACK } from './service-main.ts';

const LISTENS_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 50;

export type Nginx = AsyncDisposable & {
  url: string;
  /** For a campaign's `target.counters`. */
  counters: { command: string };
  cpuMs(): number;
};

/** @param page what it answers to every GET of `url` */
export async function startNginx(folder: string, page: string, pin: readonly string[]): Promise<Nginx> {
  const place = mkdtempSync(join(folder, 'nginx-'));
  chmodSync(place, 0o755);
  const port = await findFreePort();
  writeFileSync(join(place, 'page.txt'), page);
  writeFileSync(join(place, 'nginx.conf'), writeConfig(place, port));
  const command = [...pin, requireProgram('nginx'), '-p', place, '-c', join(place, 'nginx.conf')];
  const [program, ...parameters] = command;
  const child = spawn(program as string, parameters, { stdio: ['ignore', 'ignore', 'inherit'] });
  const status = `http://${LOOPBACK}:${port}/status`;
  await listens(child, status);
  return {
    url: `http://${LOOPBACK}:${port}/page.txt`,
    counters: countCommand('nginx', status, join(place, 'asked')),
    cpuMs: () => processTreeOf(child.pid as number).reduce((sum, pid) => sum + cpuMsOf(pid), 0),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGQUIT');
      await ended;
    },
  };
}

function writeConfig(place: string, port: number): string {
  // Started by root its worker would be nobody, who can't read the folder of another.
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${place};`);
  return `${user}worker_processes 1;
daemon off;
pid ${place}/nginx.pid;
error_log stderr error;
events { worker_connections 16384; }
http {
  ${temporary.join('\n  ')}
  access_log off;
  sendfile on;
  tcp_nodelay on;
  open_file_cache max=10;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
  default_type text/plain;
  server {
    listen ${LOOPBACK}:${port} backlog=4096;
    root ${place};
    location = /status { stub_status; }
  }
}
`;
}

/** Free now: nginx can't tell which port it was given. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listens(child: ChildProcess, url: string): Promise<void> {
  const deadlineMs = performance.now() + LISTENS_WITHIN_MS;
  while (performance.now() < deadlineMs && child.exitCode === null) {
    const isThere = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await delay(LOOK_EVERY_MS);
  }
  throw new Error('expected nginx to listen; what it said stands above');
}
