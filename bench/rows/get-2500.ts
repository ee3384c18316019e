/** GET of a 2.5 kB answer over 50 kept connections from nginx with one worker: CPU time per operation. */

import { type BenchRow, type Contender, OURS, type Setting } from '../bench-row.ts';
import { COUNT_EQUAL, betterThan, ratioAtMost } from '../goals.ts';
import { ourLoad } from '../our-load.ts';
import { autocannon } from '../peers/autocannon.ts';
import { hey } from '../peers/hey.ts';
import { k6 } from '../peers/k6.ts';
import type { Load } from '../peers/load-contender.ts';
import { ownPeer } from '../peers/own-peer.ts';
import { wrk } from '../peers/wrk.ts';
import { pinToCores } from '../pinning.ts';
import { absentPrograms } from '../programs.ts';
import { type Nginx, startNginx } from '../services/nginx.ts';

const CONNECTIONS = 50;
const ANSWER_BYTES = 2500;
const CPU = 'CPU per operation';
const OVER_UNDICI = `${OURS} over undici`;
const LABELLED = `${OURS}, labelled`;

export const GET_2500: BenchRow = {
  name: 'get-2500',
  title: `GET of a ${ANSWER_BYTES / 1000} kB answer, ${CONNECTIONS} kept connections, nginx with one worker: CPU per operation`,
  unit: 'us',
  isDefault: true,
  rounds: null,
  seconds: null,
  goals: [
    ratioAtMost('wrk', 1.25, CPU),
    betterThan('autocannon', 1.4, CPU),
    // What the path of our own over sockets is there for.
    betterThan(OVER_UNDICI, 1.3, CPU),
    COUNT_EQUAL,
  ],
  async open(setting) {
    const pinning = pinToCores();
    const nginx = await startNginx(setting.folder, 'x'.repeat(ANSWER_BYTES), pinning.rest);
    const load: Load = { pin: pinning.load, serviceCpuMs: nginx.cpuMs };
    return {
      contenders: [
        createOurs(setting, nginx, {}),
        ...createPeers(setting, nginx.url, load),
        createOurs(setting, nginx, { name: LABELLED, labelled: true }),
        createOurs(setting, nginx, { name: OVER_UNDICI, transport: 'undici' }),
      ],
      absent: absentPrograms(['wrk', 'hey', 'k6']),
      remarks: [pinning.remark],
      [Symbol.asyncDispose]: () => nginx[Symbol.asyncDispose](),
    };
  },
};

type Variant = { name?: string; labelled?: boolean; transport?: 'direct' | 'undici' };

function createOurs(
  { folder, seconds }: Setting,
  { url, counters, cpuMs }: Nginx,
  { name = OURS, labelled = false, transport = 'direct' }: Variant,
): Contender {
  return ourLoad({
    name,
    folder,
    seconds,
    connections: CONNECTIONS,
    pinning: pinToCores(),
    serviceCpuMs: cpuMs,
    target: { kind: 'url', url, counters, labelled, connection: { perOperation: false, transport } },
    scenario: { kind: 'http-get', expectText: 'xxxx' },
  });
}

function createPeers({ folder, seconds }: Setting, url: string, load: Load): Contender[] {
  const wish = { url, connections: CONNECTIONS, seconds };
  const own = { ...wish, requestFile: null, tls: null };
  const peers = [
    wrk(folder, wish, null, load),
    ownPeer('net sockets', 'net-requests', own, load),
    ownPeer('undici dispatch', 'undici-dispatch', own, load),
    autocannon(folder, wish, null, load),
    ownPeer('undici request', 'undici-request', own, load),
    hey(wish, load),
    k6(folder, { ...wish, secure: null }, load),
  ];
  return peers.filter((peer) => peer !== null);
}
