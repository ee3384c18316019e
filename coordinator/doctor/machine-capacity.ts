/** What a machine can hold, nothing being asked of it: the same resources as findings have, without a verdict. */

import { clientsWithin } from '../../foundation/pilot-descriptors.ts';
import type { HostCapacity } from '../../foundation/host-capacity.ts';
import { formatCount, formatNumber, formatQuantity } from '../../reports/format-number.ts';
import { BYTES } from './costs.ts';
import type { Resource } from './finding.ts';
import { countCores } from './judge-cores.ts';
import { describeHealth, listMissing } from './judge-health.ts';
import { formatBytes } from './judge-memory.ts';
import { type PortPair, countPorts, keptMs } from './port-pairs.ts';

/** `has` as in a finding; null: unknown. */
export type Capacity = { resource: Resource; has: number | null; says: string };

/** What a client takes is an estimate: more digits would say more than is known. */
const ROUGHLY = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });

const UNREADABLE = 'can not be read';

export function describeCapacity(host: HostCapacity): Capacity[] {
  return [
    describeDescriptors(host),
    describePorts(host),
    describeRate(host),
    describeQueue(host),
    describeMemory(host),
    describeCores(host),
    describeHealthOf(host),
  ];
}

function describeDescriptors({ descriptors: { soft } }: HostCapacity): Capacity {
  const says =
    soft === null
      ? UNREADABLE
      : `a process may open ${formatCount(soft)} files: ${formatQuantity(Math.max(0, clientsWithin(soft, 1)), 'client')} on one pilot`;
  return { resource: 'descriptors', has: soft, says };
}

function describePorts(host: HostCapacity): Capacity {
  const has = countPorts(host);
  const says =
    has === null ? UNREADABLE : `${formatQuantity(has, 'connection')} at once from one address to one service`;
  return { resource: 'ports', has, says };
}

function describeRate(host: HostCapacity): Capacity {
  const ports = countPorts(host);
  if (ports === null) return { resource: 'connection-rate', has: null, says: UNREADABLE };
  const far: PortPair = { source: null, to: 'elsewhere', isNear: false, isRelayed: false, clients: 0, sites: [] };
  const rates = [far, { ...far, isNear: true }].map((pair) => {
    const spanMs = keptMs(pair, host);
    return { perS: Math.floor(ports / (spanMs / 1000)), span: `${spanMs / 1000} s` };
  });
  const [away, near] = rates as [(typeof rates)[number], (typeof rates)[number]];
  const says =
    `up to ${formatCount(away.perS)} new connections a second to another machine (a port rests ${away.span}), ` +
    `${formatCount(near.perS)} to this one (${near.span}); no limit with connection.close 'reset'`;
  return { resource: 'connection-rate', has: away.perS, says };
}

function describeQueue({ acceptQueue: has }: HostCapacity): Capacity {
  const says =
    has === null ? UNREADABLE : `${formatQuantity(has, 'connection')} may wait for a service of this machine`;
  return { resource: 'accept-queue', has, says };
}

function describeMemory({ memory: { availableBytes, cgroup } }: HostCapacity): Capacity {
  if (availableBytes === null) return { resource: 'memory', has: null, says: UNREADABLE };
  const has = Math.min(availableBytes, cgroup?.roomBytes ?? Infinity);
  const left = Math.max(0, has - BYTES.coordinator - BYTES.pilot);
  const plain = Math.floor(left / (BYTES.plainClient + BYTES.socket));
  const secured = Math.floor(left / (BYTES.securedClient + BYTES.socket));
  const says = `${formatBytes(has)} left: about ${ROUGHLY.format(plain)} plain clients, or ${ROUGHLY.format(secured)} with TLS`;
  return { resource: 'memory', has, says };
}

function describeCores(host: HostCapacity): Capacity {
  const has = countCores(host);
  return { resource: 'cores', has, says: has === null ? UNREADABLE : `${formatNumber(has)} to run on` };
}

function describeHealthOf(host: HostCapacity): Capacity {
  const missing = listMissing(host);
  return { resource: 'health', has: Object.keys(host.health).length - missing.length, says: describeHealth(missing) };
}
