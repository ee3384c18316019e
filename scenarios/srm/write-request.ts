/** Requests as gfal writes them (captured from gfal2 2.21): parameters unqualified and in the order of the WSDL. */

import { SRM_NAMESPACE, escapeXml } from './wire.ts';

export type LsRequest = {
  /** `srm://host[:port]/path` or `srm://host:port/service?SFN=/path`; percent-encode what no URI may hold, Axis refuses it raw. */
  surls: readonly string[];
  /** `full`: times for every entry, permissions for the paths asked for. */
  detail: 'full' | 'brief';
  /** 0: the paths themselves; 1: and their entries; … */
  levels: number;
  /** One page of the listing; left out: all of it. */
  page?: LsPage;
};

/** Counted in the entries directly below a path asked for. */
export type LsPage = { offset: number; count: number };

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
  ` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:srm2="${SRM_NAMESPACE}">` +
  '<SOAP-ENV:Body SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">';
const TAIL = '</SOAP-ENV:Body></SOAP-ENV:Envelope>\r\n';

export function writeLsRequest({ surls, detail, levels, page }: LsRequest): string {
  const urls = surls.map((surl) => `<urlArray>${escapeXml(surl)}</urlArray>`).join('');
  return (
    `${HEAD}<srm2:srmLs><srmLsRequest><arrayOfSURLs>${urls}</arrayOfSURLs><storageSystemInfo xsi:nil="true"/>` +
    `<fullDetailedList>${detail === 'full'}</fullDetailedList><numOfLevels>${levels}</numOfLevels>` +
    `${page === undefined ? '' : writePage(page)}</srmLsRequest></srm2:srmLs>${TAIL}`
  );
}

/** Asks how a request is doing that was queued; its answer, once done, is the listing. */
export function writeStatusOfLsRequest(requestToken: string): string {
  return (
    `${HEAD}<srm2:srmStatusOfLsRequest><srmStatusOfLsRequestRequest><requestToken>${escapeXml(requestToken)}</requestToken>` +
    `</srmStatusOfLsRequestRequest></srm2:srmStatusOfLsRequest>${TAIL}`
  );
}

export function writePingRequest(): string {
  return `${HEAD}<srm2:srmPing><srmPingRequest></srmPingRequest></srm2:srmPing>${TAIL}`;
}

/** gfal leaves an offset of 0 out. */
function writePage({ offset, count }: LsPage): string {
  return `${offset === 0 ? '' : `<offset>${offset}</offset>`}<count>${count}</count>`;
}
