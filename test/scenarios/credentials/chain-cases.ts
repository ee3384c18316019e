/** Chains that must be accepted, and chains that each break one rule; what OpenSSL makes of them is checked beside. */

import { DER_TAGS, encodeDer, readDerElement } from '../../../scenarios/credentials/der.ts';
import type { ChainRule } from '../../../scenarios/credentials/chain-refusal.ts';
import {
  alternativeName,
  authorityConstraints,
  cn,
  encodeName,
  encodeOid,
  forge,
  HOUR_MS,
  keyUsage,
  makeKeys,
  NOW_MS,
  POLICY,
  proxyCertInfo,
  purposes,
  type Attribute,
  type Forged,
  type ForgedProxyInfo,
  type Forgery,
} from './forge-certificate.ts';

export type ChainCase = {
  title: string;
  /** DER, as a client shows it. */
  chain: Uint8Array[];
  /** Null: accepted. */
  rule: ChainRule | null;
  /** What the text must hold. */
  says?: string;
  /** OpenSSL accepts what we refuse: it leaves the rule to others, or drops what it doesn't need. */
  opensslAccepts?: boolean;
};

const DC_ORG: Attribute = { type: '0.9.2342.19200300.100.1.25', value: 'org', tag: 0x16 };
const AUTHORITY_USAGE = keyUsage(0x04);
const USER_USAGE = keyUsage(0xa0);
const EXPIRED = { fromMs: NOW_MS - 2 * HOUR_MS, untilMs: NOW_MS - HOUR_MS };
const EARLY = { fromMs: NOW_MS + HOUR_MS, untilMs: NOW_MS + 2 * HOUR_MS };

export const USER_IDENTITY = '/DC=org/CN=Load User';

const name = (...names: string[]): Uint8Array => encodeName(DC_ORG, ...names.map((value) => cn(value)));

/** A Name and more steps behind it. */
function appendTo(base: Uint8Array, ...steps: (Attribute | Attribute[])[]): Uint8Array {
  const added = readDerElement(encodeName(...steps)).content;
  return encodeDer(DER_TAGS.sequence, readDerElement(base).content, added);
}

const authority = (commonName: string, issuer: Forged | null, forgery: Partial<Forgery> = {}): Forged =>
  forge({ subject: name(commonName), issuer, extensions: [authorityConstraints(), AUTHORITY_USAGE], ...forgery });
const user = (issuer: Forged | null, forgery: Partial<Forgery> = {}): Forged =>
  forge({ subject: name('Load User'), issuer, extensions: [USER_USAGE], ...forgery });
let serial = 0;
const proxy = (issuer: Forged, forgery: Partial<Forgery> = {}): Forged => {
  const subject = appendTo(issuer.name, cn(String((serial += 1))));
  return forge({ subject, issuer, extensions: [USER_USAGE, proxyCertInfo()], ...forgery });
};
const proxyWith = (info: ForgedProxyInfo, issuer: Forged): Forged =>
  proxy(issuer, { extensions: [USER_USAGE, proxyCertInfo(info)] });
const ders = (...certificates: Forged[]): Uint8Array[] => certificates.map(({ der }) => der);

const root = authority('Root CA', null);
const middle = authority('Middle CA', root, { extensions: [authorityConstraints(0), AUTHORITY_USAGE] });
/** Trusted too, but not a root: chains through it end at the root all the same. */
const trustedMiddle = authority('Trusted Middle CA', root);
const expiredRoot = authority('Expired Root CA', null, EXPIRED);

/** DER of what is trusted in all cases. */
export const TRUSTED = ders(root, trustedMiddle, expiredRoot);

const somebody = user(root);
const first = proxy(somebody);
const second = proxy(first);

/** Without any rule broken. */
export const ACCEPTED: (ChainCase & { proxies: number; limited?: boolean })[] = [
  { title: 'a user', chain: ders(somebody), rule: null, proxies: 0 },
  { title: 'a user with the root shown', chain: ders(somebody, root), rule: null, proxies: 0 },
  { title: 'a proxy', chain: ders(first, somebody), rule: null, proxies: 1 },
  { title: 'a proxy of a proxy', chain: ders(second, first, somebody), rule: null, proxies: 2 },
  ...oneEach(),
];

