/**
 * What follows the handshake at a port that speaks httpg and https: the byte by which a GSI client says whether it delegates
 * a credential, or HTTP at once.
 *
 * | first byte | meaning | it is |
 * | --- | --- | --- |
 * | `0` | GSI, nothing is delegated; HTTP follows, whatever it begins with | dropped |
 * | `D` | GSI, a credential would be delegated | kept from HTTP: it isn't served (no method that is begins with D) |
 * | another first letter of a method | HTTP | put back |
 * | anything else | neither | kept from HTTP |
 */

import { METHODS } from 'node:http';
import type { Socket } from 'node:net';

export type Opening = 'http' | 'delegation' | 'unknown';

const NO_DELEGATION = 0x30;
const DELEGATION = 0x44;
const METHOD_LETTERS: ReadonlySet<number> = new Set(METHODS.map((method) => method.charCodeAt(0)));

/**
 * Calls back once it is known, with `http` once HTTP's own first byte has come and is the next to be read: what counts the
 * time of a request counts from there. Never calls back when the client leaves before.
 */
export function awaitOpening(socket: Socket, opened: (opening: Opening) => void): void {
  let isGsi = false;
  const look = (): void => {
    const first = socket.read(1) as Buffer | null;
    if (first === null) {
      socket.once('readable', look);
      return;
    }
    const byte = first[0] as number;
    if (byte === NO_DELEGATION && !isGsi) {
      isGsi = true;
      look();
      return;
    }
    const opening = isGsi ? 'http' : classify(byte);
    if (opening === 'http') socket.unshift(first);
    opened(opening);
  };
  socket.once('readable', look);
}

function classify(byte: number): Opening {
  if (byte === DELEGATION) return 'delegation';
  return METHOD_LETTERS.has(byte) ? 'http' : 'unknown';
}
