/** Certificates for tests, made once in each test process since keys take time: good ones, and ones that must be refused. */

import type { Credential } from '../../scenarios/credentials/credential.ts';
import {
  createAuthority,
  issueHost,
  issueProxy,
  issueUser,
  userSubject,
  type Authority,
} from '../../scenarios/credentials/issue-certificate.ts';

export type TestCertificates = {
  authority: Authority;
  /** For localhost, 127.0.0.1 and ::1. */
  host: Credential;
  /** `/DC=org/DC=example/OU=People/CN=Load User 001`, as all proxies here are of it. */
  user: Credential;
  proxy: Credential;
  proxyOfProxy: Credential;
};

export type WrongCertificates = {
  /** An authority that bears the same name as the right one, with another key. */
  otherAuthority: Authority;
  /** The same user's name, from the other authority. */
  strangeUser: Credential;
  strangeProxy: Credential;
  expiredUser: Credential;
  expiredProxy: Credential;
  /** A good proxy's shape, signed with a key that isn't the user's. */
  wronglySignedProxy: Credential;
};

const COMMON_NAME = 'Load User 001';
/** The user's subject in slash form: what a grid-mapfile says. */
export const TEST_USER_SUBJECT = userSubject(COMMON_NAME);

const HOUR_MS = 3_600_000;

let good: Promise<TestCertificates> | undefined;
let wrong: Promise<WrongCertificates> | undefined;

/** What a careful service accepts; the same objects at each call. */
export function testCertificates(): Promise<TestCertificates> {
  return (good ??= makeGood());
}

/** What every careful service refuses, beside {@link testCertificates}; the same objects at each call. */
export function wrongCertificates(): Promise<WrongCertificates> {
  return (wrong ??= makeWrong());
}

/** A validity that ended an hour ago. */
export function expiredValidity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 3 * HOUR_MS), notAfter: new Date(now - HOUR_MS) };
}

async function makeGood(): Promise<TestCertificates> {
  const authority = await createAuthority({ name: 'GlideTester Test CA' });
  const [host, user] = await Promise.all([
    issueHost(authority, { names: ['localhost', '127.0.0.1', '::1'] }),
    issueUser(authority, { commonName: COMMON_NAME }),
  ]);
  const proxy = await issueProxy(user);
  return { authority, host, user, proxy, proxyOfProxy: await issueProxy(proxy) };
}

async function makeWrong(): Promise<WrongCertificates> {
  const [{ authority, user }, otherAuthority] = await Promise.all([
    testCertificates(),
    createAuthority({ name: 'GlideTester Test CA' }),
  ]);
  const [strangeUser, expiredUser, expiredProxy, wronglySignedProxy] = await Promise.all([
    issueUser(otherAuthority, { commonName: COMMON_NAME }),
    issueUser(authority, { commonName: COMMON_NAME, ...expiredValidity() }),
    issueProxy(user, expiredValidity()),
    issueProxy(user, { signWith: otherAuthority.privateKey }),
  ]);
  const strangeProxy = await issueProxy(strangeUser);
  return { otherAuthority, strangeUser, strangeProxy, expiredUser, expiredProxy, wronglySignedProxy };
}
