import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Config, type ConfigInput, ConfigSchema, type TargetConfig } from '../../../coordinator/config/schema.ts';
import { UrlTargetSchema } from '../../../coordinator/config/target-schema.ts';
import { isLoopback, resolveTarget, urlTarget } from '../../../coordinator/target/target.ts';

type UrlTarget = Extract<ConfigInput['target'], { kind?: 'url' | undefined }>;
import { writeProxyFile } from '../../../scenarios/credentials/issue-certificate.ts';
import { TEST_USER_SUBJECT, testCertificates } from '../../support/certificates.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

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
    makeConfig({ url, ...changes }).target as TargetConfig,
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
      connection: { perOperation: true, close: 'fin' },
      timeoutsMs: { connect: 10_000, handshake: 10_000, answer: 5000 },
      userAgent: 'glidetester/1.2.3',
      transport: 'direct',
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

/** A folder with the certificates of the tests: what is trusted, and a proxy. */
async function writeGridFiles(t: ExecutionContext): Promise<{ folder: string; proxy: string; authority: string }> {
  const { authority, proxy } = await testCertificates();
  const folder = await makeTemporaryFolder(t, { '12345678.0': authority.certificate });
  const file = join(folder, 'x509up');
  await writeFile(file, writeProxyFile(proxy), { mode: 0o600 });
  return { folder, proxy: file, authority: authority.certificate };
}

test('httpg is GSI up to TLS 1.2, with the authorities of the folder and the port of grid services', async (t) => {
  const { folder, authority } = await writeGridFiles(t);
  const found = await resolve('httpg://LOCALHOST/srm/v2/server', { caDirectory: folder, addresses: { family: 4 } });
  t.is(found.origin, 'httpg://localhost');
  t.deepEqual(found.addresses, [{ address: '127.0.0.1', family: 4, port: 8443 }]);
  t.deepEqual(found.security, {
    gsi: true,
    trusted: [authority],
    lowestVersion: 'TLSv1.2',
    highestVersion: 'TLSv1.2',
  });
});

test('https is TLS in the versions that were asked for, without GSI', async (t) => {
  const { folder } = await writeGridFiles(t);
  const tls = { lowest: 'TLSv1', highest: 'TLSv1.3' } as const;
  const { security, addresses } = await resolve('https://127.0.0.1/', { caDirectory: folder, tls });
  t.like(security, { gsi: false, lowestVersion: 'TLSv1', highestVersion: 'TLSv1.3' });
  t.is(addresses[0]?.port, 443);
});

test('https, unless told otherwise, shows no certificate and trusts whom this machine trusts', async (t) => {
  const { folder, proxy, authority } = await writeGridFiles(t);
  const target = UrlTargetSchema.parse({ url: 'https://localhost/srm' });
  const bare = urlTarget(target, { environment: { X509_USER_PROXY: proxy }, uid: undefined });
  t.deepEqual(await bare.identities(), []);
  t.true(((await bare.security())?.trusted.length ?? 0) > 10);
  const grid = urlTarget(target, { environment: { X509_CERT_DIR: folder }, uid: undefined });
  t.deepEqual((await grid.security())?.trusted, [authority]);
});

test('authorities and credential are where the environment says, unless the config says otherwise', async (t) => {
  const { folder, proxy } = await writeGridFiles(t);
  const account = { environment: { X509_CERT_DIR: folder, X509_USER_PROXY: proxy }, uid: undefined };
  const target = urlTarget(UrlTargetSchema.parse({ url: 'httpg://localhost/srm' }), account);
  t.is((await target.security())?.trusted.length, 1);
  t.deepEqual(
    (await target.identities()).map(({ facts }) => facts.identity),
    [TEST_USER_SUBJECT],
  );
  const elsewhere = UrlTargetSchema.parse({
    url: 'httpg://localhost/srm',
    caDirectory: '/no/such',
    identity: { proxy: '/none' },
  });
  await t.throwsAsync(urlTarget(elsewhere, account).security(), { code: 'GT_TRUST_DIRECTORY', message: /no\/such/ });
  await t.throwsAsync(urlTarget(elsewhere, account).identities(), {
    code: 'GT_CREDENTIAL_UNREADABLE',
    message: /none/,
  });
});

test('a plain target has neither authorities nor identities, whatever the environment says', async (t) => {
  const account = { environment: { X509_CERT_DIR: '/no/such', X509_USER_PROXY: '/none' }, uid: undefined };
  const target = urlTarget(UrlTargetSchema.parse({ url: 'http://127.0.0.1/' }), account);
  t.is(await target.security(), null);
  t.deepEqual(await target.identities(), []);
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
