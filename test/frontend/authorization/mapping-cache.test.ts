import test from 'ava';
import * as fc from 'fast-check';
import type { Authorizer, Mapping } from '../../../frontend/authorization/authorizer.ts';
import { type MappedIdCacheOptions, cacheMappings } from '../../../frontend/authorization/mapping-cache.ts';

/** A cache over a source that gives each answer a new name, on a clock that the test moves. */
function createScene(options: MappedIdCacheOptions, answer: (identity: string) => Mapping['kind'] = () => 'mapped') {
  const scene = { nowMs: 5000, asked: 0, found: 0 };
  const source: Authorizer = {
    async map(identity) {
      scene.asked += 1;
      const kind = answer(identity);
      if (kind === 'mapped') return { kind, localUser: `${identity}-${scene.asked}` };
      return kind === 'unmapped' ? { kind } : { kind, reason: 'no reason' };
    },
  };
  const cache = cacheMappings(source, options, {
    nowMs: () => scene.nowMs,
    found() {
      scene.found += 1;
    },
  });
  return { scene, cache };
}

test('a lifetime of -1 keeps nothing', async (t) => {
  const { scene, cache } = createScene({ lifetimeS: -1, most: 10 });
  await cache.map('a');
  await cache.map('a');
  t.like(scene, { asked: 2, found: 0 });
});

test('a lifetime of 0 keeps for ever', async (t) => {
  const { scene, cache } = createScene({ lifetimeS: 0, most: 10 });
  await cache.map('a');
  scene.nowMs += 1e12;
  t.deepEqual(await cache.map('a'), { kind: 'mapped', localUser: 'a-1' });
  t.like(scene, { asked: 1, found: 1 });
});

test('a mapping lives from its being stored, however often it is read', async (t) => {
  const { scene, cache } = createScene({ lifetimeS: 2, most: 10 });
  await cache.map('a');
  for (const _ of [1, 2, 3]) {
    scene.nowMs += 666;
    t.deepEqual(await cache.map('a'), { kind: 'mapped', localUser: 'a-1' });
  }
  scene.nowMs += 2;
  t.deepEqual(await cache.map('a'), { kind: 'mapped', localUser: 'a-2' });
});

test('who is not mapped, and what failed, is asked again', async (t) => {
  const { scene, cache } = createScene({ lifetimeS: 0, most: 10 }, (identity) =>
    identity === 'stranger' ? 'unmapped' : 'failed',
  );
  for (const identity of ['stranger', 'failing', 'stranger', 'failing']) await cache.map(identity);
  t.like(scene, { asked: 4, found: 0 });
});

test('when it is full, the mapping stored longest ago leaves', async (t) => {
  const { scene, cache } = createScene({ lifetimeS: 0, most: 2 });
  for (const identity of ['a', 'b', 'a', 'c']) await cache.map(identity);
  t.like(scene, { asked: 3, found: 1 });
  await cache.map('b');
  t.like(scene, { asked: 3, found: 2 });
  await cache.map('a');
  t.like(scene, { asked: 4, found: 2 });
});

test('two who ask at once for one identity both go to the source', async (t) => {
  const { scene, cache } = createScene({ lifetimeS: 0, most: 2 });
  await Promise.all([cache.map('a'), cache.map('a')]);
  t.like(scene, { asked: 2, found: 0 });
});

test('it answers as a list of what was stored does, at any time', async (t) => {
  const step = fc.oneof(
    fc.record({ map: fc.constantFrom('a', 'b', 'c', 'd', 'x-stranger', 'x-other') }),
    fc.record({ waitMs: fc.nat({ max: 3000 }) }),
  );
  const options = fc.record({ lifetimeS: fc.integer({ min: -1, max: 3 }), most: fc.integer({ min: 1, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(options, fc.array(step, { maxLength: 60 }), async ({ lifetimeS, most }, steps) => {
      const { scene, cache } = createScene({ lifetimeS, most }, (id) => (id.startsWith('x') ? 'unmapped' : 'mapped'));
      let stored: { identity: string; localUser: string; atMs: number }[] = [];
      for (const what of steps) {
        if ('waitMs' in what) {
          scene.nowMs += what.waitMs;
          continue;
        }
        const lives = (atMs: number): boolean =>
          lifetimeS === 0 || (lifetimeS > 0 && scene.nowMs - atMs < lifetimeS * 1000);
        const known = stored.find(({ identity, atMs }) => identity === what.map && lives(atMs));
        const askedBefore = scene.asked;
        const mapping = await cache.map(what.map);
        t.is(scene.asked - askedBefore, known === undefined ? 1 : 0);
        if (known !== undefined) t.deepEqual(mapping, { kind: 'mapped', localUser: known.localUser });
        else if (mapping.kind === 'mapped' && lifetimeS >= 0) {
          stored = stored.filter(({ identity }) => identity !== what.map);
          stored.push({ identity: what.map, localUser: mapping.localUser, atMs: scene.nowMs });
          stored = stored.slice(-most);
        }
      }
    }),
  );
});
