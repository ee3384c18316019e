/** The TLS contexts of a peer: one a user, made as the product makes them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SecureContext, createSecureContext } from 'node:tls';
import type { PeerWish } from './peer-main.ts';

export function createContexts({ users, authorities }: NonNullable<PeerWish['tls']>): SecureContext[] {
  const ca = authorities.map((file) => readFileSync(file, 'utf8'));
  return users.map((user) =>
    createSecureContext({
      ca,
      cert: readFileSync(join(user, 'usercert.pem'), 'utf8'),
      key: readFileSync(join(user, 'userkey.pem'), 'utf8'),
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
    }),
  );
}
