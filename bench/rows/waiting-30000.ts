/** 30,000 clients at once waiting on a slow service, all on one machine: memory of the pilots per client. */

import { type BenchRow, type Contender, OURS, type Sample } from '../bench-row.ts';
import { allWaiting, atMost } from '../goals.ts';
import type { HoldWish } from '../peers/hold-wish.ts';
import { startHolders } from '../peers/holders.ts';
import { startK6Waiting } from '../peers/k6-waiting.ts';
import { absentPrograms, findProgram } from '../programs.ts';
import { type SlowService, startSlowService } from '../services/slow.ts';
import { SLOW_TO_CONNECT, waitOurs, waitPeer } from '../waiting.ts';

const CLIENTS = 30_000;
/** One process may have 20,000 descriptors at most. */
const PROCESSES = 2;
/** From one address to one port there are 28,232 ports: connections come from two. */
const ADDRESSES = ['127.0.0.1', '127.0.0.2'];
/** It makes all its users before the first one asks. */
const K6_WAITS_WITHIN_MS = 110_000;

export const WAITING_30000: BenchRow = {
  name: 'waiting-30000',
  title: `${CLIENTS} clients at once waiting on a slow service on this machine: memory of the load's processes per client`,
  unit: 'kB',
  isDefault: true,
  rounds: null,
  seconds: null,
  goals: [atMost(12, 'kB', 'memory of all pilot processes per client'), ...allWaiting(CLIENTS)],
  async open({ folder }) {
    return {
      contenders: [
        contender(OURS, (service) =>
          waitOurs(
            {
              folder,
              clients: CLIENTS,
              pool: { pilots: PROCESSES, slotsPerPilot: CLIENTS / PROCESSES, sourceAddresses: ADDRESSES },
              target: {
                kind: 'url',
                url: urlOf(service),
                counters: service.counters,
                labelled: false,
                connection: { perOperation: false, close: 'reset' },
                timeouts: SLOW_TO_CONNECT,
              },
              scenario: { kind: 'http-get', expectText: 'waited' },
            },
            service,
          ),
        ),
        ...createPeers(folder),
      ],
      absent: absentPrograms(['k6']),
      remarks: [`${PROCESSES} processes of ${CLIENTS / PROCESSES} clients each; memory is PSS, whole processes`],
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function createPeers(folder: string): Contender[] {
  const held = (name: string, kind: HoldWish['kind']): Contender =>
    contender(name, (service) => waitPeer(() => startHolders(shareOut(kind, service)), { clients: CLIENTS }, service));
  const program = findProgram('k6');
  const k6 = contender('k6', (service) => {
    const wish = { program: program ?? '', folder, url: urlOf(service), clients: CLIENTS, addresses: ADDRESSES };
    return waitPeer(() => startK6Waiting(wish), { clients: CLIENTS, withinMs: K6_WAITS_WITHIN_MS }, service);
  });
  return [held('undici Client', 'undici'), held('net sockets', 'net'), ...(program === null ? [] : [k6])];
}

/** Each run has a service of its own, which has counted nothing yet. */
function contender(name: string, wait: (service: SlowService) => Promise<Sample>): Contender {
  return {
    name,
    isOurs: name === OURS,
    async run() {
      const answer = { body: 'waited', contentType: 'text/plain' };
      await using service = await startSlowService({ connections: CLIENTS, answer, certificates: null });
      return await wait(service);
    },
  };
}

function shareOut(kind: HoldWish['kind'], service: SlowService): HoldWish[] {
  return ADDRESSES.map((sourceAddress) => ({
    kind,
    url: urlOf(service),
    connections: CLIENTS / ADDRESSES.length,
    requestFile: null,
    tls: null,
    sourceAddress,
  }));
}

function urlOf({ listening }: SlowService): string {
  return `http://127.0.0.1:${listening.port}/`;
}
