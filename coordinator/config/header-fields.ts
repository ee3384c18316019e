/** What the names and values of request headers may be (RFC 9110, 5.1 and 5.5), and which of them are not the user's to set. */

import { OPERATION_HEADER } from '../../scenarios/operation-header.ts';

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** No blanks at its ends: they would not arrive. Beyond ASCII a value means something else to each service. */
const VALUE = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;

/** Whoever reads the results could use what these hold. */
const CREDENTIAL = /authorization|cookie|token|secret|passw|credential|api[-_]?key/i;

/** Set by the transport, or by GlideTester itself. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  OPERATION_HEADER,
]);

export function isHeaderName(name: string): boolean {
  return TOKEN.test(name);
}

/** An empty one is a value, too. */
export function isHeaderValue(value: string): boolean {
  return VALUE.test(value);
}

/** In any case. */
export function isOwnHeader(name: string): boolean {
  return OWN_HEADERS.has(name.toLowerCase());
}

/** Whether a header of this name usually holds something that is to be kept secret. */
export function holdsCredential(name: string): boolean {
  return CREDENTIAL.test(name);
}
