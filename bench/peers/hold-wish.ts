/** What a holding peer is told. */

import type { PeerWish } from './peer-main.ts';

export type HoldWish = Omit<PeerWish, 'seconds'> & {
  kind: 'net' | 'undici' | 'tls';
  /** The connections come from this address; null: the system chooses. */
  sourceAddress: string | null;
};
