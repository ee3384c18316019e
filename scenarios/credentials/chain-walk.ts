/** Verifies what a client showed, from its proxies to a trusted authority, as RFC 5280 (6) and RFC 3820 (4) ask. */

import { checkAuthorities, checkPurpose, checkUser, isSelfIssued } from './authority-rules.ts';
import { type Certificate, isSignedBy, readCertificate } from './certificate.ts';
import { ChainRefusal, type ChainRole, type ChainRule, nameInChain, writeInstant } from './chain-refusal.ts';
import { writeSlashName } from './distinguished-name.ts';
import { isSameBytes, isSameName } from './encoded-name.ts';
import { checkIsNoProxy, checkProxy, isLimited, isProxy } from './proxy-rules.ts';
import type { TrustedAuthorities } from './trusted-authorities.ts';

export type ChainVerdict = AcceptedChain | RefusedChain;

export type AcceptedChain = {
  kind: 'accepted';
  /** The subject of the user's certificate in slash form, without the CNs of proxies. */
  identity: string;
  via: 'certificate' | 'proxy';
  proxies: number;
  /** Unix time at which the first of all certificates ends. */
  validUntilMs: number;
  /** One of the proxies may not start jobs; listing is no job. */
  limited: boolean;
};

export type RefusedChain = { kind: 'refused'; rule: ChainRule; text: string };

/** More than any real chain: a proxy of a proxy of a user under three authorities is six. */
export const MOST_CERTIFICATES = 10;
/** A proxy with VOMS attributes has about 10 kB. */
export const LARGEST_CERTIFICATE_BYTES = 65_536;

/** Signatures by MD2, MD4, MD5 and SHA-1 with RSA, DSA and ECDSA: a second certificate with the same one can be made. */
const WEAK_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.3',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.3.14.3.2.29',
  '1.2.840.10040.4.3',
  '1.2.840.10045.4.1',
]);

/**
 * Whether a trusted authority vouches for the client, and for whom it vouches.
 *
 * The chain ends at a self-signed certificate that is trusted, byte by byte; those of authorities between may be shown by the
 * client or come from the trusted ones. Nothing that was shown goes unchecked: a certificate that leads nowhere is a refusal.
 * Never throws for what a client can send, and looks at no more than 10 certificates of at most 64 KiB.
 *
 * @param chain DER as the client sent it, its own certificate first
 * @param unixMs the time at which all must be valid
 */
export function walkChain(chain: readonly Uint8Array[], trusted: TrustedAuthorities, unixMs: number): ChainVerdict {
  try {
    return acceptChain(chain, trusted, unixMs);
  } catch (thrown) {
    if (thrown instanceof ChainRefusal) return { kind: 'refused', rule: thrown.rule, text: thrown.message };
    throw thrown;
  }
}

function acceptChain(shown: readonly Uint8Array[], trusted: TrustedAuthorities, unixMs: number): AcceptedChain {
  const certificates = readShown(shown);
  const proxies = certificates.slice(0, countProxies(certificates));
  const [user, ...shownAuthorities] = certificates.slice(proxies.length);
  if (user === undefined) throw refuseProxyAlone(proxies.at(-1) as Certificate);
  checkOrder(certificates);
  for (const [index, proxy] of proxies.entries()) checkProxy(proxy, certificates[index + 1] as Certificate, index);
  checkIsNoProxy(user, shownAuthorities[0]);
  checkUser(user);
  for (const [index, issuer] of certificates.slice(1).entries())
    checkSignature(certificates[index] as Certificate, issuer);
  const all = [...certificates, ...findAuthorities(certificates, trusted)];
  checkAuthorities(all.slice(proxies.length + 1));
  checkEach(all, proxies.length, unixMs);
  return {
    kind: 'accepted',
    identity: writeSlashName(user.subject),
    via: proxies.length > 0 ? 'proxy' : 'certificate',
    proxies: proxies.length,
    validUntilMs: Math.min(...all.map(({ validUntilMs }) => validUntilMs)),
    limited: proxies.some(isLimited),
  };
}

function readShown(shown: readonly Uint8Array[]): Certificate[] {
  if (shown.length === 0) throw new ChainRefusal('no-certificate', 'no certificate was shown');
  if (shown.length > MOST_CERTIFICATES) {
    const text = `${shown.length} certificates were shown; at most ${MOST_CERTIFICATES} are looked at`;
    throw new ChainRefusal('too-many-certificates', text);
  }
  return shown.map((bytes, index) => {
    const place = `certificate ${index + 1} of ${shown.length}`;
    if (bytes.length > LARGEST_CERTIFICATE_BYTES) {
      const text = `${place} has ${bytes.length} bytes; at most ${LARGEST_CERTIFICATE_BYTES} are looked at`;
      throw new ChainRefusal('certificate-too-large', text);
    }
    const first = shown.findIndex((other) => isSameBytes(other, bytes));
    if (first < index) throw new ChainRefusal('duplicate-certificate', `${place} is certificate ${first + 1} again`);
    return readOrRefuse(bytes, place);
  });
}

function readOrRefuse(bytes: Uint8Array, place: string): Certificate {
  try {
    return readCertificate(bytes);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new ChainRefusal('unreadable-certificate', `${place} cannot be read: ${thrown.message}`);
  }
}

