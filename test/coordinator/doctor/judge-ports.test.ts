import test from 'ava';
import type { Finding } from '../../../coordinator/doctor/finding.ts';
import { judgePorts } from '../../../coordinator/doctor/judge-ports.ts';
import type { Scene } from '../../../coordinator/doctor/scene.ts';
import { embedded, host, scene, site, target } from './sample-scene.ts';

type Expected = Partial<Pick<Finding, 'where' | 'verdict' | 'has' | 'needs' | 'fix'>>;

const ports = test.macro({
  exec(t, judged: Scene, ...expected: Expected[]) {
    const findings = judgePorts(judged);
    t.is(findings.length, expected.length);
    for (const [index, each] of expected.entries()) t.like(findings[index], each);
  },
  title: (name) => name ?? '',
});

const many = (changes = {}) => site({ clients: 30_000, ...changes });

test('clients within the range fit', ports, scene(), { verdict: 'fits', has: 28_232, needs: 1000, fix: null });

test('too many for one address: the widest range', ports, scene({ sites: [many()] }), {
  verdict: 'too-small',
  fix: 'sysctl -w net.ipv4.ip_local_port_range="1024 65535"',
});

test('more than any range has: addresses of the host', ports, scene({ sites: [many({ clients: 130_000 })] }), {
  verdict: 'too-small',
  fix: 'pools[0].sourceAddresses: 6 addresses of its host, to reach door1',
});

test(
  'a target with several addresses has ports for each',
  ports,
  scene({ sites: [many()], targets: [target({ addresses: ['10.1.2.3', '10.1.2.4'] })] }),
  { verdict: 'fits', needs: 15_000 },
);

test('on loopback, addresses of its own are at hand', ports, scene({ sites: [many()], targets: [embedded()] }), {
  verdict: 'too-small',
  fix: "pools[0].sourceAddresses: ['127.0.0.2', '127.0.0.3']",
});

test(
  'they are enough',
  ports,
  scene({ sites: [many({ sourceAddresses: ['127.0.0.2', '127.0.0.3'] })], targets: [embedded()] }),
  { verdict: 'fits', needs: 15_000 },
);

test(
  'one address of its own is no more than the one that the system chooses',
  ports,
  scene({ sites: [many({ sourceAddresses: ['127.0.0.2'] })], targets: [embedded()] }),
  { verdict: 'too-small', fix: "pools[0].sourceAddresses: ['127.0.0.2', '127.0.0.3']" },
);

test(
  'sites that share ports get different addresses',
  ports,
  scene({
    sites: [many(), many({ site: 'other', path: 'pools[1]', clients: 20_000 })],
    targets: [embedded()],
  }),
  {
    where: 'local, other',
    needs: 50_000,
    fix: "pools[0].sourceAddresses: ['127.0.0.2', '127.0.0.3'], pools[1].sourceAddresses: ['127.0.0.4']",
  },
);

test(
  'sites on network stacks of their own share nothing',
  ports,
  scene({
    sites: [many({ clients: 20_000 }), many({ site: 'other', clients: 20_000 })],
    hosts: [host(), host({ networkNamespace: 'net:[2]', ports: { lowest: 40_000, highest: 40_999 } })],
  }),
  { where: 'local', verdict: 'fits' },
  { where: 'other', verdict: 'too-small', has: 1000, needs: 20_000 },
);

test(
  'the target that needs most counts',
  ports,
  scene({ sites: [many()], targets: [target({ addresses: ['10.0.0.1', '10.0.0.2'] }), target()] }),
  { needs: 30_000 },
);

test(
  'neither the way to a relay nor that from it takes source addresses',
  ports,
  scene({ sites: [many({ roundTripMs: 20 })], targets: [embedded()] }),
  { where: 'local', verdict: 'too-small', fix: 'sysctl -w net.ipv4.ip_local_port_range="1024 65535"' },
  { where: 'relays', verdict: 'too-small', fix: 'sysctl -w net.ipv4.ip_local_port_range="1024 65535"' },
);

test(
  'no range has more than so many',
  ports,
  scene({ sites: [many({ roundTripMs: 20, clients: 70_000 })], targets: [embedded()] }),
  { where: 'local', fix: 'a level of at most 25408 clients at a distance' },
  { where: 'relays', fix: 'a level of at most 25408 clients at a distance' },
);

test('an unreadable range is unknown', ports, scene({ hosts: host({ ports: null }) }), {
  verdict: 'unknown',
  has: null,
});

test(
  'a firewall that keeps account is named when it runs out',
  ports,
  scene({ hosts: host({ conntrack: { used: 500, most: 1200 } }) }),
  { verdict: 'fits' },
  { verdict: 'tight', has: 700, fix: 'sysctl -w net.netfilter.nf_conntrack_max=2500' },
);

test('one that keeps none is not', ports, scene({ hosts: host({ conntrack: { used: 0, most: 10 } }) }), {
  verdict: 'fits',
});
