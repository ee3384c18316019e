/** The constants of the SRM v2.2 wire (SOAP 1.1, rpc/encoded), and how text becomes XML. */

export const SRM_NAMESPACE = 'http://srm.lbl.gov/StorageResourceManager';

/** Where BeStMan serves SRM v2.2. */
export const SRM_SERVICE_PATH = '/srm/v2/server';

export const SOAP_CONTENT_TYPE = 'text/xml; charset=utf-8';

/** Values of the SOAPAction header as gfal sends them; servers dispatch on the body and ignore them. */
export const LS_SOAP_ACTION = '"Ls"';
export const PING_SOAP_ACTION = '"XPing"';

export const SRM_SUCCESS = 'SRM_SUCCESS';

/** What must not stand in character data as it is: markup, a carriage return (readers make it a line feed), and what XML 1.0 has no way to write. */
const NOT_PLAIN = /[<>&\r]|[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const NOT_PLAIN_ALL = new RegExp(NOT_PLAIN, 'gu');

/** Text as XML character data; a character that XML 1.0 cannot hold (most control characters) becomes U+FFFD. */
export function escapeXml(text: string): string {
  return NOT_PLAIN.test(text) ? text.replaceAll(NOT_PLAIN_ALL, escapeCharacter) : text;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '&':
      return '&amp;';
    case '\r':
      return '&#13;';
    default:
      return '\uFFFD';
  }
}
