/** Where what lies in a folder of certificates; who only reads one needs nothing that makes them. */

import { join } from 'node:path';

/** Absolute if the directory's path is. `users` holds a folder for each user, `proxies` a file for each. */
export type CertificateFolderPaths = {
  authorityCertificate: string;
  authorityKey: string;
  /** The trusted authority under its hash, with its signing policy: X509_CERT_DIR. */
  caDirectory: string;
  hostCertificate: string;
  hostKey: string;
  gridMapfile: string;
  users: string;
  proxies: string;
};

/** Where everything lies in a folder that `glidetester frontend --make-certificates` wrote. */
export function certificateFolderPaths(directory: string): CertificateFolderPaths {
  return {
    authorityCertificate: join(directory, 'ca', 'cacert.pem'),
    authorityKey: join(directory, 'ca', 'cakey.pem'),
    caDirectory: join(directory, 'certificates'),
    hostCertificate: join(directory, 'hostcert.pem'),
    hostKey: join(directory, 'hostkey.pem'),
    gridMapfile: join(directory, 'grid-mapfile'),
    users: join(directory, 'users'),
    proxies: join(directory, 'proxies'),
  };
}
