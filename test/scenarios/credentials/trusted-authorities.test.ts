import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readCertificate } from '../../../scenarios/credentials/certificate.ts';
import { readCertificateBlocks, writeCertificatePem } from '../../../scenarios/credentials/pem.ts';
import { parseTrustedAuthorities, readTrustedAuthorities } from '../../../scenarios/credentials/trusted-authorities.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import {
  authorityConstraints,
  cn,
  encodeName,
  forge,
  HOUR_MS,
  makeKeys,
  NOW_MS,
  type Forgery,
} from './forge-certificate.ts';

const makeAuthority = (name: string, forgery: Partial<Forgery> = {}) =>
  forge({ subject: encodeName(cn(name)), issuer: null, extensions: [authorityConstraints()], ...forgery });
const first = makeAuthority('First');
const second = makeAuthority('Second');
const host = forge({ subject: encodeName(cn('localhost')), issuer: first });
const pem = ({ der }: { der: Uint8Array }): string => writeCertificatePem(der);
const subjectOf = ({ der }: { der: Uint8Array }) => readCertificate(der).subject;

test('the authorities of a folder are trusted, each once, and what is none is skipped with the reason', async (t) => {
  const folder = await makeTemporaryFolder(t, {
    'a.pem': pem(first),
    'b.crt': `words before\n${pem(second)}words behind\n`,
    'c.pem': pem(host),
    'd.pem': 'nothing',
    'e.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    'f.signing_policy': 'words',
    'g.r0': 'revoked',
  });
  await symlink('a.pem', join(folder, '0123abcd.0'));
  await symlink('nowhere', join(folder, '0123abcd.1'));
  execFileSync('mkfifo', [join(folder, 'h.pem')]);
  const trusted = await readTrustedAuthorities(folder);
  t.deepEqual(trusted.pems, [first, second].map(pem));
  t.is(trusted.named(subjectOf(second)).length, 1);
  t.is(trusted.named(subjectOf(host)).length, 0);
  t.deepEqual(trusted.skipped.map(({ source }) => source).toSorted(), [
    '0123abcd.1',
    'c.pem',
    'd.pem',
    'e.crt',
    'h.pem',
  ]);
  t.regex(trusted.skipped.find(({ source }) => source === 'c.pem')?.reason ?? '', /no authority/);
});

test('a folder without authorities is an error that says what was found', async (t) => {
  const folder = await makeTemporaryFolder(t, { 'host.pem': pem(host), 'key.txt': 'x' });
  const error = await t.throwsAsync(readTrustedAuthorities(folder));
  t.like(error, { code: 'GT_TRUST_DIRECTORY' });
  t.true(error.message.includes(folder) && error.message.includes('host.pem'), error.message);
});

test('a folder that is not there is an error', async (t) => {
  const folder = await makeTemporaryFolder(t);
  t.like(await t.throwsAsync(readTrustedAuthorities(join(folder, 'none'))), { code: 'GT_TRUST_DIRECTORY' });
});

test('of authorities of one name the self-signed come first, then those that last longest', (t) => {
  const keys = makeKeys();
  const short = makeAuthority('Same', { keys, untilMs: NOW_MS + HOUR_MS });
  const long = makeAuthority('Same', { keys, untilMs: NOW_MS + 5 * HOUR_MS });
  const crossed = makeAuthority('Same', { keys, issuer: first, untilMs: NOW_MS + 9 * HOUR_MS });
  const trusted = parseTrustedAuthorities([pem(crossed) + pem(short), pem(long)]);
  t.deepEqual(
    trusted.named(subjectOf(long)).map(({ bytes }) => writeCertificatePem(bytes)),
    [long, short, crossed].map(pem),
  );
});

test('texts without authorities are no error, and trust nobody', (t) => {
  t.deepEqual(parseTrustedAuthorities([]).pems, []);
  t.deepEqual(
    parseTrustedAuthorities(['', pem(host)]).skipped.map(({ source }) => source),
    ['1', '2'],
  );
});

test('a certificate is found among other blocks, whatever its line ends, and a block without an end is none', (t) => {
  const text = `-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n-----BEGIN CERTIFICATE-----\nAAAA\n${pem(first)}-----BEGIN CERTIFICATE-----\nAAAA`;
  for (const written of [text, text.replaceAll('\n', '\r\n')]) {
    t.deepEqual(
      readCertificateBlocks(written).map(({ der }) => writeCertificatePem(der)),
      [pem(first)],
    );
  }
});
