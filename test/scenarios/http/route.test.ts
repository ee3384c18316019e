import test from 'ava';
import * as fc from 'fast-check';
import { routeOf } from '../../../scenarios/http/route.ts';
import { loopbackTarget } from '../../support/loopback-server.ts';

const sourcesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `127.0.1.${index}`);

const targetOf = (count: number) =>
  loopbackTarget(80, {
    addresses: Array.from({ length: count }, (_, index) => ({ address: `127.0.0.${index + 1}`, family: 4, port: 80 })),
  });

/** How often each thing occurs, those that never do among them. */
function spreadOf(all: readonly string[], seen: readonly string[]): number {
  const counts = new Map(all.map((each) => [each, 0]));
  for (const each of seen) counts.set(each, (counts.get(each) ?? 0) + 1);
  return Math.max(...counts.values()) - Math.min(...counts.values());
}

const anyClients = fc.record({
  sources: fc.integer({ min: 1, max: 12 }),
  targets: fc.integer({ min: 1, max: 12 }),
  firstClient: fc.nat({ max: 100_000 }),
  clients: fc.nat({ max: 400 }),
});

test('whatever the numbers of sources, targets and clients: any two pairs differ by one client at most', (t) => {
  fc.assert(
    fc.property(anyClients, ({ sources, targets, firstClient, clients }) => {
      const sourceAddresses = sourcesOf(sources);
      const target = targetOf(targets);
      const routes = Array.from({ length: clients }, (_, index) =>
        routeOf({ target, sourceAddresses, client: firstClient + index }),
      );
      const pairs = sourceAddresses.flatMap((source) => target.addresses.map(({ address }) => `${source} ${address}`));
      t.true(
        spreadOf(
          pairs,
          routes.map(({ source, to }) => `${source} ${to.address}`),
        ) <= 1,
      );
      t.true(
        spreadOf(
          target.addresses.map(({ address }) => address),
          routes.map(({ to }) => to.address),
        ) <= 1,
      );
      t.true(
        spreadOf(
          sourceAddresses,
          routes.map(({ source }) => source as string),
        ) <= 2,
      );
    }),
  );
});

test('without source addresses the system chooses them, and clients take turns in the target’s', (t) => {
  const target = targetOf(3);
  const routes = [0, 1, 2, 3, 'probe'].map((client) => routeOf({ target, sourceAddresses: [], client }));
  t.deepEqual(
    routes.map(({ source, to }) => [source, to.address]),
    ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.1', '127.0.0.1'].map((address) => [null, address]),
  );
});

test('who has a name in place of a number takes the first pair', (t) => {
  const { source, to } = routeOf({ target: targetOf(2), sourceAddresses: sourcesOf(2), client: 'p1' });
  t.deepEqual([source, to.address], ['127.0.1.0', '127.0.0.1']);
});

test('a target without an address is a bug', (t) => {
  t.throws(() => routeOf({ target: targetOf(0), sourceAddresses: [], client: 0 }), { instanceOf: RangeError });
});
