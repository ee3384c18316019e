/** What the README of a certificate folder says works as it stands, with the frontend and gfal as a user starts them. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import test from 'ava';
import { runCli, startCli } from '../support/cli.ts';
import { prepareGfal, runBesideGfal } from '../support/gfal.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

test('gfal lists by the commands of the README that --make-certificates writes', async (t) => {
  if ((await prepareGfal(t)) === null) return;
  const folder = await makeTemporaryFolder(t);
  const certificates = join(folder, 'certificates');
  const root = await makeTemporaryFolder(t, { 'a-file': 'hello' });
  const made = await runCli(t, ['frontend', '--make-certificates', certificates, '--users', '1'], { folder });
  t.is(made.exitCode, 0, made.stderr);

  const service = ['frontend', '--root', root, '--port', '0', '--httpg', '--certificates', certificates];
  const { child } = startCli(t, service, { folder });
  const [line] = (await once(createInterface(child.stdout as Readable), 'line')) as [string];
  const { port } = new URL((JSON.parse(line) as { url: string }).url);

  const readme = await readFile(join(certificates, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/(?:^ {4}\S.*\n)+/gm)].map(([block]) => block.replaceAll(':8443/', `:${port}/`));
  const [proxy, certificate] = blocks.filter((block) => block.includes('X509_USER')) as [string, string];
  const [list] = /gfal-ls .*/.exec(proxy) as unknown as [string];
  for (const script of [proxy, `${proxy}${certificate}${list}`]) {
    const { exitCode, stdout, stderr } = await runBesideGfal('sh', ['-ec', script], { cwd: certificates });
    t.deepEqual([exitCode, stderr], [0, '']);
    t.regex(stdout, /^----------.* 5 .* a-file\t$/m);
  }
});