function countProxies(certificates: readonly Certificate[]): number {
  const user = certificates.findIndex((certificate) => !isProxy(certificate));
  return user === -1 ? certificates.length : user;
}

function refuseProxyAlone(proxy: Certificate): ChainRefusal {
  const text = `${nameInChain('proxy', proxy)} was shown without the certificate of ${writeSlashName(proxy.issuer)}, who signed it`;
  return new ChainRefusal('proxy-issuer-missing', text);
}

/** Each is followed by its issuer (RFC 5280, 6.1 a), so that nothing stands there that isn't part of the chain. */
function checkOrder(certificates: readonly Certificate[]): void {
  for (const [index, next] of certificates.slice(1).entries()) {
    const { subject, issuer } = certificates[index] as Certificate;
    if (isSameName(issuer, next.subject)) continue;
    const expected = `the certificate ${writeSlashName(subject)} names ${writeSlashName(issuer)} as its issuer`;
    throw new ChainRefusal('out-of-order', `${expected}, but ${writeSlashName(next.subject)} was shown next`);
  }
}

function checkSignature(certificate: Certificate, issuer: Certificate): void {
  if (isSignedBy(certificate, issuer)) return;
  throw refuseSignature(certificate);
}

function refuseSignature(certificate: Certificate): ChainRefusal {
  const issuer = writeSlashName(certificate.issuer);
  const name = nameInChain(isProxy(certificate) ? 'proxy' : 'certificate', certificate);
  return new ChainRefusal('wrong-signature', `the signature of ${name} was not made by the key of ${issuer}`);
}

/** The trusted authorities above what was shown, the last one self-signed; none if it was shown itself. */
function findAuthorities(shown: readonly Certificate[], trusted: TrustedAuthorities): Certificate[] {
  const added: Certificate[] = [];
  let last = shown.at(-1) as Certificate;
  while (!isTrustedEnd(last, trusted)) {
    if (shown.length + added.length >= MOST_CERTIFICATES) {
      throw new ChainRefusal('too-many-certificates', `no trusted end within ${MOST_CERTIFICATES} certificates`);
    }
    last = findIssuer(last, trusted);
    added.push(last);
  }
  return added;
}

function isTrustedEnd(certificate: Certificate, trusted: TrustedAuthorities): boolean {
  if (!isSelfIssued(certificate)) return false;
  return trusted.named(certificate.subject).some(({ bytes }) => isSameBytes(bytes, certificate.bytes));
}

function findIssuer(certificate: Certificate, trusted: TrustedAuthorities): Certificate {
  const named = trusted.named(certificate.issuer);
  const issuer = named.find((candidate) => isSignedBy(certificate, candidate));
  if (issuer !== undefined) return issuer;
  const issuerName = writeSlashName(certificate.issuer);
  if (isSelfIssued(certificate)) {
    const text = `the authority ${issuerName} signed itself and is not ${named.length > 0 ? 'the one of this name that is ' : ''}trusted`;
    throw new ChainRefusal('untrusted-authority', text);
  }
  if (named.length > 0) throw refuseSignature(certificate);
  const text = `the certificate ${writeSlashName(certificate.subject)} was signed by ${issuerName}, which is no trusted authority`;
  throw new ChainRefusal('unknown-authority', text);
}

/** What holds for every certificate, and between each and its issuer. */
function checkEach(all: readonly Certificate[], proxies: number, unixMs: number): void {
  for (const [index, certificate] of all.entries()) {
    const role = roleAt(index, proxies);
    const name = nameInChain(role, certificate);
    checkValidity(name, certificate, unixMs);
    const [unknown] = certificate.extensions.unknownCritical;
    if (unknown !== undefined) {
      const text = `${name} has the critical extension ${unknown}, which isn't understood`; // RFC 5280, 4.2
      throw new ChainRefusal('unknown-critical-extension', text);
    }
    if (role !== 'authority') checkPurpose(name, certificate);
    const issuer = all[index + 1];
    if (issuer !== undefined) checkLink(name, certificate, issuer);
  }
}

function roleAt(index: number, proxies: number): ChainRole {
  if (index < proxies) return 'proxy';
  return index === proxies ? 'certificate' : 'authority';
}

function checkValidity(name: string, { validFromMs, validUntilMs }: Certificate, unixMs: number): void {
  if (unixMs > validUntilMs) throw new ChainRefusal('expired', `${name} expired at ${writeInstant(validUntilMs)}`);
  if (unixMs < validFromMs)
    throw new ChainRefusal('not-yet-valid', `${name} is valid only from ${writeInstant(validFromMs)}`);
}

/** The end of a chain is trusted for its bytes, so how it signed itself doesn't matter. */
function checkLink(name: string, { x509 }: Certificate, issuer: Certificate): void {
  if (WEAK_SIGNATURES.has(x509.signatureAlgorithmOid)) {
    throw new ChainRefusal('weak-signature', `${name} is signed with ${x509.signatureAlgorithm}, which can be forged`);
  }
  if (!x509.checkIssued(issuer.x509)) {
    const text = `${name} was issued with another key of ${writeSlashName(issuer.subject)} than the one that was found`;
    throw new ChainRefusal('wrong-issuer-key', text);
  }
}