function oneEach(): (ChainCase & { proxies: number; limited?: boolean })[] {
  const ofMiddle = user(middle);
  const limited = proxyWith({ language: POLICY.limited }, somebody);
  const lastOne = proxyWith({ proxiesBelow: 0 }, somebody);
  const penultimate = proxyWith({ proxiesBelow: 1 }, somebody);
  const client = user(root, { extensions: [USER_USAGE, purposes('1.3.6.1.5.5.7.3.2')] });
  const plain = user(root, { extensions: [] });
  return [
    { title: 'a user of a shown authority', chain: ders(ofMiddle, middle), rule: null, proxies: 0 },
    { title: 'a user of a shown authority, root shown', chain: ders(ofMiddle, middle, root), rule: null, proxies: 0 },
    {
      title: "a shown authority's user's proxy",
      chain: ders(proxy(ofMiddle), ofMiddle, middle),
      rule: null,
      proxies: 1,
    },
    { title: 'a user of a trusted authority below a root', chain: ders(user(trustedMiddle)), rule: null, proxies: 0 },
    { title: 'a limited proxy', chain: ders(limited, somebody), rule: null, proxies: 1, limited: true },
    {
      title: 'a proxy of a limited one',
      chain: ders(proxy(limited), limited, somebody),
      rule: null,
      proxies: 2,
      limited: true,
    },
    { title: 'the last proxy allowed', chain: ders(lastOne, somebody), rule: null, proxies: 1 },
    {
      title: 'as many proxies as allowed',
      chain: ders(proxy(penultimate), penultimate, somebody),
      rule: null,
      proxies: 2,
    },
    { title: 'a user for clients', chain: ders(client), rule: null, proxies: 0 },
    { title: 'a user without extensions', chain: ders(proxy(plain), plain), rule: null, proxies: 1 },
  ];
}

export const REFUSED: ChainCase[] = [
  ...shownWrongly(),
  ...outOfTime(),
  ...signedWrongly(),
  ...wrongProxies(),
  ...wrongUsers(),
  ...wrongAuthorities(),
];

function shownWrongly(): ChainCase[] {
  const many = [somebody];
  while (many.length < 11) many.unshift(proxy(many[0] as Forged));
  const huge = Buffer.concat([first.der, Buffer.alloc(70_000)]);
  return [
    { title: 'no certificate', chain: [], rule: 'no-certificate', opensslAccepts: true },
    { title: 'eleven certificates', chain: ders(...many), rule: 'too-many-certificates', opensslAccepts: true },
    {
      title: 'ten certificates and no root',
      chain: ders(...many.slice(1)),
      rule: 'too-many-certificates',
      opensslAccepts: true,
    },
    { title: 'a huge certificate', chain: [huge, somebody.der], rule: 'certificate-too-large', opensslAccepts: true },
    { title: 'garbage', chain: [Buffer.from('garbage')], rule: 'unreadable-certificate', says: 'certificate 1 of 1' },
    {
      title: 'an empty certificate',
      chain: [first.der, Buffer.of()],
      rule: 'unreadable-certificate',
      says: 'certificate 2 of 2',
    },
    {
      title: 'a byte too many',
      chain: [Buffer.concat([somebody.der, Buffer.of(0)])],
      rule: 'unreadable-certificate',
      opensslAccepts: true,
    },
    {
      title: 'a certificate twice',
      chain: ders(first, somebody, somebody),
      rule: 'duplicate-certificate',
      opensslAccepts: true,
    },
    {
      title: 'a certificate too many',
      chain: ders(somebody, middle),
      rule: 'out-of-order',
      says: USER_IDENTITY,
      opensslAccepts: true,
    },
    {
      title: 'another one behind the root',
      chain: ders(somebody, root, middle),
      rule: 'out-of-order',
      opensslAccepts: true,
    },
    { title: 'a proxy without its user', chain: ders(first), rule: 'proxy-issuer-missing', says: USER_IDENTITY },
    { title: 'a proxy without its proxy', chain: ders(second, somebody), rule: 'out-of-order' },
  ];
}

