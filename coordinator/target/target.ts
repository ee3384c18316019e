/** The target: where it is, whether we may load it, and what it counts. */

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import { readTrustedAuthorities } from '../../scenarios/credentials/trusted-authorities.ts';
import type { ResolvedTarget, TargetSecurity } from '../../scenarios/scenario.ts';
import type { TargetConfig } from '../config/schema.ts';
import type { UrlTarget } from '../config/target-schema.ts';
import { type Identities, readIdentities } from '../identities/identities.ts';
import type { Account } from '../identities/identity-files.ts';
import { durationMs } from '../plan.ts';
import { readTargetUrl } from './target-url.ts';

/** Where grid sites keep the authorities that they trust. */
const AUTHORITIES_OF_THE_GRID = '/etc/grid-security/certificates';

/** A target that is there: given by its url, or the embedded frontend of this campaign. */
export type TargetHandle = {
  url(): string;
  /** Where the frontend counts for itself; null for other services. */
  metricsUrl(): string | null;
  /** Of the frontend's process; null for a target that somebody else runs. */
  pid(): number | null;
  /** How connections to it are secured; null: not at all. @throws GT_TRUST_DIRECTORY */
  security(): Promise<TargetSecurity | null>;
  /** Who its clients are, as their credentials are now. @throws GT_CREDENTIAL_… when one is not to be used */
  identities(): Promise<Identities>;
  /** Starts it anew (embedded target only). */
  restart: (() => Promise<void>) | null;
  stop(): Promise<void>;
};

/** Grid services are believed by the grid's authorities; https ones, unless told otherwise, by those of this machine. */
async function readTrusted({ caDirectory }: UrlTarget, isGrid: boolean, { environment }: Account): Promise<string[]> {
  const directory = caDirectory ?? (environment['X509_CERT_DIR'] || (isGrid ? AUTHORITIES_OF_THE_GRID : null));
  if (directory !== null) return (await readTrustedAuthorities(directory)).pems;
  const ofMachine = getCACertificates('system');
  return ofMachine.length > 0 ? ofMachine : getCACertificates('bundled');
}

/** A target that somebody else runs: authorities and credentials are read from the files of who runs the campaign. */
export function urlTarget(target: UrlTarget, account: Account): TargetHandle {
  const { scheme } = readTargetUrl(target.url);
  const gsi = scheme === 'httpg';
  return {
    url: () => target.url,
    metricsUrl: () => null,
    pid: () => null,
    async security() {
      if (scheme === 'http') return null;
      const trusted = await readTrusted(target, gsi, account);
      return { gsi, trusted, lowestVersion: target.tls.lowest, highestVersion: target.tls.highest };
    },
    // httpg has no clients without a certificate; an https service may not care.
    async identities() {
      const choice = target.identity ?? (gsi ? 'environment' : null);
      return choice === null ? [] : readIdentities(choice, account);
    },
    restart: null,
    stop: async () => {},
  };
}

/** Whether an address is on this machine's loopback. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

/**
 * Resolves the target's name once: one family, all its addresses.
 *
 * @throws GT_TARGET_NAME when the name is not found
 * @throws GT_TARGET_PERMISSION when an address is off loopback and the config has no permission
 * @throws GT_TRUST_DIRECTORY when the authorities that are trusted can't be read
 */
export async function resolveTarget(
  config: TargetConfig,
  target: TargetHandle,
  version: string,
): Promise<ResolvedTarget> {
  const { host, port, origin, path } = readTargetUrl(target.url());
  const found = await lookUpAddresses(host, config);
  const permission = config.kind === 'url' ? config.permission : undefined;
  const stranger = found.find(({ address }) => !isLoopback(address));
  if (stranger !== undefined && permission === undefined) {
    throw new GlideTesterError(
      'GT_TARGET_PERMISSION',
      `${host} is ${stranger.address}, which is off loopback, and target.permission is missing`,
      {
        hint: 'add target.permission: { host, by, clientsAtMost } if you answer for the load there',
      },
    );
  }
  const by = permission === undefined ? '' : ` (load test by ${permission.by})`;
  const { connect, handshake, answer } = config.timeouts;
  return {
    origin,
    security: await target.security(),
    path,
    addresses: found.map(({ address, family }) => ({ address, family, port })),
    connection: { perOperation: config.connection.perOperation, close: config.connection.close },
    timeoutsMs: { connect: durationMs(connect), handshake: durationMs(handshake), answer: durationMs(answer) },
    userAgent: `glidetester/${version}${by}`,
    transport: config.connection.transport,
  };
}

type FoundAddress = { address: string; family: 4 | 6 };

/** Of a host, those of the family that its clients will use. @throws GT_TARGET_NAME when there are none */
export async function lookUpAddresses(host: string, config: TargetConfig): Promise<FoundAddress[]> {
  const literal = isIP(host);
  if (literal === 4 || literal === 6) return [{ address: host, family: literal }];
  // The embedded frontend listens on 127.0.0.1, whatever localhost is first.
  const wanted = config.kind === 'url' ? config.addresses.family : 4;
  let found: FoundAddress[];
  try {
    found = (await lookup(host, { all: true, family: wanted ?? 0, order: 'verbatim' })) as FoundAddress[];
  } catch (cause) {
    throw new GlideTesterError('GT_TARGET_NAME', `expected to find the address of ${host}: ${messageOf(cause)}`, {
      hint: 'check target.url, and target.addresses.family if it is set',
      cause,
    });
  }
  const family = wanted ?? found[0]?.family;
  return found.filter((each) => each.family === family);
}
