/** What RFC 5280 asks of a user's certificate and of the authorities above it. */

import type { Certificate } from './certificate.ts';
import { ChainRefusal, nameInChain } from './chain-refusal.ts';
import { isSameName } from './encoded-name.ts';

const ANY_PURPOSE = '2.5.29.37.0';
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/** Whether subject and issuer are the same name, as in the certificate at the end of every chain. */
export function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return isSameName(subject, issuer);
}

/** The certificate that says who the client is. @throws ChainRefusal naming the rule that is broken */
export function checkUser(user: Certificate): void {
  const name = nameInChain('certificate', user);
  if (user.subject.steps.length === 0) {
    throw new ChainRefusal('user-without-subject', 'the certificate of the user names nobody: its subject is empty');
  }
  if (user.extensions.isAuthority) {
    throw new ChainRefusal('user-is-authority', `${name} is an authority's; an authority is no user`);
  }
  if (isSelfIssued(user)) {
    throw new ChainRefusal('user-self-signed', `${name} is signed by itself; it must be signed by an authority`);
  }
}

/** A client may show it (RFC 5280, 4.2.1.12); proxies have what all above them have (RFC 3820, 4.2). @throws ChainRefusal */
export function checkPurpose(name: string, { extensions: { purposes } }: Certificate): void {
  if (purposes === null || purposes.includes(CLIENT_AUTHENTICATION) || purposes.includes(ANY_PURPOSE)) return;
  throw new ChainRefusal('wrong-purpose', `${name} isn't for clients: its extended key usage has no clientAuth`);
}

/**
 * Each authority may sign certificates, for as many authorities below as it says (RFC 5280, 6.1.4 k to n).
 *
 * @param authorities the user's issuer first
 * @throws ChainRefusal naming the rule that is broken
 */
export function checkAuthorities(authorities: readonly Certificate[]): void {
  let below = 0;
  for (const authority of authorities) {
    const { isAuthority, authoritiesBelow, keyUsage, proxyInfo } = authority.extensions;
    const name = nameInChain('authority', authority);
    if (!isAuthority || proxyInfo !== null) {
      const text = `${nameInChain('certificate', authority)} signed another one, but is no authority's`;
      throw new ChainRefusal('issuer-is-no-authority', text);
    }
    if (keyUsage !== null && !keyUsage.keyCertSign) {
      throw new ChainRefusal(
        'authority-key-usage',
        `${name} has a key usage without keyCertSign: it may not sign certificates`,
      );
    }
    if (authoritiesBelow !== null && below > authoritiesBelow) {
      const text = `${name} allows at most ${authoritiesBelow} authorities below it, and ${below} were shown`;
      throw new ChainRefusal('authority-path-length', text);
    }
    if (!isSelfIssued(authority)) below += 1;
  }
}