function outOfTime(): ChainCase[] {
  const expiredUser = user(root, EXPIRED);
  const expiredProxy = proxy(somebody, EXPIRED);
  const expiredMiddle = authority('Middle CA', root, EXPIRED);
  const ofMiddle = user(expiredMiddle);
  const until = 'expired at 2026-11-20T09:00:00Z';
  return [
    {
      title: 'an expired user',
      chain: ders(expiredUser),
      rule: 'expired',
      says: `the certificate ${USER_IDENTITY} ${until}`,
    },
    { title: 'an expired proxy', chain: ders(expiredProxy, somebody), rule: 'expired', says: until },
    {
      title: 'a proxy of an expired proxy',
      chain: ders(proxy(expiredProxy), expiredProxy, somebody),
      rule: 'expired',
      says: until,
    },
    {
      title: 'a proxy of an expired user',
      chain: ders(proxy(expiredUser), expiredUser),
      rule: 'expired',
      says: `${USER_IDENTITY} ${until}`,
    },
    {
      title: 'an expired shown authority',
      chain: ders(ofMiddle, expiredMiddle),
      rule: 'expired',
      says: `the authority /DC=org/CN=Middle CA ${until}`,
    },
    {
      title: 'an expired root',
      chain: ders(user(expiredRoot)),
      rule: 'expired',
      says: `the authority /DC=org/CN=Expired Root CA ${until}`,
    },
    {
      title: 'a user of tomorrow',
      chain: ders(user(root, EARLY)),
      rule: 'not-yet-valid',
      says: 'valid only from 2026-11-20T11:00:00Z',
    },
    { title: 'a proxy of tomorrow', chain: ders(proxy(somebody, EARLY), somebody), rule: 'not-yet-valid' },
  ];
}

function signedWrongly(): ChainCase[] {
  const { privateKey } = makeKeys();
  const impostor = authority('Root CA', null);
  const misled = proxy(first, { signWith: privateKey });
  const weak = user(root, { hash: 'sha1' });
  const otherKey = {
    oid: '2.5.29.35',
    isCritical: false,
    value: encodeDer(DER_TAGS.sequence, encodeDer(0x80, Buffer.alloc(20))),
  };
  const subjectKey = {
    oid: '2.5.29.14',
    isCritical: false,
    value: encodeDer(DER_TAGS.octetString, Buffer.alloc(20, 1)),
  };
  const keyed = authority('Keyed CA', root, { extensions: [authorityConstraints(), AUTHORITY_USAGE, subjectKey] });
  const strayed = user(keyed, { extensions: [USER_USAGE, otherKey] });
  return [
    {
      title: "a proxy by another's key",
      chain: ders(proxy(somebody, { signWith: privateKey }), somebody),
      rule: 'wrong-signature',
      says: `the key of ${USER_IDENTITY}`,
    },
    { title: "a proxy's proxy by another's key", chain: ders(misled, first, somebody), rule: 'wrong-signature' },
    {
      title: "a proxy by the authority's key",
      chain: ders(proxy(somebody, { signWith: root.keys.privateKey }), somebody),
      rule: 'wrong-signature',
    },
    {
      title: 'a user of an authority of the same name',
      chain: ders(user(impostor)),
      rule: 'wrong-signature',
      says: 'the key of /DC=org/CN=Root CA',
    },
    {
      title: 'the same with that authority shown',
      chain: ders(user(impostor), impostor),
      rule: 'untrusted-authority',
      says: 'not the one of this name',
    },
    {
      title: 'a user under the true root, not signed by it',
      chain: ders(user(impostor), root),
      rule: 'wrong-signature',
    },
    {
      title: 'a user signed with SHA-1',
      chain: ders(weak),
      rule: 'weak-signature',
      says: USER_IDENTITY,
      opensslAccepts: true,
    },
    { title: 'an issuer known by another key', chain: ders(strayed, keyed), rule: 'wrong-issuer-key' },
  ];
}

