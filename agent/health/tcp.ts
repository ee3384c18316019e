/** What TCP lost or turned away on this host: /proc/net/snmp and /proc/net/netstat, of this process's network namespace. */

import { type TcpCounts, combineTcpCounts } from '../../foundation/tcp-counts.ts';
import { readText } from './read-text.ts';

/** Since the namespace was made; null where the kernel does not tell all of it. */
export function readTcpCounts(): TcpCounts | null {
  return parseTcpCounts(readText('/proc/net/snmp') ?? '', readText('/proc/net/netstat') ?? '');
}

export function parseTcpCounts(snmp: string, netstat: string): TcpCounts | null {
  const tcp = parseTable(snmp, 'Tcp');
  const more = parseTable(netstat, 'TcpExt');
  const sent = tcp.get('OutSegs');
  const retransmitted = tcp.get('RetransSegs');
  // Acknowledgements on older kernels, which is the same as long as each tells of one segment.
  const needless = more.get('TCPDSACKRecvSegs') ?? more.get('TCPDSACKRecv');
  const timeouts = more.get('TCPTimeouts');
  const listenOverflows = more.get('ListenOverflows');
  const listenDrops = more.get('ListenDrops');
  const isComplete =
    sent !== undefined &&
    retransmitted !== undefined &&
    needless !== undefined &&
    timeouts !== undefined &&
    listenOverflows !== undefined &&
    listenDrops !== undefined;
  return isComplete ? { sent, retransmitted, needless, timeouts, listenOverflows, listenDrops } : null;
}

/** Two lines that begin alike: `Tcp: name name …`, then `Tcp: number number …`. */
function parseTable(text: string, name: string): Map<string, number> {
  const [names = [], numbers = []] = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}: `))
    .map((line) => line.trim().split(/ +/).slice(1));
  return new Map(names.flatMap((each, index) => (index < numbers.length ? [[each, Number(numbers[index])]] : [])));
}

/** How each count has grown; null when one reading is missing, or a counter went down (another namespace). */
export function tcpCountsBetween(before: TcpCounts | null, after: TcpCounts | null): TcpCounts | null {
  if (before === null || after === null) return null;
  const grown = combineTcpCounts(after, before, (last, first) => last - first);
  return Object.values(grown).some((growth) => growth < 0) ? null : grown;
}
