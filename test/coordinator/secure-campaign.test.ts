/** Campaigns against an httpg service that somebody else runs, as far as their credentials decide how they go. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runCampaign } from '../../coordinator/campaign.ts';
import { type Config, type ConfigInput, ConfigSchema } from '../../coordinator/config/schema.ts';
import type { IdentitiesRecord } from '../../coordinator/identities/identities.ts';
import { startFrontend } from '../../frontend/main.ts';
import { writeCertificateFolder } from '../../scenarios/credentials/certificate-folder.ts';
import { issueProxy, userSubject, writeProxyFile } from '../../scenarios/credentials/issue-certificate.ts';
import { readCredentialFiles } from '../../scenarios/credentials/read-credential.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { LAUNCH, TINY_TIMING } from './tiny-campaign.ts';

const MINUTE_MS = 60_000;

/** An httpg service with one user, and a campaign of two cells that shows a proxy of that user. */
async function createScene(t: ExecutionContext, proxyLastsMs: number) {
  const folder = await makeTemporaryFolder(t);
  const certificates = join(folder, 'certificates');
  const { users, caDirectory } = await writeCertificateFolder(certificates, { users: 1, hostNames: ['localhost'] });
  const root = join(folder, 'root');
  await mkdir(join(root, 'd1'), { recursive: true });
  await writeFile(join(root, 'd1', 'file'), 'text');
  const frontend = await startFrontend({ root, port: 0, fsConcurrency: 1, httpg: true, certificates });
  t.teardown(() => frontend.stop());

  const own = { certificate: join(users, 'user-001', 'usercert.pem'), key: join(users, 'user-001', 'userkey.pem') };
  const { credential } = await readCredentialFiles(own);
  const notAfter = new Date(Date.now() + proxyLastsMs);
  const proxy = await issueProxy(credential, { notBefore: new Date(Date.now() - 60 * MINUTE_MS), notAfter });
  const proxyFile = join(folder, 'x509up');
  await writeFile(proxyFile, writeProxyFile(proxy), { mode: 0o600 });
  const directory = join(folder, 'results');
  await mkdir(directory);
  const config = makeConfig({ url: frontend.url, identity: { proxy: proxyFile }, caDirectory });
  return { config, directory, proxyFile, own };
}

function makeConfig(target: { url: string; identity: object; caDirectory: string }): Config {
  return ConfigSchema.parse({
    name: 'secured',
    target: { kind: 'url', addresses: { family: 4 }, ...target } as ConfigInput['target'],
    scenario: { kind: 'srm-ls', directories: { 1: '/d1' } },
    load: { levels: [1, 2] },
    timing: TINY_TIMING,
    pools: [{ kind: 'local', pilots: 1, slotsPerPilot: 2 }],
  } satisfies ConfigInput);
}

function run({ config, directory }: { config: Config; directory: string }) {
  return runCampaign({
    config,
    configSource: { path: 'secured.config.ts', sha256: '0'.repeat(64) },
    directory,
    observe: () => {},
    interrupt: { drain: new AbortController().signal, now: new AbortController().signal },
    strict: false,
    launch: LAUNCH,
  });
}

test('with a proxy that lasts, cells are measured, and campaign.json says who the clients were', async (t) => {
  const scene = await createScene(t, 12 * 60 * MINUTE_MS);
  const { exitCode, summary } = await run(scene);
  t.is(exitCode, 0);
  t.true(summary.cells.every(({ state, operations }) => state !== 'failed' && operations.failed === 0));
  const text = await readFile(join(scene.directory, 'campaign.json'), 'utf8');
  const record = JSON.parse(text) as { identities: Record<string, IdentitiesRecord> };
  const [identities] = Object.values(record.identities) as [IdentitiesRecord];
  t.is(identities.users, 1);
  t.is(identities.credentials[0]?.from, scene.proxyFile);
  t.true(identities.credentials[0]?.subject.startsWith(`${userSubject('Load User 001')}/CN=`));
  t.false(/BEGIN|[A-Za-z0-9+/]{65}/.test(JSON.stringify(identities)));
});

test('with a proxy that would end in a cell nothing is fired: 119, and every cell is skipped with the reason', async (t) => {
  const scene = await createScene(t, MINUTE_MS);
  const { exitCode, stopped, summary } = await run(scene);
  t.is(exitCode, 119);
  t.regex(stopped ?? '', /the proxy of .*CN=Load User 001 in .*x509up is valid until .* the cell may take/);
  t.deepEqual(
    summary.cells.map(({ state, reason }) => [state, reason]),
    [
      ['skipped', stopped],
      ['skipped', stopped],
    ],
  );
  const journal = await readFile(join(scene.directory, 'journal.ndjson'), 'utf8');
  t.true(journal.includes('"step":"credential-expiring"'));
  t.false(journal.includes('"step":"cell-fired"'));
});

test('with a proxy that is over, or a key that others may read, it does not begin', async (t) => {
  const scene = await createScene(t, -MINUTE_MS);
  await t.throwsAsync(run(scene), { code: 'GT_CREDENTIAL_EXPIRED', message: /expired at/ });
  const open = join(scene.directory, 'open.pem');
  await writeFile(open, await readFile(scene.own.key), { mode: 0o644 });
  const identity = { certificate: scene.own.certificate, key: open };
  const config = ConfigSchema.parse({ ...scene.config, target: { ...scene.config.target, identity } });
  await t.throwsAsync(run({ ...scene, config }), { code: 'GT_CREDENTIAL_MODE', message: /open\.pem/ });
});