function wrongProxies(): ChainCase[] {
  const named = (subject: Uint8Array): Uint8Array[] => ders(proxy(somebody, { subject }), somebody);
  const extended = (...extensions: NonNullable<Forgery['extensions']>): Uint8Array[] =>
    ders(proxy(somebody, { extensions: [proxyCertInfo(), ...extensions] }), somebody);
  const withInfo = (info: ForgedProxyInfo): Uint8Array[] => ders(proxyWith(info, somebody), somebody);
  const last = proxyWith({ proxiesBelow: 0 }, somebody);
  const sealed = user(root, { extensions: [keyUsage(0x20)] });
  const unsigning = proxy(somebody, { extensions: [keyUsage(0x20), proxyCertInfo()] });
  const printable = encodeName({ ...DC_ORG, tag: 0x13 }, cn('Load User'), cn('1'));
  const other = user(first);
  const draft = { oid: '1.3.6.1.4.1.3536.1.222', isCritical: true, value: encodeDer(DER_TAGS.sequence) };
  const old = proxy(somebody, { subject: appendTo(somebody.name, cn('proxy')), extensions: [] });
  return [
    { title: 'a proxy of another name', chain: named(name('Somebody Else', '1')), rule: 'proxy-subject' },
    { title: "a proxy of its user's name", chain: named(somebody.name), rule: 'proxy-subject' },
    {
      title: 'a proxy with two CNs more',
      chain: named(name('Load User', '1', '2')),
      rule: 'proxy-subject',
      says: 'one more CN',
    },
    {
      title: 'a proxy with two CNs in one step',
      chain: named(appendTo(somebody.name, [cn('1'), cn('2')])),
      rule: 'proxy-subject',
    },
    {
      title: 'a proxy with an OU more',
      chain: named(appendTo(somebody.name, { type: '2.5.4.11', value: '1' })),
      rule: 'proxy-subject',
    },
    {
      title: 'a CN that reads like two',
      chain: named(encodeName(DC_ORG, cn('Load User/CN=1'))),
      rule: 'proxy-subject',
    },
    {
      title: 'a proxy name in other string types',
      chain: named(printable),
      rule: 'proxy-subject',
      opensslAccepts: true,
    },
    { title: 'a proxy that is an authority', chain: extended(authorityConstraints()), rule: 'proxy-is-authority' },
    {
      title: 'a proxy with a subject alternative name',
      chain: extended(alternativeName()),
      rule: 'proxy-alternative-name',
    },
    {
      title: 'a proxy with an issuer alternative name',
      chain: extended(alternativeName('2.5.29.18')),
      rule: 'proxy-alternative-name',
    },
    {
      title: 'no proxyCertInfo',
      chain: ders(proxy(somebody, { extensions: [USER_USAGE] }), somebody),
      rule: 'proxy-info-missing',
    },
    {
      title: 'a proxyCertInfo that is not critical',
      chain: withInfo({ isCritical: false }),
      rule: 'proxy-info-not-critical',
      opensslAccepts: true,
    },
    {
      title: 'one proxy too many',
      chain: ders(proxy(last), last, somebody),
      rule: 'proxy-path-length',
      says: 'at most 0 further',
    },
    {
      title: 'an independent proxy',
      chain: withInfo({ language: POLICY.independent }),
      rule: 'proxy-independent',
      says: 'no rights of its user',
      opensslAccepts: true,
    },
    {
      title: 'a proxy of an unknown policy',
      chain: withInfo({ language: '1.2.3.4', policy: 'read' }),
      rule: 'proxy-policy',
      says: '1.2.3.4',
      opensslAccepts: true,
    },
    {
      title: 'all rights, and a policy beside',
      chain: withInfo({ policy: 'read' }),
      rule: 'proxy-policy',
      opensslAccepts: true,
    },
    { title: 'a proxy of an authority', chain: ders(proxy(root), root), rule: 'proxy-of-authority' },
    {
      title: 'a user who may not sign',
      chain: ders(proxy(sealed), sealed),
      rule: 'proxy-issuer-key-usage',
      says: 'digitalSignature',
    },
    {
      title: 'a proxy that may not sign',
      chain: ders(proxy(unsigning), unsigning, somebody),
      rule: 'proxy-issuer-key-usage',
    },
    { title: 'a proxy of the old kind', chain: ders(old, somebody), rule: 'old-proxy', says: 'RFC 3820' },
    {
      title: 'an old limited proxy',
      chain: ders(proxy(somebody, { subject: appendTo(somebody.name, cn('limited proxy')), extensions: [] }), somebody),
      rule: 'old-proxy',
    },
    {
      title: 'a proxy of the draft',
      chain: ders(proxy(somebody, { extensions: [draft] }), somebody),
      rule: 'old-proxy',
    },
    { title: 'a user signed by a proxy', chain: ders(user(first), first, somebody), rule: 'issuer-is-no-authority' },
    {
      title: 'a proxy of a user signed by a proxy',
      chain: ders(proxy(other), other, first, somebody),
      rule: 'issuer-is-no-authority',
    },
  ];
}

