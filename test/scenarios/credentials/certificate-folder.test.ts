import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, readFile, stat, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GlideTesterError } from '../../../foundation/error.ts';
import {
  writeCertificateFolder,
  type CertificateFolderOptions,
} from '../../../scenarios/credentials/certificate-folder.ts';
import { certificateFolderPaths } from '../../../scenarios/credentials/certificate-paths.ts';
import { hashName } from '../../../scenarios/credentials/name-hash.ts';
import { ensureDebianPackage } from '../../support/debian-package.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const DAY_MS = 24 * 3_600_000;

async function writeFolder(t: ExecutionContext, options: CertificateFolderOptions) {
  const directory = join(await makeTemporaryFolder(t), 'certificates-for-tests');
  return { directory, paths: await writeCertificateFolder(directory, options) };
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

async function readCertificate(path: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(path));
}

test('the folder holds the authority, the host, users, proxies, the mapping and a README, and nothing else', async (t) => {
  const { directory, paths } = await writeFolder(t, { users: 2, hostNames: ['localhost'] });
  const hash = hashName(await readFile(paths.authorityCertificate, 'utf8'));
  t.deepEqual(await listFiles(directory), [
    'README.md',
    'ca/cacert.pem',
    'ca/cakey.pem',
    `certificates/${hash}.0`,
    `certificates/${hash}.signing_policy`,
    'grid-mapfile',
    'hostcert.pem',
    'hostkey.pem',
    'proxies/user-001.pem',
    'proxies/user-002.pem',
    'users/user-001/usercert.pem',
    'users/user-001/userkey.pem',
    'users/user-002/usercert.pem',
    'users/user-002/userkey.pem',
  ]);
  t.deepEqual(paths, certificateFolderPaths(directory));
});

test('whatever holds a private key is for its owner alone, and so are the directories', async (t) => {
  const { directory } = await writeFolder(t, { users: 1 });
  t.is(await modeOf(directory), '700');
  const files = await listFiles(directory);
  const secret: string[] = [];
  for (const file of files) {
    const text = await readFile(join(directory, file), 'utf8');
    if (!text.includes('PRIVATE KEY-----')) continue;
    secret.push(file);
    t.is(await modeOf(join(directory, file)), '600', file);
  }
  t.deepEqual(secret, ['ca/cakey.pem', 'hostkey.pem', 'proxies/user-001.pem', 'users/user-001/userkey.pem']);
  for (const folder of ['ca', 'certificates', 'proxies', 'users', 'users/user-001']) {
    t.is(await modeOf(join(directory, folder)), '700', folder);
  }
});

test('the signing policy lets the authority sign what begins with the organisation', async (t) => {
  const { paths } = await writeFolder(t, { users: 1 });
  const { subject } = await readCertificate(paths.authorityCertificate);
  const name = /CN=(GlideTester Test CA [0-9a-f]{8})$/.exec(subject)?.[1];
  const policy = (await readdir(paths.caDirectory)).find((file) => file.endsWith('.signing_policy'));
  t.is(
    await readFile(join(paths.caDirectory, policy as string), 'utf8'),
    `access_id_CA  X509  '/DC=org/DC=example/CN=${name}'
pos_rights    globus CA:sign
cond_subjects globus '"/DC=org/DC=example/*"'
`,
  );
});

test('the grid-mapfile maps the subject of each user to an account of its own', async (t) => {
  const { paths } = await writeFolder(t, { users: 3 });
  const lines = (await readFile(paths.gridMapfile, 'utf8')).split('\n');
  const expected = [];
  for (const number of ['001', '002', '003']) {
    const { subject } = await readCertificate(join(paths.users, `user-${number}`, 'usercert.pem'));
    expected.push(`"/${subject.replaceAll('\n', '/')}" load${number}`);
  }
  t.deepEqual(lines, [...expected, '']);
  t.is(lines[0], '"/DC=org/DC=example/OU=People/CN=Load User 001" load001');
});

test('each key belongs to its certificate, and the proxy file holds proxy, key and user certificate', async (t) => {
  const { paths } = await writeFolder(t, { users: 1 });
  const user = await readCertificate(join(paths.users, 'user-001', 'usercert.pem'));
  const pairs: [string, string][] = [
    [paths.authorityCertificate, paths.authorityKey],
    [paths.hostCertificate, paths.hostKey],
    [join(paths.users, 'user-001', 'usercert.pem'), join(paths.users, 'user-001', 'userkey.pem')],
    [join(paths.proxies, 'user-001.pem'), join(paths.proxies, 'user-001.pem')],
  ];
  for (const [certificate, key] of pairs) {
    const text = await readFile(key, 'utf8');
    t.true((await readCertificate(certificate)).checkPrivateKey(createPrivateKey(text)), certificate);
    t.regex(text, /BEGIN RSA PRIVATE KEY/);
  }
  const proxyFile = await readFile(join(paths.proxies, 'user-001.pem'), 'utf8');
  t.true(new X509Certificate(proxyFile).checkIssued(user));
  t.true(proxyFile.endsWith(await readFile(join(paths.users, 'user-001', 'usercert.pem'), 'utf8')));
});

