/** Whom clients believe in a thread in which contexts share their authorities: those of their own target, whatever came between. */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  connect,
  createSecureContext,
  getCACertificates,
  setDefaultCACertificates,
  type SecureContext,
} from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { array, assert, asyncProperty, boolean, option, record, subarray } from 'fast-check';
import { type Authority, createAuthority, issueHost } from '../../../scenarios/credentials/issue-certificate.ts';
import { prepareSecurity } from '../../../scenarios/http/secure-context.ts';
import { createTrustingContext, shareAuthorities } from '../../../scenarios/http/shared-authorities.ts';
import { testCertificates } from '../../support/certificates.ts';
import { secureTarget, startSecureServer, testSecurity } from '../../support/secure-server.ts';
import { clientContext, createPostClientOf, perform } from './perform.ts';

const RUNS = 12;
const CONTEXTS_AT_MOST = 8;
const UNTRUSTED = /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?))$/;
const UNTRUSTED_OUTCOME = 'handshake-failure/server-certificate-untrusted';

shareAuthorities();
// Each test asks within one turn of the event loop what the thread's defaults are, or not at all: they may run side by side.

type Side = { authority: Authority; port: number };
let made: Promise<Authority> | undefined;

const answer = (_request: unknown, response: { end(body: string): void }): void => response.end('whole');

/** The service of the tests' authority, and one of another name's. */
async function startServices(t: ExecutionContext): Promise<{ one: Side; other: Side }> {
  const { authority } = await testCertificates();
  const another = await (made ??= createAuthority({ name: 'Another CA' }));
  const { certificateChain: cert, privateKey: key } = await issueHost(another, { names: ['localhost'] });
  const [one, other] = await Promise.all([
    startSecureServer(t, { gsi: true }, answer),
    startSecureServer(t, { gsi: true, cert, key }, answer),
  ]);
  return { one: { authority, port: one.port }, other: { authority: another, port: other.port } };
}

/** A target with plans of its own, as each cell brings it. */
async function clientOf({ port }: Side, ...trusted: Side[]) {
  const { user: credential } = await testCertificates();
  const security = await testSecurity({ trusted: trusted.map(({ authority }) => authority.certificate) });
  return createPostClientOf(clientContext(secureTarget(port, security), { credential: { ...credential } }));
}

/** What a handshake with this context ends in. */
async function ask({ port }: Side, secureContext: SecureContext): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', secureContext });
  try {
    await once(socket, 'secureConnect');
    return 'trusted';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
  }
}

test('two targets in one thread do not believe each other, in either order and by turns', async (t) => {
  const { one, other } = await startServices(t);
  for (const [a, b] of [
    [one, other],
    [other, one],
  ] as const) {
    const right = await clientOf(a, a);
    const wrong = await clientOf(a, b);
    const rightToo = await clientOf(b, b);
    const wrongToo = await clientOf(b, a);
    for (let round = 0; round < 2; round++) {
      t.is((await perform(right)).outcome, 'ok');
      t.is((await perform(wrong)).outcome, UNTRUSTED_OUTCOME);
      t.is((await perform(rightToo)).outcome, 'ok');
      t.is((await perform(wrongToo)).outcome, UNTRUSTED_OUTCOME);
    }
  }
});

test('whom an earlier cell believed is a stranger to a later one, and known again to the one after', async (t) => {
  const { one, other } = await startServices(t);
  for (const [trusted, outcome] of [
    [[one], 'ok'],
    [[one, other], 'ok'],
    [[other], UNTRUSTED_OUTCOME],
    [[other], UNTRUSTED_OUTCOME],
    [[one], 'ok'],
  ] as const) {
    t.is((await perform(await clientOf(one, ...trusted))).outcome, outcome);
  }
});

test('contexts share: what they trust is what the thread holds, and nothing is read a second time', async (t) => {
  const { one, other } = await startServices(t);
  const trusted = [one.authority.certificate, other.authority.certificate];
  createTrustingContext(trusted, {});
  const held = getCACertificates();
  t.deepEqual(held.map(withoutEnds).toSorted(), trusted.map(withoutEnds).toSorted());
  createTrustingContext([...trusted], {});
  t.is(getCACertificates(), held);
});

test('what the machine believes, a target with authorities of its own does not', async (t) => {
  const { one, other } = await startServices(t);
  setDefaultCACertificates([one.authority.certificate]); // as if the machine's
  const context = createTrustingContext([other.authority.certificate], {});
  t.regex(await ask(one, context), UNTRUSTED);
  t.is(await ask(other, context), 'trusted');
});

