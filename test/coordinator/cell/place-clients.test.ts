import test from 'ava';
import * as fc from 'fast-check';
import { type Holder, capShares, placeClients } from '../../../coordinator/cell/place-clients.ts';

const pilot = (id: string, slots: number, site = 'desk'): Holder => ({ id, site, slots });

test('clients go to pilots in proportion to their slots, numbered without a gap', (t) => {
  const placements = placeClients(new Map([['desk', 9]]), [pilot('a', 10), pilot('b', 5), pilot('c', 3)]);
  t.deepEqual(
    placements?.map(({ pilot: { id }, firstClient, clients }) => [id, firstClient, clients]),
    [
      ['a', 0, 5],
      ['b', 5, 3],
      ['c', 8, 1],
    ],
  );
});

test('each site carries its own share, and pilots without a client are left out', (t) => {
  const shares = new Map([
    ['desk', 1],
    ['attic', 4],
    ['cellar', 0],
  ]);
  const ready = [pilot('a', 2, 'attic'), pilot('b', 4), pilot('c', 2, 'attic'), pilot('d', 4), pilot('e', 4, 'cellar')];
  t.deepEqual(
    placeClients(shares, ready)?.map(({ pilot: { id }, firstClient, clients }) => [id, firstClient, clients]),
    [
      ['b', 0, 1],
      ['a', 1, 2],
      ['c', 3, 2],
    ],
  );
});

test('a site that lacks a single slot can not be placed, however much room the others have', (t) => {
  const shares = new Map([
    ['desk', 5],
    ['attic', 1],
  ]);
  t.is(placeClients(shares, [pilot('a', 4), pilot('b', 100, 'attic')]), null);
  t.deepEqual(capShares(shares, [pilot('a', 4), pilot('b', 100, 'attic')]), new Map([...shares, ['desk', 4]]));
  t.deepEqual([...capShares(shares, []).values()], [0, 0]);
});

test('whatever the pilots: every client is on exactly one pilot of its site, and none holds more than its slots', (t) => {
  const pilots = fc.array(
    fc.record({ site: fc.constantFrom('desk', 'attic', 'cellar'), slots: fc.integer({ min: 1, max: 50 }) }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(pilots, fc.array(fc.nat({ max: 120 }), { minLength: 3, maxLength: 3 }), (those, wanted) => {
      const ready = those.map(({ site, slots }, index) => pilot(`p${index}`, slots, site));
      const asked = new Map(['desk', 'attic', 'cellar'].map((site, index) => [site, wanted[index] as number]));
      const shares = capShares(asked, ready);
      const placements = placeClients(shares, ready) ?? [];
      let next = 0;
      for (const { pilot: holder, firstClient, clients } of placements) {
        t.is(firstClient, next);
        t.true(clients > 0 && clients <= holder.slots);
        next += clients;
      }
      for (const [site, share] of shares) {
        const placed = placements.filter(({ pilot: holder }) => holder.site === site);
        t.is(
          placed.reduce((sum, { clients }) => sum + clients, 0),
          share,
        );
      }
      const isWhole = [...asked].every(([site, share]) => share === shares.get(site));
      t.is(placeClients(asked, ready) !== null, isWhole);
    }),
  );
});
