/** Reads a user's certificate and key, or a proxy file that holds both; errors name the file and never hold what is in it. */

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import type { Credential } from './credential.ts';
import { type CredentialFacts, gatherFacts } from './credential-facts.ts';
import { writeSlashName } from './distinguished-name.ts';
import { type PemBlock, readCertificateBlocks, readPemBlocks, writeCertificatePem } from './pem.ts';

/** What can be shown to a service, and what its certificates say. */
export type ReadCredential = { credential: Credential; facts: CredentialFacts };

/** Paths; a proxy file is both. */
export type CredentialFiles = { certificate: string; key: string };

/** Texts with where they come from. */
type Part = { text: string; source: string };

const LARGEST_FILE_BYTES = 2 ** 20;
const OTHERS_MODE = 0o077;

/**
 * Reads PEM texts; with a proxy file both are its text.
 *
 * @param source what messages call the place where the texts come from, e.g. a path
 * @throws GlideTesterError GT_CREDENTIAL_UNREADABLE when a certificate or the key is missing or can't be used;
 * GT_CREDENTIAL_MISMATCH when the key isn't the first certificate's
 */
export function parseCredential(texts: { certificate: string; key: string }, source: string): ReadCredential {
  return combine({ text: texts.certificate, source }, { text: texts.key, source });
}

/**
 * Reads the files of a credential.
 *
 * @throws GlideTesterError as {@link parseCredential}; GT_CREDENTIAL_UNREADABLE too when a file can't be read;
 * GT_CREDENTIAL_MODE when others than its owner may read the key, as Globus asks
 */
export async function readCredentialFiles({ certificate, key }: CredentialFiles): Promise<ReadCredential> {
  const keyPart = await readPart(key, OTHERS_MODE);
  const certificatePart = certificate === key ? keyPart : await readPart(certificate, 0);
  return combine(certificatePart, keyPart);
}

function combine(certificatePart: Part, keyPart: Part): ReadCredential {
  const chain = readChain(certificatePart);
  const { block, key } = readKey(keyPart);
  const [first] = chain as [Certificate];
  if (!first.x509.checkPrivateKey(key)) {
    const subject = writeSlashName(first.subject);
    const text = `the key in ${keyPart.source} isn't that of the first certificate in ${certificatePart.source}, ${subject}`;
    throw new GlideTesterError('GT_CREDENTIAL_MISMATCH', text, {
      hint: 'Give the key that belongs to the certificate; in a proxy file the proxy stands before the certificate of its user.',
    });
  }
  const facts = gatherFacts(chain, certificatePart.source);
  if (facts === null) {
    const { issuer } = chain.at(-1) as Certificate;
    const text = `expected the certificate of ${writeSlashName(issuer)} in ${certificatePart.source}, found proxies alone`;
    throw unreadable(text, 'Append the certificate of the user who signed the proxy, as proxy tools do.');
  }
  const certificateChain = chain.map(({ bytes }) => writeCertificatePem(bytes)).join('');
  return { credential: { certificateChain, privateKey: block.pem }, facts };
}

function readChain({ text, source }: Part): Certificate[] {
  const blocks = readCertificateBlocks(text);
  if (blocks.length === 0) throw missing('certificate', { text, source });
  return blocks.map(({ der }, index) => {
    try {
      return readCertificate(der);
    } catch (thrown) {
      throw unreadable(`cannot read certificate ${index + 1} in ${source}: ${messageOf(thrown)}`, CERTIFICATE_HINT);
    }
  });
}

/** The first key of the text; OpenSSL's own words are left out, since nothing about a key is to be written down. */
function readKey({ text, source }: Part): { block: PemBlock; key: KeyObject } {
  const block = readPemBlocks(text).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) throw missing('private key', { text, source });
  if (block.label.startsWith('ENCRYPTED') || block.headers.some((header) => /ENCRYPTED/i.test(header))) {
    const hint =
      'Make a proxy of it (grid-proxy-init, voms-proxy-init) and give that, or a copy of the key without pass phrase.';
    throw unreadable(`the private key in ${source} is encrypted, and no pass phrase is asked for`, hint);
  }
  try {
    return { block, key: createPrivateKey(block.pem) };
  } catch {
    throw unreadable(
      `the ${block.label} in ${source} is damaged or of an unknown kind`,
      'Check it with `openssl pkey -noout`.',
    );
  }
}

const CERTIFICATE_HINT = 'Check it with `openssl x509 -noout -text`.';

function missing(wanted: 'certificate' | 'private key', { text, source }: Part): GlideTesterError {
  const labels = readPemBlocks(text).map(({ label }) => label);
  const found = labels.length === 0 ? 'nothing in PEM' : labels.join(', ');
  const hint = 'Give PEM files; a proxy file holds the proxy, its key and the certificate of its user.';
  return unreadable(`expected a ${wanted} in ${source}, found ${found}`, hint);
}

function unreadable(text: string, hint: string): GlideTesterError {
  return new GlideTesterError('GT_CREDENTIAL_UNREADABLE', text, { hint });
}

/** Mode and content are of the same file, whatever happens to the path; a pipe does not hold up the opening. */
async function readPart(path: string, forbiddenMode: number): Promise<Part> {
  const file = await openOrExplain(path);
  try {
    const { mode, size } = await file
      .stat()
      .then((found) => ({ mode: found.mode, size: found.isFile() ? found.size : Infinity }));
    if (size > LARGEST_FILE_BYTES) {
      throw unreadable(`expected a file of PEM texts, came ${path}`, 'Give a plain file of at most 1 MiB.');
    }
    if ((mode & forbiddenMode) !== 0) {
      const text = `expected ${path} to be for its owner alone, since it holds a key; its mode is ${(mode & 0o777).toString(8)}`;
      throw new GlideTesterError('GT_CREDENTIAL_MODE', text, { hint: `Run \`chmod 600 ${path}\`.` });
    }
    return { text: await file.readFile('latin1'), source: path };
  } finally {
    await file.close();
  }
}

async function openOrExplain(path: string) {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (thrown) {
    throw unreadable(`cannot read ${path}: ${messageOf(thrown)}`, 'Name files that exist and that you may read.');
  }
}
