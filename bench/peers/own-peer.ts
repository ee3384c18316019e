/** Runs one of the bench's own peers as a whole process. */

import { fileURLToPath } from 'node:url';
import type { Contender } from '../bench-row.ts';
import { type Load, createLoadContender } from './load-contender.ts';
import type { PeerCount, PeerWish } from './peer-main.ts';

type OwnPeer = 'net-requests' | 'undici-dispatch' | 'undici-request' | 'tls-requests';

export function ownPeer(name: string, program: OwnPeer, wish: PeerWish, load: Load): Contender {
  const script = fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
  return createLoadContender(name, load, [process.execPath, script, JSON.stringify(wish)], (stdout) => {
    const { operations, failed, startUpCpuMs } = JSON.parse(stdout) as PeerCount;
    return { operations, failed, notes: { 'start-up ms': startUpCpuMs } };
  });
}
