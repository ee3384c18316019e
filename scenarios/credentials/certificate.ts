/** Takes a certificate apart into what a walk over a chain looks at; whatever isn't strict DER is no certificate. */

import { X509Certificate } from 'node:crypto';
import { messageOf } from '../../foundation/error.ts';
import { readExtensions, type CertificateExtensions } from './certificate-extensions.ts';
import { DER_TAGS, readDerElements, readDerInside, type DerElement } from './der.ts';
import { readTimeMs } from './der-values.ts';
import { readName, type EncodedName } from './encoded-name.ts';

export type Certificate = {
  /** The whole certificate, DER. */
  bytes: Uint8Array;
  /** The same for OpenSSL, which verifies signatures. */
  x509: X509Certificate;
  subject: EncodedName;
  issuer: EncodedName;
  /** Unix time; both instants belong to the validity. */
  validFromMs: number;
  validUntilMs: number;
  extensions: CertificateExtensions;
};

const VERSION_TAG = 0xa0;
const EXTENSIONS_TAG = 0xa3;

/**
 * Reads one certificate (RFC 5280, 4.1), with nothing behind it.
 *
 * @throws RangeError when the bytes are none
 */
export function readCertificate(bytes: Uint8Array): Certificate {
  const [whole, ...behind] = readDerElements(bytes);
  const [toBeSigned, algorithm, signature, ...more] = readDerInside(whole, DER_TAGS.sequence);
  if (
    signature?.tag !== DER_TAGS.bitString ||
    algorithm?.tag !== DER_TAGS.sequence ||
    behind.length + more.length > 0
  ) {
    throw new RangeError('expected a certificate');
  }
  const { issuer, validity, subject, extensions } = namedFields(readDerInside(toBeSigned, DER_TAGS.sequence));
  const [from, until, ...moreTimes] = readDerInside(validity, DER_TAGS.sequence);
  if (moreTimes.length > 0) throw new RangeError('expected two times in a validity');
  return {
    bytes,
    x509: openCertificate(bytes),
    subject: readName(subject),
    issuer: readName(issuer),
    validFromMs: readTimeMs(from),
    validUntilMs: readTimeMs(until),
    extensions: readExtensions(extensions),
  };
}

/** TBSCertificate: [version], serialNumber, signature, issuer, validity, subject, public key, [two ids], [extensions]. */
function namedFields(fields: DerElement[]) {
  const [, , issuer, validity, subject, publicKey, ...optional] =
    fields[0]?.tag === VERSION_TAG ? fields.slice(1) : fields;
  if (publicKey?.tag !== DER_TAGS.sequence) throw new RangeError('expected a public key in a certificate');
  return { issuer, validity, subject, extensions: optional.find(({ tag }) => tag === EXTENSIONS_TAG) };
}

function openCertificate(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (thrown) {
    throw new RangeError(messageOf(thrown), { cause: thrown });
  }
}

/** Whether the key of `issuer` made the signature of `certificate`; false too for keys and signatures of unknown kinds. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  try {
    return certificate.x509.verify(issuer.x509.publicKey);
  } catch {
    return false;
  }
}
