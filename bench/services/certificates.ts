/** Certificates for the bench's secured rows: a folder as `glidetester frontend --make-certificates` writes it. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeCertificateFolder } from '../../scenarios/credentials/certificate-folder.ts';
import type { PeerWish } from '../peers/peer-main.ts';

const USERS = 20;

export type BenchCertificates = {
  directory: string;
  /** What a campaign's target needs of them. */
  target: { identity: { certificates: string }; caDirectory: string };
  /** What a peer needs of them. */
  peer: NonNullable<PeerWish['tls']>;
};

export async function makeCertificates(folder: string): Promise<BenchCertificates> {
  const directory = join(folder, 'certificates');
  const { users, caDirectory, authorityCertificate } = await writeCertificateFolder(directory, { users: USERS });
  return {
    directory,
    target: { identity: { certificates: users }, caDirectory },
    peer: { users: readdirSync(users).map((name) => join(users, name)), authorities: [authorityCertificate] },
  };
}