test('somebody who sets other defaults in between changes nothing', async (t) => {
  const { one, other } = await startServices(t);
  const trusted = [other.authority.certificate];
  const before = createTrustingContext(trusted, {});
  setDefaultCACertificates([one.authority.certificate]);
  const after = createTrustingContext(trusted, {});
  for (const context of [before, after]) {
    t.regex(await ask(one, context), UNTRUSTED);
    t.is(await ask(other, context), 'trusted');
  }
});

test('whoever names its own authorities, as the link to the coordinator does, is not touched', async (t) => {
  const { one, other } = await startServices(t);
  const link = { ca: [other.authority.certificate] };
  const before = createSecureContext(link);
  createTrustingContext([one.authority.certificate], {});
  for (const context of [before, createSecureContext(link)]) {
    t.regex(await ask(one, context), UNTRUSTED);
    t.is(await ask(other, context), 'trusted');
  }
});

test("another thread's authorities are its own", async (t) => {
  const { one } = await startServices(t);
  const ofThisThread = createTrustingContext([one.authority.certificate], {});
  const url = JSON.stringify(new URL('../../../scenarios/http/shared-authorities.ts', import.meta.url).href);
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(${url}).then(({ createTrustingContext, shareAuthorities }) => {
      shareAuthorities();
      createTrustingContext(workerData, {});
      parentPort.postMessage(require('node:tls').getCACertificates().length);
    });`;
  const { certificate } = await (made as Promise<Authority>);
  const worker = new Worker(script, { eval: true, workerData: [certificate] });
  t.deepEqual(await once(worker, 'message'), [1]);
  const madeSince = createTrustingContext([one.authority.certificate], {});
  for (const context of [ofThisThread, madeSince]) t.is(await ask(one, context), 'trusted');
});

test('texts that are not one certificate each are read as a context of its own reads them', async (t) => {
  const { one, other } = await startServices(t);
  const [certificate, another] = [one.authority.certificate, other.authority.certificate];
  const cases: [trusted: string[], one: boolean, other: boolean][] = [
    [[], false, false],
    [[''], false, false],
    [['no certificate'], false, false],
    [[certificate.replaceAll('M', '#')], false, false],
    [['no certificate', another], false, true],
    [[certificate + another], true, true],
    [[certificate, certificate], true, false],
  ];
  for (const [trusted, isOneTrusted, isOtherTrusted] of cases) {
    setDefaultCACertificates([certificate, another]); // what must not show through
    const context = createTrustingContext(trusted, {});
    t.is((await ask(one, context)) === 'trusted', isOneTrusted, JSON.stringify(trusted));
    t.is((await ask(other, context)) === 'trusted', isOtherTrusted, JSON.stringify(trusted));
  }
});

test('in any order of contexts each believes its own authorities alone', async (t) => {
  const { one, other } = await startServices(t);
  const subset = subarray([one, other]);
  const step = record({ trusted: subset, machine: option(subset), isNewCell: boolean() });
  const { user } = await testCertificates();
  const verdictsHold = asyncProperty(array(step, { minLength: 2, maxLength: CONTEXTS_AT_MOST }), async (steps) => {
    const cells = new Map<string, Awaited<ReturnType<typeof testSecurity>>>();
    const contexts: SecureContext[] = [];
    for (const { trusted, machine, isNewCell } of steps) {
      if (machine !== null) setDefaultCACertificates(pemsOf(machine));
      const key = pemsOf(trusted).join('');
      const security = (!isNewCell && cells.get(key)) || (await testSecurity({ trusted: pemsOf(trusted) }));
      cells.set(key, security);
      contexts.push(prepareSecurity(security, { ...user }).context);
    }
    for (const [index, { trusted }] of steps.entries())
      for (const side of [one, other]) {
        const verdict = await ask(side, contexts[index] as SecureContext);
        if ((verdict === 'trusted') !== trusted.includes(side)) throw new Error(`context ${index}: ${verdict}`);
      }
  });
  await assert(verdictsHold, { numRuns: RUNS });
  t.pass();
});

function pemsOf(sides: readonly Side[]): string[] {
  return sides.map(({ authority }) => authority.certificate);
}

/** PEM with or without a line's end behind it. */
function withoutEnds(pem: string): string {
  return pem.trim();
}
