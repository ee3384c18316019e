/** The parts of a target's url. `httpg` is no scheme that URL knows: its host comes as it was written, and no port with it. */

import { DEFAULT_PORTS, hostOf } from '../../scenarios/http/connect.ts';

export type TargetUrl = {
  scheme: 'http' | 'https' | 'httpg';
  /** In lower case; an address of the sixth version without its brackets. Empty: the url has none. */
  host: string;
  /** Of the scheme where the url has none: 80, 443, 8443. */
  port: number;
  /** `httpg://host:port`, the port left out where the url leaves it out. */
  origin: string;
  /** With its query, if it has one: what is asked for. */
  path: string;
};

/** @param text a url of one of the three schemes, as the config's schema checks it */
export function readTargetUrl(text: string): TargetUrl {
  const url = new URL(text);
  const origin = `${url.protocol}//${url.host.toLowerCase()}`;
  return {
    scheme: url.protocol.slice(0, -1) as TargetUrl['scheme'],
    host: hostOf(origin),
    port: Number(url.port || DEFAULT_PORTS[url.protocol]),
    origin,
    path: (url.pathname || '/') + url.search,
  };
}
