import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { CHAIN_RULES } from '../../../scenarios/credentials/chain-refusal.ts';
import { walkChain } from '../../../scenarios/credentials/chain-walk.ts';
import { readCertificateBlocks, writeCertificatePem } from '../../../scenarios/credentials/pem.ts';
import { parseTrustedAuthorities } from '../../../scenarios/credentials/trusted-authorities.ts';
import { testCertificates, TEST_USER_SUBJECT, wrongCertificates } from '../../support/certificates.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { ACCEPTED, type ChainCase, REFUSED, TRUSTED, USER_IDENTITY } from './chain-cases.ts';
import { cn, encodeName, forge, HOUR_MS, NOW_MS } from './forge-certificate.ts';

const trusted = parseTrustedAuthorities(TRUSTED.map(writeCertificatePem));
const shown = (chain: string): Uint8Array[] => readCertificateBlocks(chain).map(({ der }) => der);

for (const { title, chain, proxies, limited = false } of ACCEPTED) {
  test(`accepted: ${title}`, (t) => {
    t.deepEqual(walkChain(chain, trusted, NOW_MS), {
      kind: 'accepted',
      identity: USER_IDENTITY,
      via: proxies > 0 ? 'proxy' : 'certificate',
      proxies,
      validUntilMs: NOW_MS + HOUR_MS,
      limited,
    });
  });
}

for (const { title, chain, rule, says = '' } of REFUSED) {
  test(`refused: ${title}`, (t) => {
    const verdict = walkChain(chain, trusted, NOW_MS);
    t.is(verdict.kind === 'refused' ? verdict.rule : null, rule);
    t.true(verdict.kind === 'refused' && verdict.text.includes(says), JSON.stringify(verdict));
  });
}

test('every rule is broken by one of the chains', (t) => {
  const broken = new Set(REFUSED.map(({ rule }) => rule));
  t.deepEqual(
    CHAIN_RULES.filter((rule) => !broken.has(rule)),
    [],
  );
});

test('the words of a refusal stay short, whatever a client calls itself', (t) => {
  const { der } = forge({ subject: encodeName(cn('\n'.repeat(20_000))), issuer: null });
  const verdict = walkChain([der], trusted, NOW_MS);
  t.true(verdict.kind === 'refused' && verdict.text.length <= 1001 && !verdict.text.includes('\n'));
});

test('nothing is accepted where nobody is trusted', (t) => {
  for (const { chain } of ACCEPTED) t.is(walkChain(chain, parseTrustedAuthorities([]), NOW_MS).kind, 'refused');
});

test('a chain is valid at its first and its last instant, and not a second beside', (t) => {
  const { chain } = ACCEPTED[0] as ChainCase;
  const at = (unixMs: number): string => {
    const verdict = walkChain(chain, trusted, unixMs);
    return verdict.kind === 'refused' ? verdict.rule : verdict.kind;
  };
  t.deepEqual([NOW_MS - HOUR_MS - 1, NOW_MS - HOUR_MS].map(at), ['not-yet-valid', 'accepted']);
  t.deepEqual([NOW_MS + HOUR_MS, NOW_MS + HOUR_MS + 1].map(at), ['accepted', 'expired']);
});

test('what the authority of the tests issues is accepted, and what it did not issue is refused by its rule', async (t) => {
  const [good, wrong] = await Promise.all([testCertificates(), wrongCertificates()]);
  const authorities = parseTrustedAuthorities([good.authority.certificate]);
  const walk = (credential: { certificateChain: string }) =>
    walkChain(shown(credential.certificateChain), authorities, Date.now());
  for (const credential of [good.user, good.proxy, good.proxyOfProxy]) {
    const verdict = walk(credential);
    t.is(verdict.kind === 'accepted' && verdict.identity, TEST_USER_SUBJECT, JSON.stringify(verdict));
  }
  const rules = Object.entries(wrong).flatMap(([name, credential]) => {
    if (!('certificateChain' in credential)) return [];
    const verdict = walk(credential);
    return [[name, verdict.kind === 'refused' ? verdict.rule : verdict.kind]];
  });
  t.deepEqual(Object.fromEntries(rules), {
    strangeUser: 'wrong-signature',
    strangeProxy: 'wrong-signature',
    expiredUser: 'expired',
    expiredProxy: 'expired',
    wronglySignedProxy: 'wrong-signature',
  });
});

test('OpenSSL accepts what is accepted, and refuses what is refused but for the rules that it leaves to others', async (t) => {
  if (spawnSync('openssl', ['version']).status !== 0) {
    t.log('skipped: needs `apt-get install -y openssl`');
    t.pass();
    return;
  }
  const folder = await makeTemporaryFolder(t, { 'trusted.pem': TRUSTED.map(writeCertificatePem).join('') });
  const differences: string[] = [];
  for (const { title, chain, rule, opensslAccepts = false } of [...ACCEPTED, ...REFUSED]) {
    const [leaf, ...others] = chain;
    if (leaf === undefined) continue;
    await writeFile(join(folder, 'leaf.pem'), writeCertificatePem(leaf));
    await writeFile(join(folder, 'others.pem'), others.map(writeCertificatePem).join(''));
    const untrusted = others.length > 0 ? ['-untrusted', 'others.pem'] : [];
    const { status, stderr } = spawnSync(
      'openssl',
      [
        'verify',
        '-allow_proxy_certs',
        '-purpose',
        'sslclient',
        '-attime',
        String(NOW_MS / 1000),
        '-no-CApath',
        '-no-CAstore',
        '-CAfile',
        'trusted.pem',
        ...untrusted,
        'leaf.pem',
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    if ((status === 0) !== (rule === null || opensslAccepts)) differences.push(`${title}: ${stderr || 'accepted'}`);
  }
  t.deepEqual(differences, []);
});
