/** What the bench's own peers share: each is a small program that is run as a whole process with the same wish. */

import { readFileSync } from 'node:fs';

export type PeerWish = {
  /** `http://host:port/path`. */
  url: string;
  connections: number;
  seconds: number;
  /** File with the bytes of the request, head and body; null: a bare GET of the url. */
  requestFile: string | null;
  /** Folders with usercert.pem and userkey.pem, which connections take turns in, and the authorities; null: no TLS. */
  tls: { users: string[]; authorities: string[] } | null;
};

export type PeerCount = {
  operations: number;
  failed: number;
  /** CPU time of this process when its load began, in ms. */
  startUpCpuMs: number;
};

export function readWish(): PeerWish {
  return JSON.parse(process.argv[2] ?? '{}') as PeerWish;
}

export function readRequest({ url, requestFile }: Pick<PeerWish, 'url' | 'requestFile'>): Buffer {
  const { host, pathname } = new URL(url);
  return requestFile === null
    ? Buffer.from(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    : readFileSync(requestFile);
}

/** Runs the load until its time is over and tells its count. `load` resolves when `isOver()` has become true and all has ended. */
export async function runPeer(
  seconds: number,
  load: (isOver: () => boolean) => Promise<Pick<PeerCount, 'operations' | 'failed'>>,
): Promise<void> {
  const startUpCpuMs = cpuMs();
  let over = false;
  setTimeout(() => (over = true), seconds * 1000);
  const count = await load(() => over);
  process.stdout.write(`${JSON.stringify({ ...count, startUpCpuMs } satisfies PeerCount)}\n`);
  process.exit();
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
