/** Ports that rest in TIME_WAIT after one contender are not there for the next, nor for anybody else on the machine. */

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** So few are in nobody's way. */
const FEW = 2000;
const LOOK_EVERY_MS = 500;
/** They rest for 60 s. */
const LOOKS_AT_MOST = 150;

/** Waits until few ports rest, as far as the kernel tells. */
export async function awaitPorts(): Promise<void> {
  for (let look = 0; look < LOOKS_AT_MOST && countResting() > FEW; look += 1) await delay(LOOK_EVERY_MS);
}

function countResting(): number {
  try {
    return Number(
      /^TCP:.* tw (?<resting>\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.groups?.['resting'] ?? 0,
    );
  } catch {
    return 0;
  }
}