function wrongUsers(): ChainCase[] {
  const unknown = { oid: '1.2.3.4.5', isCritical: true, value: encodeOid('1.2') };
  const host = user(root, { extensions: [USER_USAGE, purposes('1.3.6.1.5.5.7.3.1')] });
  return [
    {
      title: 'a user who is an authority',
      chain: ders(authority('Load User', root)),
      rule: 'user-is-authority',
    },
    { title: 'the root itself', chain: ders(root), rule: 'user-is-authority' },
    { title: 'a user who signed himself', chain: ders(user(null)), rule: 'user-self-signed' },
    {
      title: 'a user without a name',
      chain: ders(user(root, { subject: encodeName() })),
      rule: 'user-without-subject',
      opensslAccepts: true,
    },
    {
      title: 'a critical extension nobody knows',
      chain: ders(user(root, { extensions: [unknown] })),
      rule: 'unknown-critical-extension',
      says: '1.2.3.4.5',
    },
    { title: 'a certificate for servers alone', chain: ders(host), rule: 'wrong-purpose', says: 'clientAuth' },
    {
      title: 'a proxy of a certificate for servers',
      chain: ders(proxy(host), host),
      rule: 'wrong-purpose',
    },
    {
      title: 'a user signed by a user',
      chain: ders(forge({ subject: name('Other'), issuer: somebody, extensions: [USER_USAGE] }), somebody),
      rule: 'issuer-is-no-authority',
    },
  ];
}

function wrongAuthorities(): ChainCase[] {
  const strange = authority('Strange CA', null);
  const ofStrange = user(strange);
  const unconstrained = authority('Middle CA', root, { extensions: [AUTHORITY_USAGE] });
  const listing = authority('Middle CA', root, { extensions: [authorityConstraints(), keyUsage(0x02)] });
  const deep = authority('Deep CA', middle);
  return [
    { title: 'an unknown authority', chain: ders(ofStrange), rule: 'unknown-authority', says: '/DC=org/CN=Strange CA' },
    {
      title: 'an authority that vouches for itself',
      chain: ders(ofStrange, strange),
      rule: 'untrusted-authority',
      says: '/DC=org/CN=Strange CA',
    },
    {
      title: 'a shown authority that is none',
      chain: ders(user(unconstrained), unconstrained),
      rule: 'issuer-is-no-authority',
    },
    {
      title: 'an authority that may not sign certificates',
      chain: ders(user(listing), listing),
      rule: 'authority-key-usage',
      says: 'keyCertSign',
    },
    {
      title: 'an authority below the last allowed',
      chain: ders(user(deep), deep, middle),
      rule: 'authority-path-length',
      says: 'at most 0',
    },
  ];
}
