/**
 * The chains of proxies whose sessions may be resumed: a session ticket holds the client's own certificate and none of its
 * issuers (OpenSSL), so a resumed session shows a proxy without the user who signed it.
 */

import { hash } from 'node:crypto';

/** Thousands of clients' chains. Whose chain is forgotten is refused when it resumes, and served by a full handshake. */
const MOST_BYTES = 16 * 2 ** 20;

export type ChainMemory = {
  keep(chain: readonly Uint8Array[]): void;
  /** The chain that was kept with the first certificate of this one; else this one. */
  complete(chain: Uint8Array[]): readonly Uint8Array[];
};

export function createChainMemory(mostBytes = MOST_BYTES): ChainMemory {
  const chains = new Map<string, readonly Uint8Array[]>();
  let bytes = 0;

  const forget = (key: string): void => {
    bytes -= sizeOf(chains.get(key) ?? []);
    chains.delete(key);
  };

  return {
    keep(chain) {
      const key = keyOf(chain);
      forget(key);
      chains.set(key, chain);
      bytes += sizeOf(chain);
      // A Map keeps the order of insertion: the first is the one kept longest ago.
      for (const oldest of chains.keys()) {
        if (bytes <= mostBytes) break;
        forget(oldest);
      }
    },
    complete: (chain) => chains.get(keyOf(chain)) ?? chain,
  };
}

function keyOf([own]: readonly Uint8Array[]): string {
  return own === undefined ? '' : hash('sha256', own, 'base64');
}

function sizeOf(chain: readonly Uint8Array[]): number {
  return chain.reduce((sum, { length }) => sum + length, 0);
}
