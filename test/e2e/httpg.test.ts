/** Whole campaigns over httpg: the embedded service in each of its modes, and one that somebody else runs, with keys of its own. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { request } from 'undici';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { writeCertificateFolder } from '../../scenarios/credentials/certificate-folder.ts';
import { writeProxyFile } from '../../scenarios/credentials/issue-certificate.ts';
import { readCertificateBlocks } from '../../scenarios/credentials/pem.ts';
import { runCampaign } from '../support/campaign.ts';
import { wrongCertificates } from '../support/certificates.ts';
import { finishRun, glidetester, pilotPids, readJournal, runCli, startRun } from '../support/cli.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const IDENTITIES = 20;
const FILES = 12;

const common = {
  scenario: { kind: 'srm-ls', directories: { [FILES]: `/d${FILES}` } },
  timing: {
    warmUp: { atLeast: '50ms', atMost: '20s' },
    window: { atLeast: '500ms', operationsPerClient: 1, atMost: '20s' },
    recovery: { within: '20s' },
  },
  pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 12 }],
} satisfies Partial<ConfigInput>;

const embedded = {
  kind: 'embedded',
  httpg: true,
  identities: IDENTITIES,
  root: { make: [FILES] },
} satisfies ConfigInput['target'];

const MODES: [mode: string, target: object, asksAgain: { polls: boolean; pages: boolean }][] = [
  ['inline answers and a grid-mapfile', {}, { polls: false, pages: false }],
  [
    'multiRef answers, pages and a mapping service',
    { answers: 'multiref', mostEntries: FILES - 1, mapping: { by: 'service', latency: '2ms' } },
    { polls: false, pages: true },
  ],
  ['queued requests', { asynchronous: true }, { polls: true, pages: false }],
];

for (const [mode, options, asksAgain] of MODES) {
  test(`rows and the service's count agree over httpg: ${mode}`, async (t) => {
    const target = { ...embedded, ...options };
    const { exitCode, stderr, cells } = await finishRun(
      await startRun(t, { ...common, name: 'httpg', target, load: { levels: [IDENTITIES] } }),
    );
    t.is(exitCode, 0, stderr);
    const [cell] = cells;
    t.is(cell?.state, 'ok', cell?.reason ?? '');
    t.is(cell?.server?.difference, 0);
    t.true((cell?.operations.ok ?? 0) >= IDENTITIES);
    t.is(cell?.identities, IDENTITIES);
    t.true((cell?.phasesMs.handshake ?? 0) > 0);
    const { opened, secured, resumed, byCipher } = cell?.connections ?? {
      opened: 0,
      secured: 0,
      resumed: -1,
      byCipher: {},
    };
    const operations = (cell?.operations.ok ?? 0) + (cell?.operations.failed ?? 0) + (cell?.operations.cut ?? 0);
    t.is(opened, operations, 'a connection for each operation');
    t.true(secured <= opened && secured >= (cell?.operations.ok ?? 0));
    t.is(resumed, 0);
    t.true(Object.keys(byCipher).every((cipher) => cipher.startsWith('TLSv1.2 ')));
    t.is((cell?.followUps.polls ?? 0) > 0, asksAgain.polls);
    t.is((cell?.followUps.pages ?? 0) > 0, asksAgain.pages);
  });
}

/** A service with the certificates of a folder, serving one directory. */
async function startFrontend(t: ExecutionContext, certificates: string): Promise<{ url: string; metricsUrl: string }> {
  const root = await makeTemporaryFolder(t);
  await mkdir(join(root, `d${FILES}`));
  for (let file = 0; file < FILES; file += 1) await writeFile(join(root, `d${FILES}`, `f${file}`), 'x');
  const flags = ['--root', root, '--port', '0', '--httpg', '--certificates', certificates, '--stop-with-stdin'];
  const child = spawn(...glidetester('frontend', ...flags), { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.stdin.end();
    await ended;
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as { url: string; metricsUrl: string };
}

/** Lines of base64 that only a private key, or only a proxy's own certificate, has. */
async function readSecrets(proxies: string): Promise<string[]> {
  const secrets: string[] = [];
  for (const name of await readdir(proxies)) {
    const text = await readFile(join(proxies, name), 'latin1');
    const [proxy = ''] = readCertificateBlocks(text).map(({ der }) => Buffer.from(der).toString('base64'));
    secrets.push(proxy.slice(600, 660));
    const key = /-----BEGIN (?:RSA )?PRIVATE KEY-----\n([^-]+)/.exec(text)?.[1] ?? '';
    secrets.push(...key.split('\n').filter((line) => line.length >= 60));
  }
  return secrets;
}

/** Everything that /proc tells of a process: its words, its environment, what it writes to by name. */
async function readProcess(pid: number): Promise<string> {
  const parts = ['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => ''));
  return (await Promise.all(parts)).join('\n');
}

test('private keys and proxies are in nothing that a campaign writes or shows, and reach the pilots all the same', async (t) => {
  const certificates = join(await makeTemporaryFolder(t), 'made');
  const folder = await makeTemporaryFolder(t);
  const made = await runCli(t, ['frontend', '--make-certificates', certificates, '--users', '5'], { folder });
  t.is(made.exitCode, 0, made.stderr);
  const { url, metricsUrl } = await startFrontend(t, certificates);
  const run = await startRun(
    t,
    {
      ...common,
      name: 'keys',
      target: {
        url,
        identity: { proxies: join(certificates, 'proxies') },
        caDirectory: join(certificates, 'certificates'),
      },
      load: { levels: [15] },
    },
    { folder, words: ['--json'] },
  );
  await run.awaitLine('window-opened');
  const pilots = [...pilotPids(await readJournal(run.directory)).values()];
  const seen = await Promise.all([...pilots, run.child.pid as number].map(readProcess));
  const { exitCode, stdout, stderr, cells, journal } = await finishRun(run);
  t.is(exitCode, 0, stderr);
  t.is(cells[0]?.identities, 5);
  t.true((cells[0]?.operations.ok ?? 0) >= 15);
  t.true(pilots.length >= 2 && journal.length > 0);
  t.regex(await (await request(`${metricsUrl}/metrics`)).body.text(), /handshake/);

  const secrets = await readSecrets(join(certificates, 'proxies'));
  t.true(secrets.length > 5 * 20);
  await writeFile(join(folder, 'found'), secrets[3] as string);
  const texts = [...seen, stdout, stderr];
  t.false(texts.some((text) => secrets.some((secret) => text.includes(secret)) || text.includes('PRIVATE KEY')));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const holding: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
    if (content.includes('PRIVATE KEY') || secrets.some((secret) => content.includes(secret))) holding.push(entry.name);
  }
  t.deepEqual(holding, ['found'], 'this search finds what is there, and only that');
});

test('each client is who its turn says, in the judgement of the service: whom it does not map, and nobody else, is refused', async (t) => {
  const certificates = join(await makeTemporaryFolder(t), 'made');
  const { gridMapfile, proxies, caDirectory } = await writeCertificateFolder(certificates, { users: 5 });
  const lines = (await readFile(gridMapfile, 'utf8')).split('\n');
  await writeFile(gridMapfile, lines.filter((line) => !line.includes('Load User 003')).join('\n'));
  const { url } = await startFrontend(t, certificates);
  const campaign = await runCampaign(t, {
    ...common,
    name: 'turns',
    target: { url, identity: { proxies }, caDirectory },
    load: { levels: [15], afterFailure: { pause: '20ms', growTo: '100ms' } },
  });
  const { summary, rows } = await campaign.readCell(`001-d${FILES}-l15-r1`);
  t.is(summary.identities, 5);
  t.is(new Set(rows.map(({ client }) => client)).size, 15);
  const uncut = rows.filter(({ outcome }) => outcome !== 'cut');
  for (const { client, outcome } of uncut) t.is(outcome, client % 5 === 2 ? 'status/SRM_AUTHORIZATION_FAILURE' : 'ok');
  t.true(uncut.some(({ client }) => client % 5 === 2));
});

/** Ends with the code, and says so on stderr. */
async function isRefused(
  t: ExecutionContext,
  target: ConfigInput['target'],
  { exitCode, saying }: { exitCode: number; saying: RegExp },
): Promise<void> {
  const run = await startRun(t, { ...common, name: 'refused', target, load: { levels: [1] } });
  const end = await run.ended;
  t.is(end.exitCode, exitCode, end.stderr);
  t.regex(end.stderr.replaceAll(/\s+/g, ' '), saying);
}

test('what keeps clients from being let in is said in plain words, before any load', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const [ours, others] = [join(folder, 'ours'), join(folder, 'others')];
  for (const directory of [ours, others]) await writeCertificateFolder(directory, { users: 1 });
  const { url } = await startFrontend(t, ours);
  const proxy = join(ours, 'proxies', 'user-001.pem');
  const caDirectory = join(ours, 'certificates');

  await isRefused(
    t,
    { url, identity: { proxy }, caDirectory: join(others, 'certificates') },
    { exitCode: 123, saying: /handshake-failure\/server-certificate-untrusted.*check target\.caDirectory/ },
  );
  await isRefused(
    t,
    { url, identity: { proxy: join(others, 'proxies', 'user-001.pem') }, caDirectory },
    { exitCode: 123, saying: /ended as reset.*may not accept the certificate of target\.identity/ },
  );
  await writeFile(join(ours, 'grid-mapfile'), '"/DC=org/DC=example/CN=Somebody Else" other\n');
  await isRefused(
    t,
    { url, identity: { proxy }, caDirectory },
    { exitCode: 123, saying: /SRM_AUTHORIZATION_FAILURE.*have it mapped there/ },
  );
  const { expiredProxy } = await wrongCertificates();
  const expired = join(folder, 'expired.pem');
  await writeFile(expired, writeProxyFile(expiredProxy), { mode: 0o600 });
  await isRefused(
    t,
    { url, identity: { proxy: expired }, caDirectory },
    { exitCode: 119, saying: /the proxy of .* in .*expired\.pem expired at \d{4}-.*renew it.*GT_CREDENTIAL_EXPIRED/ },
  );
});
