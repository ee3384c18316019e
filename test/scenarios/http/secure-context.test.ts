/** What handshakes need is made once, serves the next cell, and is never taken for what differs from it in a byte. */

import { getCACertificates } from 'node:tls';
import test from 'ava';
import type { Credential } from '../../../scenarios/credentials/credential.ts';
import { createAuthority, issueProxy } from '../../../scenarios/credentials/issue-certificate.ts';
import { prepareSecurity } from '../../../scenarios/http/secure-context.ts';
import type { TargetSecurity } from '../../../scenarios/scenario.ts';
import { expiredValidity, testCertificates } from '../../support/certificates.ts';
import { testSecurity } from '../../support/secure-server.ts';

const OF_MACHINE = getCACertificates();

// What was prepared last is kept for the thread: each test brings a target of its own before what it is about.

/** Bytes that are the same in objects that are not, as each cell brings them. */
function again<Thing extends TargetSecurity | Credential>(thing: Thing): Thing {
  return structuredClone(thing);
}

test.serial('a credential is read once for all of its clients', async (t) => {
  const { user } = await testCertificates();
  const security = await testSecurity();
  const first = prepareSecurity(security, user);
  t.is(prepareSecurity(security, user), first);
  t.is(prepareSecurity(security, again(user)), first);
  t.is(prepareSecurity(security, null), prepareSecurity(security, null));
  t.not(prepareSecurity(security, null).context, first.context);
});

test.serial('the next cell finds what the one before has made; what it had no use for is forgotten', async (t) => {
  const { user, proxy } = await testCertificates();
  const security = await testSecurity();
  const ofUser = prepareSecurity(security, user);
  const ofProxy = prepareSecurity(security, proxy);
  const ofNobody = prepareSecurity(security, null);
  const second = again(security);
  t.is(prepareSecurity(second, again(user)), ofUser);
  t.is(prepareSecurity(second, null), ofNobody);
  const third = again(security);
  t.is(prepareSecurity(third, again(user)), ofUser);
  t.not(prepareSecurity(third, again(proxy)), ofProxy);
});

test.serial('a renewed credential is another one, with an end of its own', async (t) => {
  const { user } = await testCertificates();
  const security = await testSecurity();
  const over = await issueProxy(user, expiredValidity());
  const renewed = await issueProxy(user);
  const before = prepareSecurity(security, over);
  const after = prepareSecurity(again(security), renewed);
  t.not(after.context, before.context);
  t.true(before.credentialEndsAtMs < Date.now() && after.credentialEndsAtMs > Date.now());
});

test.serial('a text that moves from the certificates to the key is noticed', async (t) => {
  const { user, proxy } = await testCertificates();
  const security = await testSecurity();
  const { certificateChain, privateKey } = proxy;
  const first = prepareSecurity(security, { certificateChain, privateKey: user.certificateChain + privateKey });
  const second = prepareSecurity(security, {
    certificateChain: certificateChain + user.certificateChain,
    privateKey,
  });
  t.not(second, first);
});

test.serial(
  'the same certificates with another key, or the same key with others, are another credential',
  async (t) => {
    const { user, proxy, authority } = await testCertificates();
    const security = await testSecurity();
    const first = prepareSecurity(security, user);
    t.throws(() => prepareSecurity(security, { ...user, privateKey: proxy.privateKey }), { message: /mismatch/ });
    const longer = { ...user, certificateChain: user.certificateChain + authority.certificate };
    t.not(prepareSecurity(security, longer).context, first.context);
  },
);

test.serial('a target that is secured otherwise has contexts of its own', async (t) => {
  const { user, authority } = await testCertificates();
  const another = await createAuthority({ name: 'Another CA' });
  const seen = new Set<object>();
  const targets: TargetSecurity[] = [
    await testSecurity(),
    await testSecurity({ trusted: [another.certificate] }),
    await testSecurity({ trusted: [authority.certificate, another.certificate] }),
    await testSecurity({ trusted: [] }),
    await testSecurity({ highestVersion: 'TLSv1.3' }),
    await testSecurity({ lowestVersion: 'TLSv1' }),
  ];
  for (const security of targets) seen.add(prepareSecurity(security, again(user)).context);
  t.is(seen.size, targets.length);
});

test.serial("a thread that does not say that it runs clients alone keeps the machine's authorities", async (t) => {
  const { user } = await testCertificates();
  prepareSecurity(await testSecurity(), user);
  t.is(getCACertificates(), OF_MACHINE);
});
