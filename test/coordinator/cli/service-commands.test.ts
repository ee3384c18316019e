import { once } from 'node:events';
import { access, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { request } from 'undici';
import { certificateFolderPaths } from '../../../scenarios/credentials/certificate-paths.ts';
import { userSubject } from '../../../scenarios/credentials/issue-certificate.ts';
import { readCredentialFiles } from '../../../scenarios/credentials/read-credential.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand, startCommand } from './command-line.ts';

/** Starts a service by its command and returns the lines that it prints; it is stopped with the test. */
async function startAndRead(t: ExecutionContext, folder: string, words: string[], lines: number): Promise<string[]> {
  const child = startCommand(words, { folder });
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill();
    await ended;
  });
  const read: string[] = [];
  for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
    if (read.push(line) === lines) break;
  }
  return read;
}

test('frontend --make-certificates writes a folder, says so in one line, and starts nothing', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const words = ['frontend', '--make-certificates', 'made', '--users', '2', '--host-name', 'door.example.org'];
  const { exitCode, stdout, stderr } = await runCommand(words, { folder });
  t.is(exitCode, 0, stderr);
  const directory = join(folder, 'made');
  t.deepEqual(JSON.parse(stdout), { directory, users: 2 });
  t.is(stdout.trimEnd().split('\n').length, 1);
  const { gridMapfile, hostCertificate, users } = certificateFolderPaths(directory);
  t.is((await readFile(gridMapfile, 'utf8')).trimEnd().split('\n').length, 2);
  t.deepEqual((await readdir(users)).length, 2);
  await t.notThrowsAsync(access(hostCertificate));
  const again = await runCommand(words, { folder });
  t.is(again.exitCode, 104);
  t.true(again.stderr.includes('GT_CERTIFICATES_DIRECTORY'));
});

test('frontend --make-certificates with a root and a port serves with them at once', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const words = ['frontend', '--make-certificates', 'made', '--users', '1', '--httpg', '--root', '.', '--port', '0'];
  const [made, listening] = await startAndRead(t, folder, words, 2);
  t.like(JSON.parse(made as string), { users: 1 });
  t.regex((JSON.parse(listening as string) as { url: string }).url, /^httpg:\/\/localhost:\d+\/srm\/v2\/server$/);
  const { users } = certificateFolderPaths(join(folder, 'made'));
  const [user] = await readdir(users);
  const file = (name: string): string => join(users, user as string, name);
  await t.notThrowsAsync(readCredentialFiles({ certificate: file('usercert.pem'), key: file('userkey.pem') }));
});

test('frontend takes what belongs to httpg only together with it', async (t) => {
  const folder = await makeTemporaryFolder(t);
  for (const words of [
    ['--gums-url', 'http://127.0.0.1:1/'],
    ['--mapped-id-cache-s', '0'],
    ['--certificates', '.'],
  ]) {
    const { exitCode, stderr } = await runCommand(['frontend', '--root', '.', '--port', '0', ...words], { folder });
    t.is(exitCode, 104, words.join(' '));
    t.true(stderr.includes('GT_FRONTEND_OPTIONS'), stderr);
  }
});

test('frontend writes the event log that it is told to write, INFO unless it is told how much', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const log = join(folder, 'event.log');
  const words = ['frontend', '--root', '.', '--port', '0', '--event-log', log];
  const [listening] = await startAndRead(t, folder, words, 1);
  const { url } = JSON.parse(listening as string) as { url: string };
  await (await request(url, { method: 'POST', body: 'no SOAP' })).body.text();
  t.regex(await readFile(log, 'utf8'), / INFO call 1 of nothing readable came from nobody\n/);
  const without = await runCommand(['frontend', '--root', '.', '--port', '0', '--event-log-level', 'DEBUG'], {
    folder,
  });
  t.is(without.exitCode, 104);
  t.regex(without.stderr, /'--event-log-level <level>' goes with '--event-log <file>'/);
  const unknown = await runCommand(['frontend', '--event-log-level', 'TRACE'], { folder });
  t.is(unknown.exitCode, 104);
});

test('mapping-service prints where it listens, and maps who is in its file', async (t) => {
  const subject = userSubject('Load User 001');
  const folder = await makeTemporaryFolder(t, { mapped: `"${subject}" load001\n` });
  const words = ['mapping-service', '--grid-mapfile', 'mapped', '--port', '0', '--latency', '1ms'];
  const [line] = await startAndRead(t, folder, words, 1);
  const { url } = JSON.parse(line as string) as { url: string };
  const ask = async (dn: string): Promise<number> => {
    const answer = await request(url, { method: 'POST', body: JSON.stringify({ dn }) });
    await answer.body.dump();
    return answer.statusCode;
  };
  t.is(await ask(subject), 200);
  t.is(await ask('/CN=Stranger'), 404);
});
