/** Makes X.509 certificates for tests of grid services: an authority, hosts, users, and RFC 3820 proxies of users. */

import 'reflect-metadata'; // asked for by @peculiar/x509's injection container, before it loads
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Credential } from './credential.ts';
import { DER_TAGS, encodeDer, readDerElement } from './der.ts';

/** A certificate (PEM) that signs others, and its key (PKCS #8 PEM, a secret). */
export type Authority = { certificate: string; privateKey: string };

/** When a certificate holds; unless told, from 5 minutes ago (clocks differ) until its issuer's end. */
export type Validity = { notBefore?: Date; notAfter?: Date };

/** What a proxy may do for its user: all, all but start jobs (Globus' word "limited"), or nothing by itself. */
export type ProxyPolicy = 'inheritAll' | 'limited' | 'independent';

export type ProxyOptions = Validity & {
  policy?: ProxyPolicy;
  /** How many proxies may follow this one, 0 to 127; null: any number. */
  pathLength?: number | null;
  /** The key (PEM) to sign with instead of the holder's own: makes a proxy that no verifier may accept. */
  signWith?: string;
};

type Issuer = { certificate: X509Certificate; privateKey: string };
type Content = { subject: Name; serialNumber: string; extensions: Extension[]; validity: Required<Validity> };

/** What all subjects made here begin with, in slash form. */
export const ORGANISATION = '/DC=org/DC=example';

const DAY_MS = 24 * 3_600_000;
const BACK_DATED_MS = 5 * 60_000;
const PROXY_LIFE_MS = 7 * DAY_MS;
/** JGlobus 2.1 and old Globus read no other keys everywhere. */
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const KEY_ALGORITHM = { ...ALGORITHM, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

const ORGANISATION_NAMES = [{ DC: [{ ia5String: 'org' }] }, { DC: [{ ia5String: 'example' }] }];
const USER_KEY_USAGE = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment;

const PROXY_CERT_INFO = '1.3.6.1.5.5.7.1.14';
/** DER of the policy languages: id-ppl-inheritAll and id-ppl-independent (RFC 3820, 3.8.2), Globus' limited proxy. */
const POLICY_LANGUAGES: Record<ProxyPolicy, string> = {
  inheritAll: '06082b06010505071501',
  independent: '06082b06010505071502',
  limited: '060b2b060104019b5001010109',
};

/** A self-signed authority `/DC=org/DC=example/CN=<name>` that lasts `days` (365). */
export async function createAuthority(options: { name: string; days?: number }): Promise<Authority> {
  const keys = await generateKeys();
  const subject = new Name([...ORGANISATION_NAMES, { CN: [{ utf8String: options.name }] }]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: subject,
    keys,
    serialNumber: createSerialNumber(16),
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(now - BACK_DATED_MS),
    notAfter: new Date(now + (options.days ?? 365) * DAY_MS),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificatePem(certificate), privateKey: await exportKey(keys.privateKey) };
}

/** A service's credential for all the names (DNS names or addresses, at least one); the first is also its CN. */
export function issueHost(authority: Authority, options: Validity & { names: string[] }): Promise<Credential> {
  const names = options.names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }));
  const subject = new Name([...ORGANISATION_NAMES, { CN: [{ utf8String: options.names[0] as string }] }]);
  return issueEndEntity(authority, subject, options, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension(names),
  ]);
}

/** The subject of a user in slash form, as a grid-mapfile has it. */
export function userSubject(commonName: string): string {
  return `${ORGANISATION}/OU=People/CN=${commonName}`;
}

/** The credential of the user whose subject is {@link userSubject}. */
export function issueUser(authority: Authority, options: Validity & { commonName: string }): Promise<Credential> {
  const subject = new Name([
    ...ORGANISATION_NAMES,
    { OU: [{ utf8String: 'People' }] },
    { CN: [{ utf8String: options.commonName }] },
  ]);
  return issueEndEntity(authority, subject, options, []);
}

/**
 * An RFC 3820 proxy of a user, or of a proxy: the holder's subject and one more CN (the serial number), a new key, signed with
 * the holder's. Unless told it lasts 7 days, and never longer than the holder's certificate.
 */
