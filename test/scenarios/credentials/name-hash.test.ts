import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { Name, X509CertificateGenerator, type JsonNameParams } from '@peculiar/x509';
import * as fc from 'fast-check';
import { DER_TAGS, encodeDer } from '../../../scenarios/credentials/der.ts';
import { hashName } from '../../../scenarios/credentials/name-hash.ts';
import { testCertificates } from '../../support/certificates.ts';
import { ensureDebianPackage } from '../../support/debian-package.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function certify(name: JsonNameParams | Uint8Array<ArrayBuffer>): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: new Name(name),
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return certificate.toString('pem');
}

function hashByOpenssl(pem: string): string {
  const { stdout, stderr, status } = spawnSync('openssl', ['x509', '-subject_hash', '-noout'], {
    input: pem,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** A name of one CN whose value is the DER given. */
function nameOfValue(valueHex: string): Uint8Array<ArrayBuffer> {
  const attribute = encodeDer(DER_TAGS.sequence, Buffer.from(`0603550403${valueHex}`, 'hex'));
  return encodeDer(DER_TAGS.sequence, encodeDer(DER_TAGS.set, attribute));
}

async function agrees(
  t: ExecutionContext,
  what: string,
  name: JsonNameParams | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const pem = await certify(name);
  t.is(hashName(pem), hashByOpenssl(pem), what);
}

const NAMES: [string, JsonNameParams][] = [
  [
    'domain components',
    [{ DC: [{ ia5String: 'org' }] }, { DC: [{ ia5String: 'Example' }] }, { CN: [{ utf8String: 'A CA' }] }],
  ],
  ['printable letters', [{ C: [{ printableString: 'CH' }] }, { O: [{ printableString: 'Some  Lab' }] }]],
  ['letters beyond ASCII', [{ O: [{ utf8String: 'ÄÖÜ Straße' }] }, { CN: [{ utf8String: '試験 CA' }] }]],
  ['blanks around and within', [{ CN: [{ utf8String: ' \t Two   blanks \n and\ttabs  ' }] }]],
  ['a blank that is not of ASCII', [{ CN: [{ utf8String: '\u00a0 kept \u00a0' }] }]],
  ['blanks alone', [{ CN: [{ utf8String: '   ' }] }]],
  ['two-byte letters', [{ CN: [{ bmpString: 'Grüße  An Alle' }] }]],
  [
    'several values in one part',
    [{ O: [{ utf8String: 'lab' }], CN: [{ utf8String: 'Zed' }], OU: [{ utf8String: 'a b' }] }],
  ],
  [
    'one type twice, in an order that folding changes',
    [{ OU: [{ utf8String: 'b' }, { utf8String: 'Ca' }, { utf8String: 'B  a' }] }],
  ],
  ['no parts', []],
];

test('the hash is what openssl says, for names of all kinds', async (t) => {
  if (!(await ensureDebianPackage(t, ['openssl']))) {
    t.pass();
    return;
  }
  for (const [what, name] of NAMES) await agrees(t, what, name);
});

test('the hash is what openssl says for string types that few use', async (t) => {
  if (!(await ensureDebianPackage(t, ['openssl']))) {
    t.pass();
    return;
  }
  await agrees(t, 'TeletexString', nameOfValue('1405204dfc4c4c'));
  await agrees(t, 'UniversalString', nameOfValue('1c080000004100000153'));
  await agrees(t, 'NumericString, hashed as it is', nameOfValue('120431202033'));
  await agrees(t, 'BIT STRING, hashed as it is', nameOfValue('030300412d'));
});

test('the hash is what openssl says, whatever the text', async (t) => {
  if (!(await ensureDebianPackage(t, ['openssl']))) {
    t.pass();
    return;
  }
  const letters = fc.constantFrom(...('aZ \t\n\v\f\r-é\u00a0İK試😀'.match(/./gsu) ?? []));
  const text = fc.string({ unit: letters, minLength: 1, maxLength: 20 });
  const property = fc.asyncProperty(text, async (value) => {
    await agrees(t, JSON.stringify(value), [{ CN: [{ utf8String: value }] }]);
  });
  await fc.assert(property, { numRuns: 30 });
});

test('the hash of /DC=org/DC=example/CN=GlideTester Test CA is the one that openssl printed once', async (t) => {
  const { authority } = await testCertificates();
  t.is(hashName(authority.certificate), '4f267a1f');
});

test('letter case and blanks make no difference, another word does', async (t) => {
  const [first, second, third] = await Promise.all(
    ['Test CA', '  tEST \t ca', 'Test CB'].map(async (text) =>
      hashName(await certify([{ CN: [{ utf8String: text }] }])),
    ),
  );
  t.is(first, second);
  t.not(first, third);
});
