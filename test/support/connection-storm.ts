/**
 * Opens very many connections and breaks each with RST, from a process of its own: as a script it does what its first argument
 * says and ends; its exit code is 0 when all were opened.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';

/** How far a connection gets: it stands, has sent its ClientHello, or has seen the server's answer to it begin. */
export type StormKind = 'connected' | 'greeted' | 'answered';

export type Storm = { port: number; connections: Record<StormKind, number>; atOnce: number };

/** @throws Error when a connection could not be opened */
export async function runStorm(storm: Storm): Promise<void> {
  const file = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [file, JSON.stringify(storm)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`the storm broke off: ${said}`);
}

async function blow({ port, connections, atOnce }: Storm): Promise<void> {
  const hello = await captureClientHello();
  // All kinds mixed, in the same order every time.
  const kinds = (['connected', 'greeted', 'answered'] as const)
    .flatMap((kind) =>
      Array.from({ length: connections[kind] }, (_, index) => ({ kind, at: index / connections[kind] })),
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ kind }) => kind);
  for (let done = 0; done < kinds.length; done += atOnce) {
    await Promise.all(kinds.slice(done, done + atOnce).map((kind) => openAndBreak(port, kind, hello)));
  }
}

async function openAndBreak(port: number, kind: StormKind, hello: Buffer): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  if (kind !== 'connected') await new Promise((written) => socket.write(hello, written));
  if (kind === 'answered') await Promise.race([once(socket, 'data'), once(socket, 'end')]);
  await breakConnection(socket);
}

function breakConnection(socket: Socket): Promise<void> {
  return new Promise((closed) => {
    socket.once('close', () => closed()).on('error', () => {}); // that is what it is for
    socket.resetAndDestroy();
  });
}

/** What a TLS client sends first. */
function captureClientHello(): Promise<Buffer> {
  return new Promise((captured) => {
    const wire = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, written) {
        captured(chunk);
        written();
      },
    });
    connectTls({ socket: wire, servername: 'localhost' }).on('error', () => {});
  });
}

if (import.meta.main) await blow(JSON.parse(process.argv[2] as string) as Storm);
