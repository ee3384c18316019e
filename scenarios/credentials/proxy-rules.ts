/** What RFC 3820 asks of a proxy certificate and of who signed it. */

import type { Certificate } from './certificate.ts';
import type { ProxyInfo } from './certificate-extensions.ts';
import { ChainRefusal, nameInChain } from './chain-refusal.ts';
import { writeSlashName } from './distinguished-name.ts';
import { addsOneCommonName, isSameName, lastCommonName } from './encoded-name.ts';

/** Policy languages of RFC 3820, 3.8.2, and Globus' own for proxies that may not start jobs. */
const INHERIT_ALL = '1.3.6.1.5.5.7.21.1';
const INDEPENDENT = '1.3.6.1.5.5.7.21.2';
const LIMITED = '1.3.6.1.4.1.3536.1.1.1.9';

const OLD_PROXY_NAMES: ReadonlySet<string | null> = new Set(['proxy', 'limited proxy']);

/** Whether it calls itself a proxy, in the way of RFC 3820. */
export function isProxy(certificate: Certificate): boolean {
  return certificate.extensions.proxyInfo !== null;
}

/** Whether it is a proxy from before RFC 3820: Globus' draft extension, or none and a last CN of `proxy` or `limited proxy`. */
export function isOldProxy({ extensions, subject, issuer }: Certificate): boolean {
  if (extensions.proxyInfo !== null) return false;
  return (
    extensions.hasDraftProxyInfo || (OLD_PROXY_NAMES.has(lastCommonName(subject)) && addsOneCommonName(subject, issuer))
  );
}

export function isLimited({ extensions }: Certificate): boolean {
  return extensions.proxyInfo?.policyLanguage === LIMITED;
}

/**
 * Checks one proxy (with proxyCertInfo) against the certificate that its issuer field names.
 *
 * @param proxiesBelow how many proxies stand between it and the client
 * @throws ChainRefusal naming the rule that is broken
 */
export function checkProxy(proxy: Certificate, issuer: Certificate, proxiesBelow: number): void {
  const { extensions } = proxy;
  const name = nameInChain('proxy', proxy);
  checkProxyIssuer(name, issuer); // 3.1
  if (extensions.hasIssuerAlternativeName || extensions.hasSubjectAlternativeName) {
    throw new ChainRefusal('proxy-alternative-name', `${name} has an alternative name, which a proxy must not have`); // 3.2, 3.5
  }
  if (!addsOneCommonName(proxy.subject, issuer.subject)) {
    const expected = `${writeSlashName(issuer.subject)} and one more CN`;
    throw new ChainRefusal('proxy-subject', `${name} must be called ${expected}, byte by byte`); // 3.4
  }
  if (extensions.isAuthority) {
    throw new ChainRefusal('proxy-is-authority', `${name} calls itself an authority, which a proxy must not be`); // 3.7
  }
  checkProxyInfo(name, extensions.proxyInfo as ProxyInfo, proxiesBelow);
}

/** RFC 3820, 3.1: a user's certificate or another proxy, whose key may sign. */
function checkProxyIssuer(name: string, issuer: Certificate): void {
  const { isAuthority, keyUsage } = issuer.extensions;
  if (isAuthority && !isProxy(issuer)) {
    const signer = nameInChain('authority', issuer);
    throw new ChainRefusal(
      'proxy-of-authority',
      `${name} was signed by ${signer}; only users and their proxies may do so`,
    );
  }
  if (keyUsage !== null && !keyUsage.digitalSignature) {
    const signer = nameInChain(isProxy(issuer) ? 'proxy' : 'certificate', issuer);
    throw new ChainRefusal(
      'proxy-issuer-key-usage',
      `${name} was signed by ${signer}, whose key usage has no digitalSignature`,
    );
  }
}

/** RFC 3820, 3.8: critical; path length (3.8.1); a policy that lists for the user (3.8.2). */
function checkProxyInfo(name: string, proxyInfo: ProxyInfo, proxiesBelow: number): void {
  const { isCritical, policyLanguage, hasPolicy } = proxyInfo;
  if (!isCritical) {
    throw new ChainRefusal('proxy-info-not-critical', `${name} has a proxyCertInfo that isn't critical, as it must be`);
  }
  if (proxyInfo.proxiesBelow !== null && proxiesBelow > proxyInfo.proxiesBelow) {
    const limit = `at most ${proxyInfo.proxiesBelow} further proxies, and ${proxiesBelow} were shown`;
    throw new ChainRefusal('proxy-path-length', `${name} allows ${limit}`);
  }
  if (policyLanguage === INDEPENDENT) {
    throw new ChainRefusal('proxy-independent', `${name} is an independent proxy: it has no rights of its user`);
  }
  const isKnown = policyLanguage === LIMITED || (policyLanguage === INHERIT_ALL && !hasPolicy);
  if (!isKnown) {
    throw new ChainRefusal(
      'proxy-policy',
      `${name} has a policy of the language ${policyLanguage}, which isn't understood`,
    );
  }
}

/**
 * Refuses what should be a proxy but lacks proxyCertInfo: made by a tool older than RFC 3820, or signed by a user.
 *
 * @param issuer what was shown behind it, if anything
 * @throws ChainRefusal
 */
export function checkIsNoProxy(certificate: Certificate, issuer: Certificate | undefined): void {
  if (isOldProxy(certificate)) {
    const name = nameInChain('proxy', certificate);
    const text = `${name} is of the kind from before RFC 3820; make a new one with grid-proxy-init -rfc or voms-proxy-init -rfc`;
    throw new ChainRefusal('old-proxy', text);
  }
  if (issuer === undefined || issuer.extensions.isAuthority || !isSameName(certificate.issuer, issuer.subject)) return;
  if (addsOneCommonName(certificate.subject, issuer.subject)) {
    const text = `${nameInChain('proxy', certificate)} has the name of a proxy, but no proxyCertInfo`;
    throw new ChainRefusal('proxy-info-missing', text); // 3.8
  }
}
