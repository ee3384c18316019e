/** OpenSSL's hash of a certificate's subject, which names the files of a folder of trusted authorities. */

import 'reflect-metadata'; // asked for by @peculiar/x509's injection container, before it loads
import { createHash } from 'node:crypto';
import { X509Certificate } from '@peculiar/x509';
import { DER_TAGS, encodeDer, readDerElement, readDerElements } from './der.ts';

const UTF8_STRING = 0x0c;

/** How the string types that OpenSSL makes comparable are read (X.680, table 1); all others are hashed as they are. */
const DECODERS: Record<number, (content: Uint8Array) => string> = {
  [UTF8_STRING]: (content) => Buffer.from(content).toString('utf8'),
  0x13: decodeLatin1, // PrintableString
  0x14: decodeLatin1, // TeletexString, of which everybody means Latin-1
  0x16: decodeLatin1, // IA5String
  0x1c: (content) => decodeBigEndian(content, 4), // UniversalString
  0x1e: (content) => decodeBigEndian(content, 2), // BMPString
};

/**
 * The 8 hexadecimal digits that `openssl x509 -subject_hash` prints for the first certificate of the text: the first 4 bytes of
 * SHA-1 over the canonical subject, the least one last (X509_NAME_hash of OpenSSL 1.0 and later).
 */
export function hashName(certificatePem: string): string {
  const subject = new Uint8Array(new X509Certificate(certificatePem).subjectName.toArrayBuffer());
  const relativeNames = readDerElements(readDerElement(subject).content);
  // the canonical form has no SEQUENCE around it
  const canonical = relativeNames.map(({ content }) => canonicalRelativeName(content));
  const digest = createHash('sha1').update(Buffer.concat(canonical)).digest();
  return digest.readUInt32LE(0).toString(16).padStart(8, '0');
}

/** A set of SEQUENCE { type, value }, in the order that DER asks of a set's encoded members. */
function canonicalRelativeName(set: Uint8Array): Uint8Array {
  const members = readDerElements(set).map(({ content }) => {
    const [type, value] = readDerElements(content);
    if (type === undefined || value === undefined) throw new RangeError('expected a name of types and values');
    const decode = DECODERS[value.tag];
    const text = decode && Buffer.from(canonicalText(decode(value.content)));
    return encodeDer(DER_TAGS.sequence, type.bytes, text ? encodeDer(UTF8_STRING, text) : value.bytes);
  });
  return encodeDer(DER_TAGS.set, ...members.sort((a, b) => Buffer.compare(a, b)));
}

/** ASCII alone is folded: other letters and blanks stay as they are. */
function canonicalText(text: string): string {
  return text
    .replace(/^[ \t-\r]+|[ \t-\r]+$/g, '')
    .replace(/[ \t-\r]+/g, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function decodeLatin1(content: Uint8Array): string {
  return Buffer.from(content).toString('latin1');
}

function decodeBigEndian(content: Uint8Array, unit: 2 | 4): string {
  const bytes = Buffer.from(content);
  const count = Math.floor(bytes.length / unit);
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(bytes.readUIntBE(index * unit, unit))).join(
    '',
  );
}
