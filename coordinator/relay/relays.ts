/** The relays of a campaign: one for each service and distance, started when it is first asked for. */

import { type RelayProcessOptions, type RelayProcess, startRelayProcess } from './relay-process.ts';
import type { Endpoint } from './relay.ts';

export type Relays = {
  /** Where a service is reached from this far; itself, when that is no distance. @throws GlideTesterError GT_RELAY */
  reach(to: Endpoint, roundTripMs: number): Promise<Endpoint>;
  /** Stops all of them. */
  stop(): Promise<void>;
};

export function createRelays(options: Pick<RelayProcessOptions, 'command' | 'log' | 'clock'>): Relays {
  const started = new Map<string, Promise<RelayProcess>>();

  const start = (key: string, to: Endpoint, roundTripMs: number): Promise<RelayProcess> => {
    const starting = startRelayProcess({ ...options, to, roundTripMs });
    started.set(key, starting);
    starting.catch(() => started.delete(key)); // it may be asked for again
    return starting;
  };

  return {
    async reach(to, roundTripMs) {
      if (roundTripMs === 0) return to;
      const key = `${to.address} ${to.port} ${roundTripMs}`;
      const { port } = await (started.get(key) ?? start(key, to, roundTripMs));
      return { address: '127.0.0.1', port };
    },
    async stop() {
      const ends = [...started.values()].map((starting) =>
        starting.then(
          (relay) => relay.stop(),
          () => {}, // whoever asked for it has been told
        ),
      );
      started.clear();
      await Promise.all(ends);
    },
  };
}
