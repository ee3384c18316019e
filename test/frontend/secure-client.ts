/** A frontend that speaks httpg, and clients of it that send what a test wants, byte by byte. */

import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect } from 'node:tls';
import type { ExecutionContext } from 'ava';
import { type CertificateFolderPaths, certificateFolderPaths } from '../../scenarios/credentials/certificate-paths.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import { type Authority, writeKeyFile } from '../../scenarios/credentials/issue-certificate.ts';
import { writePingRequest } from '../../scenarios/srm/write-request.ts';
import { TEST_USER_SUBJECT, testCertificates } from '../support/certificates.ts';
import { makeDirectory } from './fresh-directory.ts';

/** What a folder of certificates holds; unless told, what is right: the tests' host and authority, and their user mapped. */
export type FolderContent = { host?: Credential; authority?: Authority; gridMapfile?: string };

export async function makeCertificates(t: ExecutionContext, content: FolderContent = {}): Promise<string> {
  const { host, authority } = { ...(await testCertificates()), ...content };
  const directory = makeDirectory(t);
  const paths: CertificateFolderPaths = certificateFolderPaths(directory);
  const files: [path: string, text: string][] = [
    [paths.hostCertificate, host.certificateChain],
    [paths.hostKey, writeKeyFile(host.privateKey)],
    [`${paths.caDirectory}/authority.pem`, authority.certificate],
    [paths.gridMapfile, content.gridMapfile ?? `"${TEST_USER_SUBJECT}" load001\n`],
  ];
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  chmodSync(paths.hostKey, 0o600);
  return directory;
}

/** Null shows no certificate. @throws what the handshake fails with */
export async function connectSecure(
  url: string,
  credential: Credential | null,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const { authority } = await testCertificates();
  const socket = connect({
    host: '127.0.0.1',
    servername: 'localhost',
    port: Number(new URL(url).port),
    ca: authority.certificate,
    ...(credential === null ? {} : { cert: credential.certificateChain, key: credential.privateKey }),
    ...options,
  });
  await once(socket, 'secureConnect');
  return socket;
}

/** An srmPing after which the server closes: its answer says who asked. */
export function writePing(): string {
  const body = writePingRequest();
  return `POST /srm/v2/server HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Resolves when the connection is closed, in order or not. */
export function awaitClose(socket: Socket): Promise<void> {
  socket.on('error', () => {}); // being cut off is a way to be closed
  return new Promise((closed) => socket.resume().once('close', () => closed()));
}

/** Sends each piece in a record of its own; resolves to all that came back until the connection was closed. */
export async function sendPieces(socket: TLSSocket, pieces: readonly (string | Buffer)[]): Promise<string> {
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  const closed = awaitClose(socket);
  for (const piece of pieces) await new Promise((written) => socket.write(piece, written));
  await closed;
  return answer;
}

/** Pings as GSI clients do; empty: the connection was closed instead. */
export async function pingHttpg(
  url: string,
  credential: Credential | null,
  options: ConnectionOptions = {},
): Promise<string> {
  const socket = await connectSecure(url, credential, options);
  return sendPieces(socket, ['0', writePing()]);
}

/** The value of a metric without labels, or with these. */
export async function readMetric(metricsUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`glidetester_frontend_${name} `));
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ')));
}
