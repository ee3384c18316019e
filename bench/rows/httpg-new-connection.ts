/** srmLs over httpg, a new connection with a full mutual handshake each time, against the real frontend: CPU per operation. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchRow, type Contender, type OpenRow, type Setting } from '../bench-row.ts';
import { COUNT_EQUAL, ratioAtMost } from '../goals.ts';
import { ourLoad } from '../our-load.ts';
import { k6 } from '../peers/k6.ts';
import type { Load } from '../peers/load-contender.ts';
import { ownPeer } from '../peers/own-peer.ts';
import { pinToCores } from '../pinning.ts';
import { absentPrograms } from '../programs.ts';
import { recordRequest } from '../record-exchange.ts';
import { type BenchCertificates, makeCertificates } from '../services/certificates.ts';
import { type BenchFrontend, startFrontend } from '../services/frontend.ts';
import { lsSpec } from '../services/replay.ts';

const CONNECTIONS = 20;
const FILES = 10;
const TLS_CONNECT = 'tls.connect';
/** A second has some 600 operations only: in a short run starting the processes would be a tenth of their work. */
const SECONDS = 30;

export const HTTPG_NEW_CONNECTION: BenchRow = {
  name: 'httpg-new-connection',
  title: `srmLs of ${FILES} entries over httpg, ${CONNECTIONS} clients, new connection and full mutual handshake each time: CPU per operation`,
  unit: 'us',
  isDefault: true,
  rounds: null,
  seconds: SECONDS,
  goals: [ratioAtMost(TLS_CONNECT, 1.1, 'CPU per operation'), COUNT_EQUAL],
  async open(setting): Promise<OpenRow> {
    const pinning = pinToCores();
    const certificates = await makeCertificates(setting.folder);
    const wish = { folder: setting.folder, files: FILES, certificates: certificates.directory, pin: pinning.rest };
    const frontend = await startFrontend(wish);
    const load: Load = { pin: pinning.load, serviceCpuMs: frontend.cpuMs };
    return {
      contenders: [
        createOurs(setting, frontend, certificates),
        ...(await createPeers(setting, { frontend, certificates, load })),
      ],
      absent: absentPrograms(['k6']),
      remarks: [`the service is the real frontend; RSA keys of 2048 bits, TLS 1.2; ${pinning.remark}`],
      [Symbol.asyncDispose]: () => frontend[Symbol.asyncDispose](),
    };
  },
};

function createOurs({ folder, seconds }: Setting, frontend: BenchFrontend, certificates: BenchCertificates): Contender {
  return ourLoad({
    folder,
    seconds,
    connections: CONNECTIONS,
    pinning: pinToCores(),
    serviceCpuMs: frontend.cpuMs,
    target: {
      kind: 'url',
      url: frontend.listening.url,
      addresses: { family: 4 },
      ...certificates.target,
      counters: frontend.counters,
      labelled: false,
      connection: { perOperation: true },
    },
    scenario: { kind: 'srm-ls', directories: { [FILES]: frontend.directory } },
  });
}

type Place = { frontend: BenchFrontend; certificates: BenchCertificates; load: Load };

async function createPeers(
  { folder, seconds }: Setting,
  { frontend, certificates, load }: Place,
): Promise<Contender[]> {
  const url = new URL(frontend.listening.url);
  const spec = lsSpec({ directory: frontend.directory, entries: FILES });
  const requestFile = join(mkdtempSync(join(folder, 'request-')), 'bytes');
  writeFileSync(requestFile, await recordRequest(spec, `httpg://${url.host}`, url.pathname));
  const wish = { url: url.href, connections: CONNECTIONS, seconds };
  const [user = ''] = certificates.peer.users;
  const secure = { certificate: join(user, 'usercert.pem'), key: join(user, 'userkey.pem') };
  const peers = [
    ownPeer(TLS_CONNECT, 'tls-requests', { ...wish, requestFile, tls: certificates.peer }, load),
    // k6 knows no httpg: it asks the frontend's page of its service over https, without the byte of GSI.
    k6(folder, { ...wish, url: `https://${url.host}${url.pathname}`, secure }, load),
  ];
  return peers.filter((peer) => peer !== null);
}
