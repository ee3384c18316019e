/** Certificates of any shape for tests, right or wrong: every field is put together by hand and then signed. */

import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { DER_TAGS, encodeDer } from '../../../scenarios/credentials/der.ts';

export type Keys = { publicKey: KeyObject; privateKey: KeyObject };
export type ForgedExtension = { oid: string; isCritical: boolean; value: Uint8Array };
/** `name`: its subject, encoded. */
export type Forged = { der: Uint8Array; name: Uint8Array; keys: Keys };

export type Forgery = {
  /** An encoded Name, see {@link encodeName}. */
  subject: Uint8Array;
  /** Null: signs itself. */
  issuer: Forged | null;
  extensions?: ForgedExtension[];
  /** Unix time; unless told, from an hour before {@link NOW_MS} until an hour after. */
  fromMs?: number;
  untilMs?: number;
  keys?: Keys;
  /** Instead of the issuer's own. */
  signWith?: KeyObject;
  issuerName?: Uint8Array;
  hash?: 'sha1' | 'sha256';
};

export const NOW_MS = Date.UTC(2026, 10, 20, 10);
export const HOUR_MS = 3_600_000;

const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const OPTIONAL_FIELDS = { version: 0xa0, extensions: 0xa3 };
const ECDSA_WITH = { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' };
const CN = '2.5.4.3';

export function makeKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export function forge(forgery: Forgery): Forged {
  const { subject, issuer, extensions = [], hash = 'sha256', keys = makeKeys() } = forgery;
  const algorithm = encodeDer(DER_TAGS.sequence, encodeOid(ECDSA_WITH[hash]));
  const times = [forgery.fromMs ?? NOW_MS - HOUR_MS, forgery.untilMs ?? NOW_MS + HOUR_MS].map(encodeTime);
  const list = encodeDer(DER_TAGS.sequence, ...extensions.map(encodeExtension));
  const toBeSigned = encodeDer(
    DER_TAGS.sequence,
    encodeDer(OPTIONAL_FIELDS.version, encodeCount(2)),
    encodeCount(77),
    algorithm,
    forgery.issuerName ?? issuer?.name ?? subject,
    encodeDer(DER_TAGS.sequence, ...times),
    subject,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [encodeDer(OPTIONAL_FIELDS.extensions, list)]),
  );
  const key = forgery.signWith ?? issuer?.keys.privateKey ?? keys.privateKey;
  return { der: signCertificate(toBeSigned, key, hash), name: subject, keys };
}

/** A certificate of these bytes, whatever they are. */
export function signCertificate(
  toBeSigned: Uint8Array,
  key: KeyObject,
  hash: 'sha1' | 'sha256' = 'sha256',
): Uint8Array {
  const algorithm = encodeDer(DER_TAGS.sequence, encodeOid(ECDSA_WITH[hash]));
  const signature = encodeDer(DER_TAGS.bitString, Uint8Array.of(0), sign(hash, toBeSigned, key));
  return encodeDer(DER_TAGS.sequence, toBeSigned, algorithm, signature);
}

export type Attribute = { type: string; value: string | Uint8Array; tag?: number };

/** A Name of steps of one or several attributes. */
export function encodeName(...steps: (Attribute | Attribute[])[]): Uint8Array {
  return encodeDer(DER_TAGS.sequence, ...steps.map((step) => encodeStep(Array.isArray(step) ? step : [step])));
}

export function cn(value: string, tag: number = UTF8_STRING): Attribute {
  return { type: CN, value, tag };
}

function encodeStep(attributes: Attribute[]): Uint8Array {
  const encoded = attributes.map(({ type, value, tag = UTF8_STRING }) =>
    encodeDer(
      DER_TAGS.sequence,
      encodeOid(type),
      encodeDer(tag, typeof value === 'string' ? Buffer.from(value) : value),
    ),
  );
  return encodeDer(DER_TAGS.set, ...encoded);
}

export function encodeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) | 0x80);
    return digits;
  });
  return encodeDer(DER_TAGS.objectIdentifier, Uint8Array.from(bytes));
}

/** A whole number from 0 to 127. */
export function encodeCount(count: number): Uint8Array {
  return encodeDer(DER_TAGS.integer, Uint8Array.of(count));
}

function encodeTime(unixMs: number): Uint8Array {
  return encodeDer(
    GENERALIZED_TIME,
    Buffer.from(`${new Date(unixMs).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`),
  );
}

function encodeExtension({ oid, isCritical, value }: ForgedExtension): Uint8Array {
  const critical = isCritical ? [encodeDer(DER_TAGS.boolean, Uint8Array.of(0xff))] : [];
  return encodeDer(DER_TAGS.sequence, encodeOid(oid), ...critical, encodeDer(DER_TAGS.octetString, value));
}

/** basicConstraints of an authority. */
export function authorityConstraints(authoritiesBelow?: number): ForgedExtension {
  const fields = [encodeDer(DER_TAGS.boolean, Uint8Array.of(0xff))];
  if (authoritiesBelow !== undefined) fields.push(encodeCount(authoritiesBelow) as Uint8Array<ArrayBuffer>);
  return { oid: '2.5.29.19', isCritical: true, value: encodeDer(DER_TAGS.sequence, ...fields) };
}

/** keyUsage of one byte: 0x80 digitalSignature, 0x20 keyEncipherment, 0x04 keyCertSign. */
export function keyUsage(bits: number): ForgedExtension {
  return { oid: '2.5.29.15', isCritical: true, value: encodeDer(DER_TAGS.bitString, Uint8Array.of(0, bits)) };
}

export const POLICY = {
  inheritAll: '1.3.6.1.5.5.7.21.1',
  independent: '1.3.6.1.5.5.7.21.2',
  limited: '1.3.6.1.4.1.3536.1.1.1.9',
} as const;

export type ForgedProxyInfo = { language?: string; proxiesBelow?: number; isCritical?: boolean; policy?: string };

export function proxyCertInfo(options: ForgedProxyInfo = {}): ForgedExtension {
  const { language = POLICY.inheritAll, proxiesBelow, isCritical = true, policy } = options;
  const policies = policy === undefined ? [] : [encodeDer(DER_TAGS.octetString, Buffer.from(policy))];
  const value = encodeDer(
    DER_TAGS.sequence,
    ...(proxiesBelow === undefined ? [] : [encodeCount(proxiesBelow)]),
    encodeDer(DER_TAGS.sequence, encodeOid(language), ...policies),
  );
  return { oid: '1.3.6.1.5.5.7.1.14', isCritical, value };
}

/** subjectAltName (or another alternative name) of one DNS name. */
export function alternativeName(oid = '2.5.29.17'): ForgedExtension {
  const value = encodeDer(DER_TAGS.sequence, encodeDer(0x82, Buffer.from('elsewhere.example.org')));
  return { oid, isCritical: false, value };
}

export function purposes(...oids: string[]): ForgedExtension {
  return { oid: '2.5.29.37', isCritical: false, value: encodeDer(DER_TAGS.sequence, ...oids.map(encodeOid)) };
}
