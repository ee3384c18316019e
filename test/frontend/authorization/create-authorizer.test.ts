import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type AuthorizerOptions, createAuthorizer } from '../../../frontend/authorization/create-authorizer.ts';
import { makeDirectory } from '../fresh-directory.ts';

const NO_CACHE = { asked: 0, fromCache: 0, callOuts: 0, fileLoads: 0, badLines: 0, failures: 0 };

test('without a cache the grid-mapfile is read anew for every mapping', async (t) => {
  const gridMapfile = join(makeDirectory(t, { map: '"/CN=a" u1\nrubbish\n' }), 'map');
  const authorizer = createAuthorizer({ gridMapfile });
  t.deepEqual(await authorizer.map('/CN=a'), { kind: 'mapped', localUser: 'u1' });
  t.is(authorizer.counts.badLines, 1);
  writeFileSync(gridMapfile, '"/CN=a" u2\n');
  t.deepEqual(await authorizer.map('/CN=a'), { kind: 'mapped', localUser: 'u2' });
  t.deepEqual(await authorizer.map('/CN=b'), { kind: 'unmapped' });
  rmSync(gridMapfile);
  t.deepEqual(await authorizer.map('/CN=a'), { kind: 'failed', reason: 'the grid-mapfile cannot be read: ENOENT' });
  t.deepEqual(authorizer.counts, { ...NO_CACHE, asked: 4, fileLoads: 4, failures: 1 });
});

test('many mappings at once all get their answer', async (t) => {
  const users = Array.from({ length: 300 }, (_, index) => `"/CN=${index}" u${index}`);
  const gridMapfile = join(makeDirectory(t, { map: users.join('\n') }), 'map');
  const authorizer = createAuthorizer({ gridMapfile });
  const mappings = await Promise.all(users.map((_, index) => authorizer.map(`/CN=${index}`)));
  t.deepEqual(
    mappings,
    users.map((_, index) => ({ kind: 'mapped', localUser: `u${index}` })),
  );
  t.deepEqual(authorizer.counts, { ...NO_CACHE, asked: 300, fileLoads: 300 });
});

test('a cache saves loads, and says so', async (t) => {
  const gridMapfile = join(makeDirectory(t, { map: '"/CN=a" u1\n' }), 'map');
  const authorizer = createAuthorizer({ gridMapfile, mappedIdCache: { lifetimeS: 0, most: 1000 } });
  for (const _ of [1, 2, 3]) await authorizer.map('/CN=a');
  t.deepEqual(authorizer.counts, { ...NO_CACHE, asked: 3, fromCache: 2, fileLoads: 1 });
});

test('a mapping service is asked instead of the grid-mapfile', async (t) => {
  const service = createServer((_request, response) => void response.end('{"localUser":"from-service"}'));
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  t.teardown(() => {
    service.close();
    service.closeAllConnections();
  });
  const authorizer = createAuthorizer({
    gridMapfile: '/no/such/file',
    gumsServiceUrl: `http://127.0.0.1:${(service.address() as AddressInfo).port}/`,
  });
  t.teardown(() => authorizer.close());
  t.deepEqual(await authorizer.map('/CN=a'), { kind: 'mapped', localUser: 'from-service' });
  t.deepEqual(authorizer.counts, { ...NO_CACHE, asked: 1, callOuts: 1 });
});

function isRefused(t: ExecutionContext, options: AuthorizerOptions, message: RegExp): void {
  const error = t.throws(() => createAuthorizer(options), { code: 'GT_FRONTEND_MAPPING' });
  t.regex(error.message, message);
}
test('nothing to map by is refused', isRefused, {}, /neither came/);
test('nulls are nothing to map by', isRefused, { gridMapfile: null, gumsServiceUrl: null }, /neither came/);
test('a mapping service elsewhere is refused', isRefused, { gumsServiceUrl: 'http://192.0.2.1/' }, /on this host/);
test('a mapping service that is no URL is refused', isRefused, { gumsServiceUrl: 'gums' }, /got gums/);
test('a mapping service over another protocol is refused', isRefused, { gumsServiceUrl: 'ftp://localhost/' }, /ftp/);
const cacheOf = (lifetimeS: number, most: number): AuthorizerOptions => ({
  gridMapfile: '/f',
  mappedIdCache: { lifetimeS, most },
});
test('a lifetime of -2 is refused', isRefused, cacheOf(-2, 10), /got -2 s/);
test('a lifetime in half seconds is refused', isRefused, cacheOf(0.5, 10), /got 0\.5 s/);
test('a cache without room is refused', isRefused, cacheOf(0, 0), /got 0 s, 0/);
