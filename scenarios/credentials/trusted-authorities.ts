/** The authorities that are trusted: read from a folder as grid tools keep it (`X509_CERT_DIR`), looked up by name. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { type EncodedName, isSameBytes, isSameName } from './encoded-name.ts';
import { readCertificateBlocks, writeCertificatePem } from './pem.ts';

export type TrustedAuthorities = {
  /** PEM, one certificate each: what a TLS client or server takes as `ca`. */
  pems: string[];
  /** Those with exactly this subject: self-signed ones first, then those that last longest. */
  named(subject: EncodedName): readonly Certificate[];
  /** What was found and isn't trusted, with the reason. */
  skipped: readonly SkippedAuthority[];
};

/** `source`: a file's name, or the number of a text from 1 on. */
export type SkippedAuthority = { source: string; reason: string };

type Source = { source: string; text: string };
type Found = { authorities: Certificate[]; skipped: SkippedAuthority[] };

/** `1a2b3c4d.0` as OpenSSL's hash names it, and whole certificates; signing policies and revocation lists are others. */
const AUTHORITY_FILE = /\.(?:\d|pem|crt)$/;
const LARGEST_FILE_BYTES = 4 * 2 ** 20;

/**
 * Trusts all authorities in the files `*.0` … `*.9`, `*.pem` and `*.crt` of a folder; unreadable files and certificates that are
 * no authority's (a host's beside them) are skipped.
 *
 * @throws GlideTesterError GT_TRUST_DIRECTORY when the folder can't be read or holds no authority
 */
export async function readTrustedAuthorities(directory: string): Promise<TrustedAuthorities> {
  const names = await listFiles(directory);
  const sources: Source[] = [];
  const unreadable: SkippedAuthority[] = [];
  for (const source of names) {
    try {
      sources.push({ source, text: await readBounded(join(directory, source)) });
    } catch (thrown) {
      unreadable.push({ source, reason: messageOf(thrown) });
    }
  }
  const found = readSources(sources);
  const skipped = [...unreadable, ...found.skipped];
  if (found.authorities.length === 0) {
    throw new GlideTesterError(
      'GT_TRUST_DIRECTORY',
      `expected authorities in ${directory}, found none${summarize(skipped)}`,
      {
        hint: 'Give the folder with the certificates of the authorities (X509_CERT_DIR), in files *.0, *.pem or *.crt.',
      },
    );
  }
  return createTrustedAuthorities({ authorities: found.authorities, skipped });
}

/** Trusts all authorities in these PEM texts; a text may hold several, or none. */
export function parseTrustedAuthorities(pems: readonly string[]): TrustedAuthorities {
  return createTrustedAuthorities(readSources(pems.map((text, index) => ({ source: String(index + 1), text }))));
}

async function listFiles(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => AUTHORITY_FILE.test(name)).toSorted();
  } catch (thrown) {
    throw new GlideTesterError('GT_TRUST_DIRECTORY', `cannot read the folder of authorities: ${messageOf(thrown)}`, {
      hint: 'Name a folder that exists and that you may read.',
      cause: thrown,
    });
  }
}

/** Links by hash point to files, so links are followed; a pipe would never end. */
async function readBounded(path: string): Promise<string> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error('is no file');
  if (found.size > LARGEST_FILE_BYTES) throw new Error(`is larger than ${LARGEST_FILE_BYTES} bytes`);
  return readFile(path, 'latin1');
}

/** A certificate that stands in several files (its hash and its name) counts once. */
function readSources(sources: readonly Source[]): Found {
  const authorities: Certificate[] = [];
  const skipped: SkippedAuthority[] = [];
  for (const { source, text } of sources) {
    const blocks = readCertificateBlocks(text);
    if (blocks.length === 0) skipped.push({ source, reason: 'holds no certificate in PEM' });
    for (const { der } of blocks) {
      const read = readAuthority(der);
      if (typeof read === 'string') skipped.push({ source, reason: read });
      else if (!authorities.some(({ bytes }) => isSameBytes(bytes, der))) authorities.push(read);
    }
  }
  return { authorities, skipped };
}

/** The certificate, or why it can't be trusted. */
function readAuthority(der: Uint8Array): Certificate | string {
  try {
    const certificate = readCertificate(der);
    return certificate.extensions.isAuthority ? certificate : "is no authority's: its basicConstraints don't say so";
  } catch (thrown) {
    return `holds a certificate that cannot be read: ${messageOf(thrown)}`;
  }
}

function createTrustedAuthorities({ authorities, skipped }: Found): TrustedAuthorities {
  const sorted = authorities.toSorted((a, b) => rank(a) - rank(b) || b.validUntilMs - a.validUntilMs);
  const byName = Map.groupBy(sorted, ({ subject }) => keyOf(subject));
  return {
    pems: authorities.map(({ bytes }) => writeCertificatePem(bytes)),
    named: (subject) => byName.get(keyOf(subject)) ?? [],
    skipped,
  };
}

function rank({ subject, issuer }: Certificate): number {
  return isSameName(subject, issuer) ? 0 : 1;
}

function keyOf({ bytes }: EncodedName): string {
  return Buffer.from(bytes).toString('latin1');
}

function summarize(skipped: readonly SkippedAuthority[]): string {
  if (skipped.length === 0) return '';
  const first = skipped.slice(0, 3).map(({ source, reason }) => `${source} ${reason}`);
  return ` (${[...first, ...(skipped.length > 3 ? [`${skipped.length - 3} more`] : [])].join('; ')})`;
}
