/** Who shows which credential, wherever it runs. */

import test from 'ava';
import * as fc from 'fast-check';
import { splitPlan } from '../../agent/crew.ts';
import type { CellPlan } from '../../agent/protocol.ts';
import { placeClients } from '../../coordinator/cell/place-clients.ts';
import { credentialOf, shareCredentials } from '../../scenarios/credentials/credential.ts';

const anyCell = fc.record({
  pool: fc.integer({ min: 0, max: 40 }),
  /** Slots and threads of each pilot. */
  pilots: fc.array(fc.record({ slots: fc.integer({ min: 1, max: 30 }), threads: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 1,
    maxLength: 8,
  }),
  /** Of all slots, how many are taken. */
  takenShare: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('client n of a cell shows credential n of the pool, in turns, over any pilots and threads', (t) => {
  fc.assert(
    fc.property(anyCell, ({ pool: size, pilots, takenShare }) => {
      const pool = Array.from({ length: size }, (_, index) => ({ certificateChain: `c${index}`, privateKey: '' }));
      const level = Math.ceil(takenShare * pilots.reduce((sum, { slots }) => sum + slots, 0));
      const holders = pilots.map(({ slots, threads }, index) => ({ id: `p${index}`, site: 'here', slots, threads }));
      const shown: (string | null)[] = [];
      for (const { pilot, firstClient, clients } of placeClients(new Map([['here', level]]), holders) ?? []) {
        const credentials = shareCredentials(pool, firstClient, clients);
        t.true(credentials.list.length <= clients, 'no key goes where nobody shows it');
        const plan = { firstClient, clients, credentials } as CellPlan;
        for (const share of splitPlan(plan, pilot.threads)) {
          for (let client = share.firstClient; client < share.firstClient + share.clients; client += 1) {
            shown[client] = credentialOf(share.credentials, client)?.certificateChain ?? null;
          }
        }
      }
      t.deepEqual(
        shown,
        Array.from({ length: level }, (_, client) => (size === 0 ? null : `c${client % size}`)),
      );
    }),
  );
});
