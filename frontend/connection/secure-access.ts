/** What a frontend needs to serve httpg: its certificates, who may use it, and the counters of both. */

import { destination, pino } from 'pino';
import type { Server as HttpServer } from 'node:http';
import { CALL_OUTS_AT_ONCE } from '../authorization/mapping-call.ts';
import { type CountingAuthorizer, createAuthorizer } from '../authorization/create-authorizer.ts';
import { DEFAULT_MAPPED_ID_CACHE } from '../authorization/mapping-cache.ts';
import type { Container } from '../container/container.ts';
import { type HandshakeCounts, createHandshakeCounts } from './handshake-counts.ts';
import type { Listener } from '../listening.ts';
import type { SecureOptions } from '../options.ts';
import { createRefusalLog } from './refusal-log.ts';
import { createSecureListener } from './secure-listener.ts';
import { SECURE_HOST_NAME, readServerCertificates } from './server-certificates.ts';

export type SecureAccess = {
  /** The name that the service's certificate is good for. */
  hostName: string;
  authorizer: CountingAuthorizer;
  handshakes: HandshakeCounts;
  /** `service` gets the connections and is not to listen itself. */
  createListener(service: HttpServer, container: Container | null): Listener;
};

/**
 * @param threads of the container; 0: there is none
 * @param ranOut called for each look-up that failed because there was no descriptor
 * @throws GlideTesterError as readServerCertificates and createAuthorizer
 */
export async function openSecureAccess(
  options: SecureOptions,
  { threads, ranOut }: { threads: number; ranOut: () => void },
): Promise<SecureAccess> {
  const { host, trusted, gridMapfile } = await readServerCertificates(options.certificates);
  const log = pino({ base: { part: 'frontend' } }, destination({ dest: 2, sync: true }));
  const handshakes = createHandshakeCounts();
  return {
    hostName: SECURE_HOST_NAME,
    authorizer: createAuthorizer({
      gridMapfile: options.gridMapfile ?? gridMapfile,
      gumsServiceUrl: options.gumsServiceUrl,
      mappedIdCache: options.mappedIdCache ?? DEFAULT_MAPPED_ID_CACHE,
      // Every thread may ask at once: what bounds them is the container alone.
      callOutsAtOnce: Math.max(CALL_OUTS_AT_ONCE, threads),
      ranOut,
    }),
    handshakes,
    createListener: (service, container) =>
      createSecureListener(service, {
        certificate: host.certificateChain,
        key: host.privateKey,
        trusted,
        handshakeWithinMs: options.handshakeWithinMs,
        sessionResumption: options.sessionResumption,
        counts: handshakes,
        refuse: createRefusalLog(log),
        container,
      }),
  };
}