export async function issueProxy(holder: Credential, options: ProxyOptions = {}): Promise<Credential> {
  const certificate = new X509Certificate(holder.certificateChain);
  const serialNumber = createSerialNumber(8);
  const issuer = { certificate, privateKey: options.signWith ?? holder.privateKey };
  const proxy = await issue(issuer, {
    subject: appendCommonName(certificate.subjectName, BigInt(`0x${serialNumber}`).toString()),
    serialNumber,
    validity: validityWithin(certificate, options, PROXY_LIFE_MS),
    extensions: [
      new KeyUsagesExtension(USER_KEY_USAGE, true),
      new Extension(
        PROXY_CERT_INFO,
        true,
        encodeProxyCertInfo(options.policy ?? 'inheritAll', options.pathLength ?? null),
      ),
    ],
  });
  return { certificateChain: proxy.certificateChain + holder.certificateChain, privateKey: proxy.privateKey };
}

/** The text of a proxy file as Globus lays it out: the proxy, its key, then the certificates that signed it. */
export function writeProxyFile(credential: Credential): string {
  const [leaf, ...issuers] = credential.certificateChain.match(/-----BEGIN[^]+?-----END CERTIFICATE-----\n/g) ?? [];
  return [leaf, writeKeyFile(credential.privateKey), ...issuers].join('');
}

/** The text of a key file, PKCS #1, which JGlobus 2.1 needs and everybody else reads too. */
export function writeKeyFile(privateKey: string): string {
  return createPrivateKey(privateKey).export({ type: 'pkcs1', format: 'pem' }) as string;
}

async function issueEndEntity(
  authority: Authority,
  subject: Name,
  validity: Validity,
  extensions: Extension[],
): Promise<Credential> {
  const certificate = new X509Certificate(authority.certificate);
  return issue(
    { certificate, privateKey: authority.privateKey },
    {
      subject,
      serialNumber: createSerialNumber(16),
      validity: validityWithin(certificate, validity, Infinity),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(USER_KEY_USAGE, true),
        await AuthorityKeyIdentifierExtension.create(certificate),
        ...extensions,
      ],
    },
  );
}

/** The certificate alone is the chain: who issues a proxy appends the rest. */
async function issue(issuer: Issuer, { subject, serialNumber, extensions, validity }: Content): Promise<Credential> {
  const keys = await generateKeys();
  const signingKey = createPrivateKey(issuer.privateKey).toCryptoKey(ALGORITHM, false, ['sign']);
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer.certificate.subjectName,
    serialNumber,
    ...validity,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions,
  });
  return { certificateChain: certificatePem(certificate), privateKey: await exportKey(keys.privateKey) };
}

/** What was asked for; an end that wasn't is no later than the issuer's. */
function validityWithin(issuer: X509Certificate, asked: Validity, longestMs: number): Required<Validity> {
  const now = Date.now();
  const notAfter = asked.notAfter ?? new Date(Math.min(now + longestMs, issuer.notAfter.getTime()));
  const notBefore = asked.notBefore ?? new Date(Math.min(now, notAfter.getTime()) - BACK_DATED_MS);
  return { notBefore, notAfter };
}

/** The bytes of the name are kept, since string types would change otherwise and strict readers compare bytes. */
function appendCommonName(name: Name, commonName: string): Name {
  const last = new Name([{ CN: [{ utf8String: commonName }] }]);
  const [names, lastName] = [name, last].map((part) => readDerElement(new Uint8Array(part.toArrayBuffer())).content);
  return new Name(encodeDer(DER_TAGS.sequence, names as Uint8Array, lastName as Uint8Array));
}

/** ProxyCertInfo ::= SEQUENCE { pathLength INTEGER OPTIONAL, SEQUENCE { policyLanguage OBJECT IDENTIFIER } } (RFC 3820, 3.8) */
function encodeProxyCertInfo(policy: ProxyPolicy, pathLength: number | null): Uint8Array<ArrayBuffer> {
  const length = pathLength === null ? [] : [encodeDer(DER_TAGS.integer, new Uint8Array([pathLength]))];
  const language = encodeDer(DER_TAGS.sequence, Buffer.from(POLICY_LANGUAGES[policy], 'hex'));
  return encodeDer(DER_TAGS.sequence, ...length, language);
}

/** Random, positive and of full length, as hexadecimal digits. */
function createSerialNumber(bytes: number): string {
  const number = randomBytes(bytes);
  number[0] = ((number[0] as number) & 0x3f) | 0x40;
  return number.toString('hex');
}

/** WebCrypto makes keys on the thread pool: many are made side by side, and the event loop stays free. */
function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, type: 'pkcs8', format: 'der' }).export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
}

function certificatePem(certificate: X509Certificate): string {
  return `${certificate.toString('pem').trimEnd()}\n`;
}