test('openssl finds the authority by its hash and accepts the host and the proxy', async (t) => {
  if (!(await ensureDebianPackage(t, ['openssl']))) {
    t.pass();
    return;
  }
  const { paths } = await writeFolder(t, { users: 1 });
  const proxy = join(paths.proxies, 'user-001.pem');
  const cases = [
    ['-purpose', 'sslserver', '-verify_hostname', hostname(), paths.hostCertificate],
    ['-allow_proxy_certs', '-untrusted', proxy, proxy],
  ];
  for (const options of cases) {
    const { status, stderr } = spawnSync('openssl', ['verify', '-CApath', paths.caDirectory, ...options], {
      encoding: 'utf8',
    });
    t.is(status, 0, stderr);
  }
});

test('the host certificate is good for the names that were given, or for localhost and this machine', async (t) => {
  const given = await writeFolder(t, { users: 1, hostNames: ['srm.example.org', '192.0.2.7'] });
  const named = await readCertificate(given.paths.hostCertificate);
  t.is(named.subjectAltName, 'DNS:srm.example.org, IP Address:192.0.2.7');
  const own = await readCertificate((await writeFolder(t, { users: 1 })).paths.hostCertificate);
  t.deepEqual([own.checkHost('localhost'), own.checkHost(hostname())], ['localhost', hostname()]);
});

test('certificates last as long as was asked, and proxies no longer than they', async (t) => {
  const { paths } = await writeFolder(t, { users: 1, days: 2 });
  const ends = await Promise.all(
    [paths.authorityCertificate, paths.hostCertificate, join(paths.proxies, 'user-001.pem')].map(async (path) =>
      (await readCertificate(path)).validToDate.getTime(),
    ),
  );
  t.is(new Set(ends).size, 1);
  t.true(Math.abs((ends[0] as number) - Date.now() - 2 * DAY_MS) < 2 * 60_000);
});

test('20 users are made unless told, each with a subject of its own', async (t) => {
  const { paths } = await writeFolder(t, {});
  const subjects = await Promise.all(
    (await readdir(paths.users)).map(
      async (user) => (await readCertificate(join(paths.users, user, 'usercert.pem'))).subject,
    ),
  );
  t.is(new Set(subjects).size, 20);
  t.is((await readdir(paths.proxies)).length, 20);
});

test('the README names every file, the environment of grid tools and the frontend, and holds no key', async (t) => {
  const { directory } = await writeFolder(t, { users: 1 });
  const text = await readFile(join(directory, 'README.md'), 'utf8');
  const words = [
    'X509_CERT_DIR',
    'X509_USER_PROXY',
    'X509_USER_CERT',
    'X509_USER_KEY',
    'glidetester frontend',
    'For tests only',
  ];
  const files = (await listFiles(directory)).map((file) => file.replace(/[0-9a-f]{8}(?=\.(0|sig))/, '<hash>'));
  const named = files.filter((file) => file !== 'README.md').map((file) => file.split('/').at(-1) as string);
  for (const word of [...words, ...named]) t.true(text.includes(word), word);
  t.false(text.includes('-----BEGIN'));
});

async function refusal(t: ExecutionContext, directory: string): Promise<GlideTesterError> {
  const error = await t.throwsAsync<GlideTesterError>(writeCertificateFolder(directory, { users: 1 }), {
    instanceOf: GlideTesterError,
  });
  t.is(error.code, 'GT_CERTIFICATES_DIRECTORY');
  return error;
}

test('a directory that holds something is refused and left as it was, an empty one is taken', async (t) => {
  const full = await makeTemporaryFolder(t, { 'hostkey.pem': 'precious' });
  t.regex((await refusal(t, full)).message, /to be new or empty, it holds 1 entries$/);
  t.deepEqual(await listFiles(full), ['hostkey.pem']);
  t.is(await readFile(join(full, 'hostkey.pem'), 'utf8'), 'precious');
  const empty = await makeTemporaryFolder(t);
  await writeCertificateFolder(empty, { users: 1 });
  t.true((await listFiles(empty)).includes('README.md'));
});

test('a path that is a file, leads through one, or points nowhere is refused in plain words', async (t) => {
  const folder = await makeTemporaryFolder(t, { file: 'text' });
  await symlink(join(folder, 'nowhere'), join(folder, 'link'));
  for (const path of ['file', 'file/below', 'link']) {
    t.regex((await refusal(t, join(folder, path))).message, /to be a directory to write certificates into, it is not$/);
  }
});

test('a file that can’t be written is reported in plain words', async (t) => {
  // the directory itself fits into a path of 4,095 bytes, the longest file in it doesn't
  const folder = await makeTemporaryFolder(t);
  const left = 4070 - folder.length;
  const parts = Array.from({ length: Math.ceil(left / 200) }, (_, index) =>
    'x'.repeat(Math.min(200, left - index * 200) - 1),
  );
  const error = await refusal(t, [folder, ...parts.filter((part) => part !== '')].join('/'));
  t.regex(error.message, /^expected to write the certificates into .+, it failed$/);
  t.is((error.cause as NodeJS.ErrnoException).code, 'ENAMETOOLONG');
});
