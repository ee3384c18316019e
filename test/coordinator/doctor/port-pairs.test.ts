import test from 'ava';
import * as fc from 'fast-check';
import { type PortPair, countPorts, keptMs, pairClients, pairRelays } from '../../../coordinator/doctor/port-pairs.ts';
import { routeOf } from '../../../scenarios/http/route.ts';
import { embedded, host, site, target } from './sample-scene.ts';

const FAR: PortPair = { source: null, to: '10.1.2.3', isNear: false, isRelayed: false, clients: 1, sites: [] };
const NEAR: PortPair = { ...FAR, to: '127.0.0.1', isNear: true };
const BOUND: PortPair = { ...NEAR, source: '127.0.0.2', to: null };

test('sites on one network stack share the ports to an address', (t) => {
  const pairs = pairClients(target(), [site(), site({ site: 'other', clients: 500 })]);
  t.like(pairs, { length: 1, 0: { source: null, to: '10.1.2.3', clients: 1500 } });
});

test('a site with source addresses has ports of its own, wherever it goes', (t) => {
  const several = target({ addresses: ['10.1.2.3', '10.1.2.4'] });
  const pairs = pairClients(several, [site(), site({ sourceAddresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] })]);
  t.deepEqual(
    pairs.map(({ source, to, clients }) => [source, to, clients]),
    [
      [null, '10.1.2.3', 500],
      [null, '10.1.2.4', 500],
      ['10.0.0.1', null, 334],
      ['10.0.0.2', null, 334],
      ['10.0.0.3', null, 334],
    ],
  );
});

test('sites at different distances go through relays of their own, which share the way on', (t) => {
  const sites = [site({ roundTripMs: 20 }), site({ clients: 10 }), site({ clients: 7, roundTripMs: 50 })];
  t.deepEqual(
    pairClients(embedded(), sites).map(({ clients, isNear }) => [clients, isNear]),
    [
      [1000, true],
      [10, true],
      [7, true],
    ],
  );
  t.deepEqual(
    pairRelays(embedded(), sites).map(({ to, clients }) => [to, clients]),
    [['127.0.0.1', 1007]],
  );
  t.deepEqual(pairRelays(embedded(), [site()]), []);
});

test('a site without clients takes no ports', (t) => {
  t.deepEqual(pairClients(target(), [site({ clients: 0, sourceAddresses: ['10.0.0.1'] })]), []);
});

/** Up to six addresses of one network. */
function addressesOf(network: number): fc.Arbitrary<string[]> {
  const counts = fc.integer({ min: 0, max: 6 });
  return counts.map((count) => Array.from({ length: count }, (_, index) => `10.${network}.0.${index + 1}`));
}

test('no pair of addresses is given more clients than is said here', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), addressesOf(1), addressesOf(2), (clients, sourceAddresses, to) => {
      const reached = to.length === 0 ? ['10.2.0.1'] : to;
      const pairs = pairClients(target({ addresses: reached }), [site({ clients, sourceAddresses })]);
      const resolved = {
        addresses: reached.map((address) => ({ address, family: 4 as const, port: 80 })),
      } as Parameters<typeof routeOf>[0]['target'];
      const taken = new Map<string, number>();
      for (let client = 0; client < clients; client += 1) {
        const route = routeOf({ target: resolved, sourceAddresses, client });
        const key = route.source ?? route.to.address;
        taken.set(key, (taken.get(key) ?? 0) + 1);
      }
      for (const [key, count] of taken) {
        const said = pairs.find(({ source, to: goal }) => (source ?? goal) === key)?.clients ?? 0;
        // Two sources may differ by two clients.
        t.true(count <= said + 1, `${key}: ${count} of ${said}`);
      }
    }),
  );
});

test('reserved ports are not for clients', (t) => {
  t.is(countPorts(host()), 28_232);
  t.is(countPorts(host({ ports: { reserved: 232 } })), 28_000);
  t.is(countPorts(host({ ports: null })), null);
});

const kept = test.macro({
  exec(t, pair: PortPair, timeWait: object, expectedMs: number) {
    t.is(keptMs(pair, host({ timeWait })), expectedMs);
  },
  title: (name) => `how long a port rests: ${name}`,
});
test('a minute', kept, FAR, {}, 60_000);
test('tcp_tw_reuse 2 is for loopback', kept, NEAR, {}, 1000);
test('tcp_tw_reuse 1 is for all', kept, FAR, { reuse: 1 }, 1000);
test('tcp_tw_reuse 0 is for none', kept, NEAR, { reuse: 0 }, 60_000);
test('nothing is reused without timestamps', kept, NEAR, { hasTimestamps: false }, 60_000);
test('an address that connections are bound to is never reused', kept, BOUND, { reuse: 1 }, 60_000);
test('unreadable is not taken for reusable', kept, NEAR, { reuse: null }, 60_000);
test('the delay is the kernel’s', kept, NEAR, { reuseAfterMs: 250 }, 250);
