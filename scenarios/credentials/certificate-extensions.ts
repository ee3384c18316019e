/** The extensions of a certificate that decide what it may be used for (RFC 5280, 4.2; RFC 3820, 3.8). */

import { DER_TAGS, readDerContent, readDerElements, readDerInside, type DerElement } from './der.ts';
import { readBoolean, readCount, readObjectIdentifier } from './der-values.ts';

export type CertificateExtensions = {
  /** basicConstraints: whether it may sign certificates of others, and how many authorities may stand below; null: any number. */
  isAuthority: boolean;
  authoritiesBelow: number | null;
  /** Absent: both are allowed. */
  keyUsage: { digitalSignature: boolean; keyCertSign: boolean } | null;
  /** extKeyUsage as dotted object identifiers; absent: for anything. */
  purposes: readonly string[] | null;
  proxyInfo: ProxyInfo | null;
  hasSubjectAlternativeName: boolean;
  hasIssuerAlternativeName: boolean;
  /** Globus' form of proxyCertInfo from before RFC 3820. */
  hasDraftProxyInfo: boolean;
  /** Dotted object identifiers of critical extensions that are not understood here. */
  unknownCritical: readonly string[];
};

export type ProxyInfo = {
  isCritical: boolean;
  /** How many proxies may stand below; null: any number. */
  proxiesBelow: number | null;
  /** A dotted object identifier. */
  policyLanguage: string;
  hasPolicy: boolean;
};

type Extension = { isCritical: boolean; value: Uint8Array };

const OID = {
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  issuerAlternativeName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  certificatePolicies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
  proxyInfo: '1.3.6.1.5.5.7.1.14',
  draftProxyInfo: '1.3.6.1.4.1.3536.1.222',
} as const;

/** Policies bind only those who ask for one (RFC 5280, 6.1.1 c); alternative names add names and take none away. */
const UNDERSTOOD: ReadonlySet<string> = new Set(Object.values(OID));

const DIGITAL_SIGNATURE_BIT = 0x80;
const KEY_CERT_SIGN_BIT = 0x04;

/**
 * Reads the `[3]` field of a certificate; undefined: there is none.
 *
 * @throws RangeError when it isn't as the RFCs say, or holds an extension twice
 */
export function readExtensions(field: DerElement | undefined): CertificateExtensions {
  const extensions = field === undefined ? new Map<string, Extension>() : readList(field);
  const unknownCritical = [...extensions].filter(([oid, { isCritical }]) => isCritical && !UNDERSTOOD.has(oid));
  return {
    ...readBasicConstraints(extensions.get(OID.basicConstraints)),
    keyUsage: readKeyUsage(extensions.get(OID.keyUsage)),
    purposes: readPurposes(extensions.get(OID.extendedKeyUsage)),
    proxyInfo: readProxyInfo(extensions.get(OID.proxyInfo)),
    hasSubjectAlternativeName: extensions.has(OID.subjectAlternativeName),
    hasIssuerAlternativeName: extensions.has(OID.issuerAlternativeName),
    hasDraftProxyInfo: extensions.has(OID.draftProxyInfo),
    unknownCritical: unknownCritical.map(([oid]) => oid),
  };
}

function readList({ content }: DerElement): Map<string, Extension> {
  const [list, ...more] = readDerElements(content);
  const extensions = new Map<string, Extension>();
  for (const element of readDerInside(list, DER_TAGS.sequence)) {
    const fields = readDerInside(element, DER_TAGS.sequence);
    const oid = readObjectIdentifier(readDerContent(fields[0], DER_TAGS.objectIdentifier));
    const isCritical = readBoolean(fields.length > 2 ? fields[1] : undefined);
    if (fields.length > 3 || extensions.has(oid)) throw new RangeError(`expected one extension ${oid}`);
    extensions.set(oid, { isCritical, value: readDerContent(fields.at(-1), DER_TAGS.octetString) });
  }
  if (more.length > 0) throw new RangeError('expected one list of extensions');
  return extensions;
}

/** BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
function readBasicConstraints(extension: Extension | undefined) {
  const fields = extension === undefined ? [] : readSequence(extension.value);
  const hasFlag = fields[0]?.tag === DER_TAGS.boolean;
  const [pathLength, ...more] = hasFlag ? fields.slice(1) : fields;
  if (more.length > 0) throw new RangeError('expected at most two basic constraints');
  return { isAuthority: readBoolean(hasFlag ? fields[0] : undefined), authoritiesBelow: readCount(pathLength) };
}

/** KeyUsage ::= BIT STRING; the first byte of the content is the number of bits that the last one leaves unused. */
function readKeyUsage(extension: Extension | undefined): CertificateExtensions['keyUsage'] {
  if (extension === undefined) return null;
  const [bits, ...more] = readDerElements(extension.value);
  const [, first = 0] = readDerContent(bits, DER_TAGS.bitString);
  if (more.length > 0) throw new RangeError('expected one key usage');
  return {
    digitalSignature: (first & DIGITAL_SIGNATURE_BIT) !== 0,
    keyCertSign: (first & KEY_CERT_SIGN_BIT) !== 0,
  };
}

/** ExtKeyUsageSyntax ::= SEQUENCE OF OBJECT IDENTIFIER */
function readPurposes(extension: Extension | undefined): string[] | null {
  if (extension === undefined) return null;
  return readSequence(extension.value).map((purpose) =>
    readObjectIdentifier(readDerContent(purpose, DER_TAGS.objectIdentifier)),
  );
}

/**
 * ProxyCertInfo ::= SEQUENCE { pCPathLenConstraint INTEGER OPTIONAL, proxyPolicy ProxyPolicy }
 * ProxyPolicy ::= SEQUENCE { policyLanguage OBJECT IDENTIFIER, policy OCTET STRING OPTIONAL }
 */
function readProxyInfo(extension: Extension | undefined): ProxyInfo | null {
  if (extension === undefined) return null;
  const fields = readSequence(extension.value);
  const proxiesBelow = readCount(fields.length > 1 ? fields[0] : undefined);
  const [language, policy, ...more] = readDerInside(fields.at(-1), DER_TAGS.sequence);
  if (fields.length > 2 || more.length > 0) throw new RangeError('expected a path length and a policy');
  if (policy !== undefined) readDerContent(policy, DER_TAGS.octetString);
  return {
    isCritical: extension.isCritical,
    proxiesBelow,
    policyLanguage: readObjectIdentifier(readDerContent(language, DER_TAGS.objectIdentifier)),
    hasPolicy: policy !== undefined,
  };
}

function readSequence(value: Uint8Array): DerElement[] {
  const [sequence, ...more] = readDerElements(value);
  if (more.length > 0) throw new RangeError('expected one value in an extension');
  return readDerInside(sequence, DER_TAGS.sequence);
}
