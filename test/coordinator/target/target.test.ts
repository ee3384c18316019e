import { networkInterfaces } from 'node:os';
import test from 'ava';
import { type Config, type ConfigInput, ConfigSchema } from '../../../coordinator/config/schema.ts';
import { UrlTargetSchema } from '../../../coordinator/config/target-schema.ts';
import { isLoopback, resolveTarget, urlTarget } from '../../../coordinator/target/target.ts';

type UrlTarget = Extract<ConfigInput['target'], { kind?: 'url' | undefined }>;

const ACCOUNT = { environment: {}, uid: undefined };

const makeConfig = (target: Omit<UrlTarget, 'kind'>): Config =>
  ConfigSchema.parse({
    name: 'target',
    target: { kind: 'url', ...target },
    scenario: { kind: 'srm-ls', directories: { 20: '/d20' } },
    load: { levels: [1] },
    pools: [{ kind: 'local', pilots: 1, slotsPerPilot: 4 }],
  } satisfies ConfigInput);

const resolve = (url: string, changes: Partial<UrlTarget> = {}) =>
  resolveTarget(
    makeConfig({ url, ...changes }),
    urlTarget(UrlTargetSchema.parse({ kind: 'url', url, ...changes }), ACCOUNT),
    '1.2.3',
  );

test('an address is taken as it stands, with the timeouts and the name that requests bear', async (t) => {
  t.deepEqual(
    await resolve('http://127.0.0.1:8080/srm/v2', { timeouts: { answer: '5s' }, connection: { perOperation: true } }),
    {
      origin: 'http://127.0.0.1:8080',
      security: null,
      path: '/srm/v2',
      addresses: [{ address: '127.0.0.1', family: 4, port: 8080 }],
      connection: { perOperation: true },
      timeoutsMs: { connect: 10_000, handshake: 10_000, answer: 5000 },
      userAgent: 'glidetester/1.2.3',
    },
  );
});

test('an address of the sixth version is taken without its brackets, and port 80 where none is named', async (t) => {
  const { addresses, origin } = await resolve('http://[::1]/');
  t.deepEqual(addresses, [{ address: '::1', family: 6, port: 80 }]);
  t.is(origin, 'http://[::1]');
});

test('a name is resolved to addresses of one family', async (t) => {
  const { addresses, origin } = await resolve('http://localhost:99/', { addresses: { family: 4 } });
  t.deepEqual(addresses, [{ address: '127.0.0.1', family: 4, port: 99 }]);
  t.is(origin, 'http://localhost:99', 'the name stays what requests are addressed to');
  const unasked = await resolve('http://localhost:99/');
  t.is(new Set(unasked.addresses.map(({ family }) => family)).size, 1);
});

test('a name that nobody knows is told with a hint', async (t) => {
  // Too long for a label: refused before any name server is asked.
  const host = `${'x'.repeat(64)}.invalid`;
  const error = await t.throwsAsync(resolve(`http://${host}/`), { code: 'GT_TARGET_NAME' });
  t.true(error?.message.includes(host));
});

test('off loopback nothing is resolved without permission, also where a config check has let it through', async (t) => {
  const url = 'http://192.0.2.1:80/';
  await t.throwsAsync(resolve(url), { code: 'GT_TARGET_PERMISSION', message: /192\.0\.2\.1/ });
  const permission = { host: '192.0.2.1', by: 'J. Doe, storage group', clientsAtMost: 10 };
  t.is((await resolve(url, { permission })).userAgent, 'glidetester/1.2.3 (load test by J. Doe, storage group)');
});

test('an address of this machine that is not on loopback needs permission too', async (t) => {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((each) => each !== undefined && !each.internal && each.family === 'IPv4');
  if (own === undefined) {
    t.log('this machine has loopback only');
    return t.pass();
  }
  return t.throwsAsync(resolve(`http://${own.address}/`), { code: 'GT_TARGET_PERMISSION' });
});

const isOnLoopback = test.macro<[string, boolean]>({
  exec(t, address, expected) {
    t.is(isLoopback(address), expected);
  },
  title: (_, address, expected) => `${address} is ${expected ? '' : 'not '}on loopback`,
});

test(isOnLoopback, '127.0.0.1', true);
test(isOnLoopback, '127.255.0.9', true);
test(isOnLoopback, '::1', true);
test(isOnLoopback, '::ffff:127.0.0.1', true);
test(isOnLoopback, '128.0.0.1', false);
test(isOnLoopback, '0.0.0.0', false);
test(isOnLoopback, '::', false);
test(isOnLoopback, '10.127.0.1', false);
