/** `glidetester relay`: distance between clients and a service. It prints one JSON line on standard output when it listens. */

import { GlideTesterError } from '../../../foundation/error.ts';
import type { Endpoint } from '../../relay/relay.ts';
import { EXIT } from '../exit-code.ts';
import { note } from '../standard-streams.ts';

export type RelayFlags = { to: string; roundTrip: number; port: number; stopWithStdin: boolean };

/** Resolves once SIGTERM, SIGINT or (with `stopWithStdin`) the end of standard input has stopped it. @throws GlideTesterError GT_RELAY */
export async function relay({ to, roundTrip, port, stopWithStdin }: RelayFlags): Promise<number> {
  const { startRelay } = await import('../../relay/relay.ts');
  const { awaitStop } = await import('../../../frontend/await-stop.ts');
  const running = await startRelay({
    to: readEndpoint(to),
    roundTripMs: roundTrip,
    port,
    warn: note,
  });
  const asked = awaitStop(stopWithStdin);
  process.stdout.write(`${JSON.stringify({ port: running.port, pid: process.pid })}\n`);
  await asked;
  await running.stop();
  return EXIT.done;
}

/** An IPv6 address stands in brackets. */
const ENDPOINT = /^(?:\[(?<ipv6>[^\]]+)\]|(?<ipv4>[^:]+)):(?<port>\d{1,5})$/;

function readEndpoint(text: string): Endpoint {
  const { ipv4, ipv6, port } = ENDPOINT.exec(text)?.groups ?? {};
  const address = ipv4 ?? ipv6;
  if (address !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return { address, port: Number(port) };
  throw new GlideTesterError('GT_RELAY', `--to: an address and a port as in 127.0.0.1:8443 were expected, got ${text}`);
}
