import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { assembleCell } from '../../../coordinator/cell/assemble-cell.ts';
import { longestCellMs } from '../../../coordinator/cell/cell-limits.ts';
import { measureOne } from '../../../coordinator/cell/measure-one.ts';
import { placeClients } from '../../../coordinator/cell/place-clients.ts';
import { type Identities, credentialsOf, neededBy } from '../../../coordinator/identities/identities.ts';
import type { TargetConfig } from '../../../coordinator/config/schema.ts';
import type { PlannedCell } from '../../../coordinator/plan.ts';
import { GlideTesterError } from '../../../foundation/error.ts';
import { credentialOf, shareCredentials } from '../../../scenarios/credentials/credential.ts';
import { createScriptedWorld } from '../../support/scripted-world.ts';
import { madeIdentity } from '../identities/made-identities.ts';

const CELL = '001-d20-l5-r1';

type SceneOptions = {
  /** Asked for each cell, with the wall clock then. */
  identities: (unixMs: number) => Identities;
};

function createScene(t: ExecutionContext, { identities }: SceneOptions) {
  const world = createScriptedWorld({
    levels: [5],
    target: { identities: async () => identities(world.clock.unixMs()) },
  });
  t.teardown(() => world.keeper.stop());
  const cell = world.cells[0] as PlannedCell;
  const assemble = (attempt = 1) => world.clock.runUntil(assembleCell(world, cell, attempt));
  const plans = () =>
    (world.pools[0]?.pilots ?? []).flatMap(({ heard }) =>
      heard.flatMap((message) => (message.type === 'prepare' ? [message.plan] : [])),
    );
  return { ...world, world, cell, assemble, plans };
}

/** So many identities that last so long beyond what the cell may take. */
function lasting(count: number, unixMs: number, beyondMs: number, longestMs: number): Identities {
  return Array.from({ length: count }, (_, index) => madeIdentity(index, unixMs + longestMs + beyondMs));
}

test('each pilot is given the credentials of its own clients, and no others', async (t) => {
  const scene = createScene(t, { identities: () => [0, 1, 2].map((number) => madeIdentity(number)) });
  const assembly = await scene.assemble();
  t.is(assembly.kind === 'assembled' ? assembly.identities.length : 0, 3);
  t.deepEqual(
    scene
      .plans()
      .map(({ firstClient, clients, credentials: { from, list } }) => [
        firstClient,
        clients,
        from,
        list.map(({ privateKey }) => privateKey),
      ]),
    [
      [0, 2, 0, ['secret 0', 'secret 1']],
      [2, 2, 2, ['secret 2', 'secret 0']],
      [4, 1, 4, ['secret 1']],
    ],
  );
  t.like(scene.lines('cell-prepared')[0], { identities: 3 });
});

test('whatever the pilots and the pool: client n shows credential n modulo the pool', (t) => {
  const slots = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      slots,
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (those, users, fill) => {
        const pilots = those.map((each, index) => ({ id: `p${index}`, site: 'desk', slots: each }));
        const level = Math.max(1, Math.round(fill * those.reduce((sum, each) => sum + each, 0)));
        const pool = Array.from({ length: users }, (_, index) => madeIdentity(index));
        const needed = credentialsOf(neededBy(pool, level));
        let seen = 0;
        for (const { firstClient, clients } of placeClients(new Map([['desk', level]]), pilots) ?? []) {
          const share = shareCredentials(needed, firstClient, clients);
          t.true(share.list.length <= clients);
          for (let client = firstClient; client < firstClient + clients; client += 1, seen += 1) {
            t.is(credentialOf(share, client)?.privateKey, `secret ${client % users}`);
          }
        }
        t.is(seen, level);
      },
    ),
    { numRuns: 60 },
  );
});

test('nobody shows a certificate to a plain target', async (t) => {
  const scene = createScene(t, { identities: () => [] });
  t.like(await scene.assemble(), { kind: 'assembled', identities: [] });
  t.true(scene.plans().every(({ credentials }) => credentials.list.length === 0));
  t.like(scene.lines('cell-prepared')[0], { identities: 0, validUntil: null });
});

test('a credential that would expire in the cell keeps it from being fired, and no pilot hears of it', async (t) => {
  const scene = createScene(t, { identities: (unixMs) => lasting(1, unixMs, -1, longestMs) });
  const longestMs = longestCellMs(scene.config, scene.config.target as TargetConfig, scene.cell.identity.level);
  const result = await scene.clock.runUntil(measureOne(scene.world, scene.cell, 1, 60_000));
  t.like(result, { kind: 'skipped', stop: { exitCode: 119 } });
  t.regex(result.kind === 'skipped' ? result.reason : '', /Load User 0 in user-0\.pem is valid until .*cell may take/);
  t.deepEqual(scene.plans(), []);
  t.like(scene.lines('credential-expiring'), [{ cell: CELL, attempt: 1 }]);
});

test('one that lasts just as long as the cell may is fired with', async (t) => {
  const scene = createScene(t, { identities: (unixMs) => lasting(1, unixMs, 0, longestMs) });
  const longestMs = longestCellMs(scene.config, scene.config.target as TargetConfig, scene.cell.identity.level);
  t.is((await scene.assemble()).kind, 'assembled');
});

test('one that no client of the cell takes does not hold it up', async (t) => {
  const scene = createScene(t, {
    identities: () => [...[0, 1, 2, 3, 4].map((n) => madeIdentity(n)), madeIdentity(5, 0)],
  });
  t.is((await scene.assemble()).kind, 'assembled');
});

test('a credential that was renewed is taken up by the next cell', async (t) => {
  let renewals = 0;
  const scene = createScene(t, { identities: () => [madeIdentity((renewals += 1))] });
  await scene.assemble(1);
  await scene.assemble(2);
  const shown = scene.plans().map(({ attempt, credentials }) => `${attempt}: ${credentials.list[0]?.privateKey}`);
  t.deepEqual([...new Set(shown)].toSorted(), ['1: secret 1', '2: secret 2']);
});

test('a credential that can not be read any more ends the campaign in order', async (t) => {
  const scene = createScene(t, {
    identities: () => {
      throw new GlideTesterError('GT_CREDENTIAL_UNREADABLE', 'cannot read proxy.pem');
    },
  });
  const result = await scene.clock.runUntil(measureOne(scene.world, scene.cell, 1, 60_000));
  t.like(result, { kind: 'skipped', stop: { exitCode: 119, reason: 'cannot read proxy.pem' } });
});

test('what is no matter of credentials is thrown on', async (t) => {
  const scene = createScene(t, {
    identities: () => {
      throw new TypeError('a bug');
    },
  });
  await t.throwsAsync(scene.assemble(), { message: 'a bug' });
});

test('no step of the journal holds a certificate or a key', async (t) => {
  const scene = createScene(t, { identities: () => [0, 1].map((number) => madeIdentity(number)) });
  await scene.assemble();
  t.false(/secret|chain/.test(JSON.stringify(scene.lines())));
  t.false(/secret|chain/.test(JSON.stringify(scene.events)));
});
