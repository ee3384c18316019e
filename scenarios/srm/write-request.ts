/** Requests as gfal writes them (captured from gfal2 2.21): parameters unqualified and in the order of the WSDL. */

import { SRM_NAMESPACE, escapeXml } from './wire.ts';

export type LsRequest = {
  /** `srm://host[:port]/path` or `srm://host:port/service?SFN=/path`; percent-encode what no URI may hold, Axis refuses it raw. */
  surls: readonly string[];
  /** `full`: times for every entry, permissions for the paths asked for. */
  detail: 'full' | 'brief';
  /** 0: the paths themselves; 1: and their entries; … */
  levels: number;
};

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
  ` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:srm2="${SRM_NAMESPACE}">` +
  '<SOAP-ENV:Body SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">';
const TAIL = '</SOAP-ENV:Body></SOAP-ENV:Envelope>\r\n';

export function writeLsRequest({ surls, detail, levels }: LsRequest): string {
  const urls = surls.map((surl) => `<urlArray>${escapeXml(surl)}</urlArray>`).join('');
  return (
    `${HEAD}<srm2:srmLs><srmLsRequest><arrayOfSURLs>${urls}</arrayOfSURLs><storageSystemInfo xsi:nil="true"/>` +
    `<fullDetailedList>${detail === 'full'}</fullDetailedList><numOfLevels>${levels}</numOfLevels>` +
    `</srmLsRequest></srm2:srmLs>${TAIL}`
  );
}

export function writePingRequest(): string {
  return `${HEAD}<srm2:srmPing><srmPingRequest></srmPingRequest></srm2:srmPing>${TAIL}`;
}
