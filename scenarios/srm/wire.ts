/** The constants of the SRM v2.2 wire (SOAP 1.1, rpc/encoded), and how text becomes XML. */

export const SRM_NAMESPACE = 'http://srm.lbl.gov/StorageResourceManager';
export const SOAP_ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/';

/** Where BeStMan serves SRM v2.2. */
export const SRM_SERVICE_PATH = '/srm/v2/server';

export const SOAP_CONTENT_TYPE = 'text/xml; charset=utf-8';

/** Values of the SOAPAction header as gfal sends them; servers dispatch on the body and ignore them. */
export const LS_SOAP_ACTION = '"Ls"';
export const STATUS_OF_LS_SOAP_ACTION = '"StatusOfLsRequest"';
export const PING_SOAP_ACTION = '"XPing"';

/** The operations whose answer is a listing. */
export type LsOperation = 'srmLs' | 'srmStatusOfLsRequest';

/** Every TStatusCode of SRM v2.2, in the order of its WSDL. */
export const SRM_STATUS_CODES = [
  'SRM_SUCCESS',
  'SRM_FAILURE',
  'SRM_AUTHENTICATION_FAILURE',
  'SRM_AUTHORIZATION_FAILURE',
  'SRM_INVALID_REQUEST',
  'SRM_INVALID_PATH',
  'SRM_FILE_LIFETIME_EXPIRED',
  'SRM_SPACE_LIFETIME_EXPIRED',
  'SRM_EXCEED_ALLOCATION',
  'SRM_NO_USER_SPACE',
  'SRM_NO_FREE_SPACE',
  'SRM_DUPLICATION_ERROR',
  'SRM_NON_EMPTY_DIRECTORY',
  'SRM_TOO_MANY_RESULTS',
  'SRM_INTERNAL_ERROR',
  'SRM_FATAL_INTERNAL_ERROR',
  'SRM_NOT_SUPPORTED',
  'SRM_REQUEST_QUEUED',
  'SRM_REQUEST_INPROGRESS',
  'SRM_REQUEST_SUSPENDED',
  'SRM_ABORTED',
  'SRM_RELEASED',
  'SRM_FILE_PINNED',
  'SRM_FILE_IN_CACHE',
  'SRM_SPACE_AVAILABLE',
  'SRM_LOWER_SPACE_GRANTED',
  'SRM_DONE',
  'SRM_PARTIAL_SUCCESS',
  'SRM_REQUEST_TIMED_OUT',
  'SRM_LAST_COPY',
  'SRM_FILE_BUSY',
  'SRM_FILE_LOST',
  'SRM_FILE_UNAVAILABLE',
  'SRM_CUSTOM_STATUS',
] as const;

export const SRM_SUCCESS = 'SRM_SUCCESS';

/** An answer's body in its envelope; the prefixes `soapenv`, `xsd` and `xsi` are bound. */
export function writeAnswerEnvelope(body: string): string {
  return `${ENVELOPE_HEAD}${body}</soapenv:Body></soapenv:Envelope>`;
}

const ENVELOPE_HEAD =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>';

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
