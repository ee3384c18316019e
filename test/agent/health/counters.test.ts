import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import test from 'ava';
import { parsePressure, readPressureMs } from '../../../agent/health/pressure.ts';
import { parseSchedstat } from '../../../agent/health/run-queue.ts';
import { parseCoreTicks, stolenShareBetween } from '../../../agent/health/steal.ts';
import { parseTcpCounts, tcpCountsBetween } from '../../../agent/health/tcp.ts';
import { parseCpuStat, readThrottling, throttledBetween } from '../../../agent/health/throttling.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

test('the run queue of a thread: the second number is nanoseconds waited', (t) => {
  t.is(parseSchedstat('1694000 2500000 17\n'), 2.5);
  for (const text of ['', '0 0', 'x y z', '1 2 3 4']) t.is(parseSchedstat(text), null, text);
});

test('throttling is told in microseconds by v2 and in nanoseconds by v1; a group without quota need not tell', (t) => {
  const v2 = 'usage_usec 9\nnr_periods 20\nnr_throttled 11\nthrottled_usec 1500\nnr_bursts 0\n';
  t.is(parseCpuStat(v2), 1.5);
  t.is(parseCpuStat('nr_periods 20\nnr_throttled 11\nthrottled_time 2500000\n'), 2.5);
  for (const text of ['usage_usec 9\nuser_usec 4\nsystem_usec 5\n', '']) t.is(parseCpuStat(text), null, text);
});

function writeStat(folder: string, throttledMs: number): Promise<void> {
  return writeFile(join(folder, 'cpu.stat'), `nr_throttled 1\nthrottled_usec ${throttledMs * 1000}\n`);
}

test('a quota of a group above counts, and of several the one that stopped longest', async (t) => {
  const outer = await makeTemporaryFolder(t);
  const inner = join(outer, 'inner');
  const bare = join(outer, 'bare');
  await mkdir(inner);
  await mkdir(bare);
  await writeFile(join(bare, 'cpu.stat'), 'usage_usec 1\n');
  await writeStat(inner, 10);
  await writeStat(outer, 500);
  const before = readThrottling([inner, bare, outer]);
  t.deepEqual(
    before,
    new Map([
      [inner, 10],
      [outer, 500],
    ]),
  );
  await writeStat(inner, 13);
  await writeStat(outer, 570);
  const after = readThrottling([inner, bare, outer]);
  t.is(throttledBetween(before, after), 70);
  t.is(throttledBetween(before, before), 0);
  t.is(throttledBetween(null, after), null);
  t.is(throttledBetween(before, readThrottling([bare, join(outer, 'gone')])), null);
  t.is(throttledBetween(new Map([[bare, 1]]), after), null, 'moved to another group in between');
});

const PRESSURE =
  'some avg10=0.20 avg60=0.17 avg300=1.00 total=4334863989\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n';

test('pressure is the total in which some task waited, of the own cgroup before that of the host', async (t) => {
  t.is(parsePressure(PRESSURE), 4_334_863.989);
  t.is(parsePressure('full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n'), null);
  const cgroup = await makeTemporaryFolder(t);
  await writeFile(join(cgroup, 'cpu.pressure'), PRESSURE);
  t.is(readPressureMs(cgroup), 4_334_863.989);
  const ofHost = readPressureMs(null);
  t.is(typeof readPressureMs(join(cgroup, 'gone')), typeof ofHost);
});

test('steal is its share of all ticks, with guest time counted once', (t) => {
  const before = parseCoreTicks('cpu  100 0 50 800 10 0 20 20 90 0\ncpu0 1 1 1 1 1 1 1 1\nintr 5\n');
  t.deepEqual(before, { stolen: 20, all: 1000 });
  const after = parseCoreTicks('cpu  150 0 80 960 10 0 30 70 120 0\n');
  t.is(stolenShareBetween(before, after), 50 / 300);
  t.is(stolenShareBetween(before, before), 0);
  t.is(stolenShareBetween(null, after), null);
  t.is(parseCoreTicks('cpu  1 2 3 4\n'), null, 'a kernel before steal was told');
});

const SNMP =
  'Ip: Forwarding\nIp: 1\nTcp: RtoMin MaxConn OutSegs RetransSegs\nTcp: 200 -1 900 7\nUdp: InDatagrams\nUdp: 3\n';
const NETSTAT =
  'TcpExt: ListenOverflows ListenDrops TCPTimeouts TCPDSACKRecv TCPDSACKRecvSegs\nTcpExt: 3 4 5 2 6\nIpExt: InOctets\nIpExt: 9\n';

test('TCP’s counters are found by name, in whatever order the kernel has them', (t) => {
  const counts = { sent: 900, retransmitted: 7, needless: 6, timeouts: 5, listenOverflows: 3, listenDrops: 4 };
  t.deepEqual(parseTcpCounts(SNMP, NETSTAT), counts);
  const older = NETSTAT.replace(' TCPDSACKRecvSegs', '');
  t.deepEqual(parseTcpCounts(SNMP, older), { ...counts, needless: 2 }, 'without the count of segments that of answers');
  t.is(parseTcpCounts(SNMP, ''), null);
  t.is(parseTcpCounts(SNMP.replace('RetransSegs', 'Other'), NETSTAT), null);
  t.is(parseTcpCounts(SNMP, 'TcpExt: ListenOverflows ListenDrops TCPTimeouts\nTcpExt: 3 4\n'), null, 'cut off');
});

test('TCP’s growth is told between two readings of one namespace only', (t) => {
  const before = parseTcpCounts(SNMP, NETSTAT);
  const after = parseTcpCounts(SNMP.replace('900 7', '950 9'), NETSTAT);
  const none = { needless: 0, timeouts: 0, listenOverflows: 0, listenDrops: 0 };
  t.deepEqual(tcpCountsBetween(before, after), { ...none, sent: 50, retransmitted: 2 });
  t.is(tcpCountsBetween(after, before), null, 'counters never go down');
  t.is(tcpCountsBetween(before, null), null);
});

test('the kernel of this machine is read as it writes', (t) => {
  t.not(parseTcpCounts(readFileSync('/proc/net/snmp', 'utf8'), readFileSync('/proc/net/netstat', 'utf8')), null);
  t.not(parseCoreTicks(readFileSync('/proc/stat', 'utf8')), null);
  t.not(parseSchedstat(readFileSync('/proc/thread-self/schedstat', 'utf8')), null);
});
