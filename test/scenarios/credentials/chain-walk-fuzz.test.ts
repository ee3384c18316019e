import test from 'ava';
import * as fc from 'fast-check';
import { walkChain } from '../../../scenarios/credentials/chain-walk.ts';
import { DER_TAGS, readDerInside, readDerElement } from '../../../scenarios/credentials/der.ts';
import { slashName } from '../../../scenarios/credentials/distinguished-name.ts';
import { readCertificateBlocks, writeCertificatePem } from '../../../scenarios/credentials/pem.ts';
import {
  parseTrustedAuthorities,
  type TrustedAuthorities,
} from '../../../scenarios/credentials/trusted-authorities.ts';
import { testCertificates } from '../../support/certificates.ts';
import {
  authorityConstraints,
  cn,
  encodeName,
  forge,
  keyUsage,
  NOW_MS,
  proxyCertInfo,
  signCertificate,
} from './forge-certificate.ts';

const SEED = 20_261_121;
const names = ['User', '1', '2'].map((value) => cn(value));
const root = forge({
  subject: encodeName(cn('CA')),
  issuer: null,
  extensions: [authorityConstraints(), keyUsage(0x04)],
});
const user = forge({ subject: encodeName(...names.slice(0, 1)), issuer: root, extensions: [keyUsage(0xa0)] });
const first = forge({
  subject: encodeName(...names.slice(0, 2)),
  issuer: user,
  extensions: [keyUsage(0xa0), proxyCertInfo()],
});
const second = forge({
  subject: encodeName(...names),
  issuer: first,
  extensions: [proxyCertInfo({ proxiesBelow: 3 })],
});
const chain = [second, first, user, root].map(({ der }) => der);
const trusted = parseTrustedAuthorities([writeCertificatePem(root.der)]);

const flip = (bytes: Uint8Array, at: number, change: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ change : byte));
test('the chain of the following tests is a good one', (t) => {
  t.is(walkChain(chain, trusted, NOW_MS).kind, 'accepted');
});

test('no byte of any certificate can be changed: each in turn, in one of its bits', (t) => {
  for (const [at, bytes] of chain.entries()) {
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = chain.with(at, flip(bytes, index, 1 << (index % 8)));
      if (walkChain(changed, trusted, NOW_MS).kind === 'accepted') t.fail(`byte ${index} of certificate ${at + 1}`);
    }
  }
  t.pass();
});

test('no change of any byte is accepted, in certificates with RSA keys neither', async (t) => {
  const { authority, proxyOfProxy } = await testCertificates();
  const ofRsa = readCertificateBlocks(proxyOfProxy.certificateChain + authority.certificate).map(({ der }) => der);
  const rsaTrusted = parseTrustedAuthorities([authority.certificate]);
  t.is(walkChain(ofRsa, rsaTrusted, Date.now()).kind, 'accepted');
  const anyChange = fc.tuple(fc.nat({ max: 3 }), fc.nat(), fc.integer({ min: 1, max: 255 }));
  const isRefused = (whole: Uint8Array[], authorities: TrustedAuthorities, unixMs: number) =>
    fc.property(anyChange, ([at, index, change]) => {
      const bytes = whole[at] as Uint8Array;
      const changed = whole.with(at, flip(bytes, index % bytes.length, change));
      return walkChain(changed, authorities, unixMs).kind === 'refused';
    });
  fc.assert(isRefused(chain, trusted, NOW_MS), { seed: SEED, numRuns: 1500 });
  fc.assert(isRefused(ofRsa, rsaTrusted, Date.now()), { seed: SEED, numRuns: 1500 });
});

test('whatever a user signs, nobody but the user comes of it', (t) => {
  const [toBeSigned] = readDerInside(readDerElement(first.der), DER_TAGS.sequence);
  const { bytes } = toBeSigned as { bytes: Uint8Array };
  const edits = fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 3,
  });
  const outcomes = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(edits, (changes) => {
      const changed = changes.reduce((before, [at, change]) => flip(before, at, change), bytes);
      const forged = signCertificate(changed, user.keys.privateKey);
      const verdict = walkChain([forged, user.der], trusted, NOW_MS);
      outcomes[verdict.kind] += 1;
      return verdict.kind === 'refused' || verdict.identity === '/CN=User';
    }),
    { seed: SEED, numRuns: 2000 },
  );
  t.true(outcomes.accepted > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
});

test('nothing that can be sent makes it throw', (t) => {
  const slice = fc
    .tuple(fc.constantFrom(...chain), fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 40 }))
    .map(([bytes, from, until, middle]) =>
      Buffer.concat([bytes.subarray(0, from % bytes.length), middle, bytes.subarray(until % bytes.length)]),
    );
  const piece = fc.oneof(fc.uint8Array({ maxLength: 300 }), slice, fc.constantFrom(...chain));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (shown) => {
      const verdict = walkChain(shown, trusted, NOW_MS);
      return verdict.kind === 'refused' || verdict.identity === '/CN=User';
    }),
    { seed: SEED, numRuns: 3000 },
  );
  t.pass();
});

test('a name is read of what is a certificate, and all else is a RangeError', (t) => {
  fc.assert(
    fc.property(fc.nat({ max: user.der.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      try {
        return slashName(flip(user.der, at, change)).length > 0;
      } catch (thrown) {
        return thrown instanceof RangeError;
      }
    }),
    { seed: SEED, numRuns: 1000 },
  );
  t.pass();
});
