/** 5,000 httpg clients at once, all waiting: memory of the pilot per client. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchRow, type Contender, OURS } from '../bench-row.ts';
import { allWaiting, atMost } from '../goals.ts';
import { startHolders } from '../peers/holders.ts';
import { recordRequest } from '../record-exchange.ts';
import { type BenchCertificates, makeCertificates } from '../services/certificates.ts';
import { type RecordedLs, bodyOf, lsSpec, recordLs } from '../services/replay.ts';
import { type SlowService, startSlowService } from '../services/slow.ts';
import { SLOW_TO_CONNECT, waitOurs, waitPeer } from '../waiting.ts';

const CLIENTS = 5000;
const FILES = 10;

type Place = { folder: string; certificates: BenchCertificates; recorded: RecordedLs };

export const HTTPG_5000: BenchRow = {
  name: 'httpg-5000',
  title: `${CLIENTS} httpg clients at once, each waiting for its srmLs: memory of the load's process per client`,
  unit: 'kB',
  isDefault: true,
  rounds: null,
  seconds: null,
  goals: [atMost(85, 'kB', 'memory of the pilot per client'), ...allWaiting(CLIENTS)],
  async open({ folder }) {
    const certificates = await makeCertificates(folder);
    const place: Place = { folder, certificates, recorded: await recordLs(folder, FILES) };
    return {
      contenders: [createOurs(place), createPeer(place)],
      absent: [],
      remarks: ['one process each; memory is PSS, the whole process; RSA keys of 2048 bits, TLS 1.2'],
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function createOurs({ folder, certificates, recorded }: Place): Contender {
  return {
    name: OURS,
    isOurs: true,
    async run() {
      await using service = await startService({ certificates, recorded });
      return await waitOurs(
        {
          folder,
          clients: CLIENTS,
          pool: { pilots: 1, slotsPerPilot: CLIENTS },
          target: {
            kind: 'url',
            url: `httpg://${hostOf(service)}${recorded.path}`,
            addresses: { family: 4 },
            ...certificates.target,
            counters: service.counters,
            labelled: false,
            connection: { perOperation: false },
            timeouts: SLOW_TO_CONNECT,
          },
          scenario: { kind: 'srm-ls', directories: { [FILES]: recorded.directory } },
        },
        service,
      );
    },
  };
}

function createPeer(place: Place): Contender {
  return {
    name: 'tls.connect',
    isOurs: false,
    async run() {
      await using service = await startService(place);
      const requestFile = join(mkdtempSync(join(place.folder, 'request-')), 'bytes');
      const { recorded, certificates } = place;
      writeFileSync(requestFile, await recordRequest(lsSpec(recorded), `httpg://${hostOf(service)}`, recorded.path));
      const url = `https://${hostOf(service)}${recorded.path}`;
      const wish = { kind: 'tls', url, connections: CLIENTS, requestFile, tls: certificates.peer } as const;
      return await waitPeer(() => startHolders([{ ...wish, sourceAddress: null }]), { clients: CLIENTS }, service);
    },
  };
}

/** Each run has a service of its own, which has counted nothing yet. */
function startService({ certificates, recorded }: Omit<Place, 'folder'>): Promise<SlowService> {
  const answer = { body: bodyOf(recorded), contentType: 'text/xml; charset=utf-8' };
  return startSlowService({ connections: CLIENTS, answer, certificates: certificates.directory });
}

function hostOf({ listening }: SlowService): string {
  return `localhost:${listening.port}`;
}
