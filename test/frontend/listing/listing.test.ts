import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type ListingRequest, listSurls } from '../../../frontend/listing/listing.ts';
import type { LsReply, PathDetail } from '../../../scenarios/srm/ls-reply.ts';
import { makeDirectory } from '../fresh-directory.ts';

type Wish = Partial<ListingRequest> & { checksums?: boolean };

function list(root: string, paths: string | string[], { checksums = false, ...wish }: Wish = {}): LsReply {
  const surls = [paths].flat().map((path) => `srm://localhost${path}`);
  return listSurls({ surls, detail: 'brief', levels: 1, paging: null, ...wish }, { realRoot: root, checksums });
}
const pathsOf = (details: PathDetail[] | null | undefined): string[] => (details ?? []).map(({ path }) => path);
const invalid = { status: 'SRM_INVALID_PATH', explanation: 'No such file or directory.' };

test('a directory lists its entries in the order of readdir', (t) => {
  const names = Array.from({ length: 200 }, (_, index) => `file-${(index * 7919) % 200}`);
  const root = makeDirectory(t, Object.fromEntries(names.map((name) => [`d/${name}`, name])));
  const reply = list(root, '/d');
  t.is(reply.requestStatus, 'SRM_SUCCESS');
  t.deepEqual(
    pathsOf(reply.paths[0]?.subPaths),
    readdirSync(join(root, 'd')).map((name) => `/d/${name}`),
  );
});

test('a brief listing tells path, type and size', (t) => {
  const root = makeDirectory(t, { 'd/file': 'content', 'd/sub/x': '' });
  const [top] = list(root, '/d').paths;
  t.like(top, {
    path: '/d',
    type: 'DIRECTORY',
    status: 'SRM_SUCCESS',
    explanation: 'Read from disk..',
    bytes: null,
    top: null,
  });
  const byPath = Object.fromEntries((top?.subPaths ?? []).map((entry) => [entry.path, entry]));
  t.like(byPath['/d/file'], { type: 'FILE', bytes: 7, modifiedAtMs: null, top: null, checksum: null });
  t.like(byPath['/d/sub'], { type: 'DIRECTORY', bytes: null, subPaths: null });
});

test('a full listing adds times everywhere, and permissions to the path asked for alone', (t) => {
  const root = makeDirectory(t, { 'd/file': 'content' });
  utimesSync(join(root, 'd/file'), 1, 1_700_000_000.5);
  const [top] = list(root, '/d', { detail: 'full' }).paths;
  t.like(top?.top, { fileLocality: 'ONLINE', lifetimeLeftS: -1, otherMode: 'RX' });
  t.is(typeof top?.modifiedAtMs, 'number');
  t.like(top?.subPaths?.[0], { modifiedAtMs: 1_700_000_000_500, top: null, checksum: null });
});

test('checksums are the md5 of what is in the files, in full listings alone', (t) => {
  const content = 'x'.repeat(600_000);
  const root = makeDirectory(t, { 'd/file': content });
  symlinkSync('file', join(root, 'd/link'));
  const md5 = createHash('md5').update(content).digest('hex');
  const [full] = list(root, '/d', { detail: 'full', checksums: true }).paths;
  t.deepEqual(
    full?.subPaths?.map(({ checksum }) => checksum?.value),
    [md5, md5],
  );
  t.is(full?.checksum, null);
  t.is(list(root, '/d', { checksums: true }).paths[0]?.subPaths?.[0]?.checksum, null);
});

test('the number of levels says how deep a listing goes', (t) => {
  const root = makeDirectory(t, { 'a/b/c/d': '' });
  const depth = (levels: number): string[] => {
    const seen: string[] = [];
    for (
      let at: PathDetail | undefined = list(root, '/a', { levels }).paths[0];
      at !== undefined;
      at = at.subPaths?.[0]
    ) {
      seen.push(at.path);
    }
    return seen;
  };
  t.deepEqual(depth(0), ['/a']);
  t.deepEqual(depth(1), ['/a', '/a/b']);
  t.deepEqual(depth(2), ['/a', '/a/b', '/a/b/c']);
  t.deepEqual(depth(Infinity), ['/a', '/a/b', '/a/b/c', '/a/b/c/d']);
});

test('an empty directory says so and lists nothing', (t) => {
  const root = makeDirectory(t);
  t.like(list(root, '/').paths[0], { explanation: 'Empty dir read from disk', subPaths: null, type: 'DIRECTORY' });
});

test('a file and the root can be asked for', (t) => {
  const root = makeDirectory(t, { file: '123' });
  t.like(list(root, '/file').paths[0], { path: '/file', type: 'FILE', bytes: 3, subPaths: null });
  t.deepEqual(pathsOf(list(root, '').paths[0]?.subPaths), ['/file']);
});

test('the request succeeds, fails or succeeds in part, as its paths do', (t) => {
  const root = makeDirectory(t, { 'd/f': '' });
  t.is(list(root, ['/d', '/d/f']).requestStatus, 'SRM_SUCCESS');
  const partly = list(root, ['/d', '/none', '/d/f/below', '/d/../d']);
  t.is(partly.requestStatus, 'SRM_PARTIAL_SUCCESS');
  t.deepEqual(
    partly.paths.map(({ status }) => status),
    ['SRM_SUCCESS', 'SRM_INVALID_PATH', 'SRM_INVALID_PATH', 'SRM_INVALID_PATH'],
  );
  const missing = list(root, '/none');
  t.is(missing.requestStatus, 'SRM_FAILURE');
  t.like(missing.paths[0], { ...invalid, path: '/none', type: null });
  t.like(list(root, `/${'n'.repeat(300)}`).paths[0], invalid);
  t.like(listSurls({ surls: [], detail: 'brief', levels: 1, paging: null }, { realRoot: root, checksums: false }), {
    requestStatus: 'SRM_INVALID_REQUEST',
  });
});

/** A root beside a directory that holds what must not be seen. */
function makeRootBesideSecret(t: ExecutionContext): { root: string; outside: string } {
  const both = makeDirectory(t, { 'root/inside/f': 'inside', 'root-outside/secret': 'do not show' });
  return { root: join(both, 'root'), outside: join(both, 'root-outside') };
}

test('nothing outside the root is listed, however it is asked for', (t) => {
  const { root, outside } = makeRootBesideSecret(t);
  const ways = [
    '/../root-outside',
    '/inside/../../root-outside/secret',
    '/%2e%2e/root-outside',
    '/..%2froot-outside',
    '/inside%2F..%2F..%2Froot-outside',
    '/%252e%252e/root-outside',
    '/inside%00/../..',
    outside,
    `/${outside}/secret`,
    '/\\..\\root-outside',
  ];
  for (const way of ways)
    t.like(list(root, way).paths[0], { ...invalid, bytes: null, type: null, subPaths: null }, way);
});

test('links out of the root are not followed, neither asked for nor listed, and tell nothing', (t) => {
  const { root, outside } = makeRootBesideSecret(t);
  symlinkSync(outside, join(root, 'to-directory'));
  symlinkSync(join(outside, 'secret'), join(root, 'to-file'));
  symlinkSync('../../root-outside', join(root, 'inside', 'relative'));
  symlinkSync('nowhere', join(root, 'dangling'));
  symlinkSync('self', join(root, 'self'));
  for (const path of [
    '/to-directory',
    '/to-file',
    '/to-directory/secret',
    '/inside/relative/secret',
    '/dangling',
    '/self',
  ]) {
    t.like(list(root, path, { detail: 'full' }).paths[0], { ...invalid, bytes: null, modifiedAtMs: null }, path);
  }
  const [top] = list(root, '/', { detail: 'full', levels: Infinity, checksums: true }).paths;
  const bad = top?.subPaths?.filter(({ status }) => status !== 'SRM_SUCCESS') ?? [];
  t.deepEqual(pathsOf(bad).toSorted(), ['/dangling', '/self', '/to-directory', '/to-file']);
  for (const entry of bad) {
    t.like(entry, { ...invalid, type: null, bytes: null, modifiedAtMs: null, checksum: null, subPaths: null });
  }
  t.false(JSON.stringify(top).includes('secret'));
});

test('links that stay in the root are followed, but a listing does not descend through them', (t) => {
  const { root } = makeRootBesideSecret(t);
  symlinkSync('inside', join(root, 'link'));
  symlinkSync('..', join(root, 'inside', 'loop'));
  t.deepEqual(pathsOf(list(root, '/link').paths[0]?.subPaths).toSorted(), ['/link/f', '/link/loop']);
  t.is(list(root, '/inside/loop/inside/loop/inside/f').paths[0]?.bytes, 6);
  const [top] = list(root, '/', { levels: Infinity }).paths;
  const link = top?.subPaths?.find(({ path }) => path === '/link');
  t.like(link, { type: 'DIRECTORY', status: 'SRM_SUCCESS', subPaths: null });
  const loop = top?.subPaths
    ?.find(({ path }) => path === '/inside')
    ?.subPaths?.find(({ path }) => path.endsWith('loop'));
  t.like(loop, { type: 'DIRECTORY', subPaths: null });
});

test('the root of the machine can be served too', (t) => {
  t.is(list('/', '/', { levels: 0 }).paths[0]?.type, 'DIRECTORY');
  t.is(list('/', makeDirectory(t), { levels: 0 }).paths[0]?.type, 'DIRECTORY');
});

test('names that are no UTF-8 are listed with U+FFFD, and so is what lies below them', (t) => {
  const root = makeDirectory(t);
  const odd = Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0x61, 0xff)]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from('/below')]), 'four');
  writeFileSync(join(root, 'b\uFFFD'), 'three');
  symlinkSync(odd, join(root, 'link'));
  const [top] = list(root, '/', { levels: 2 }).paths;
  const byPath = Object.fromEntries((top?.subPaths ?? []).map((entry) => [entry.path, entry]));
  t.like(byPath['/a\uFFFD']?.subPaths?.[0], { path: '/a\uFFFD/below', bytes: 4 });
  t.like(byPath['/b\uFFFD'], { bytes: 5, status: 'SRM_SUCCESS' });
  t.like(byPath['/link'], { type: 'DIRECTORY' });
  t.like(list(root, '/link').paths[0]?.subPaths?.[0], { path: '/link/below', bytes: 4 });
});

test('names with a percent sign, blanks and markup are found both raw and encoded', (t) => {
  const name = `50% <&>"' é`;
  const root = makeDirectory(t, { [`d/${name}`]: 'x' });
  t.like(list(root, `/d/${name}`).paths[0], { bytes: 1, path: `/d/${name}` });
  t.like(list(root, `/d/${encodeURIComponent(name)}`).paths[0], { bytes: 1, path: `/d/${name}` });
});

/** Lists in a process that the file modes bind: root has to drop what lets it read everything. */
function listBound(root: string, path: string): LsReply {
  const program = `const { listSurls } = await import(process.argv[1]);
    const request = { surls: ['srm://h' + process.argv[3]], detail: 'brief', levels: 1, paging: null };
    console.log(JSON.stringify(listSurls(request, { realRoot: process.argv[2], checksums: false })));`;
  const listing = new URL('../../../frontend/listing/listing.ts', import.meta.url).href;
  const command = [process.execPath, '--input-type=module', '--eval', program, listing, root, path];
  const dropped = '-dac_override,-dac_read_search';
  if (process.getuid?.() === 0) command.unshift('setpriv', '--inh-caps', dropped, '--bounding-set', dropped);
  return JSON.parse(execFileSync(command[0] as string, command.slice(1), { encoding: 'utf8' })) as LsReply;
}

test('a directory that may not be read looks empty, one that may not be entered looks missing', (t) => {
  const root = makeDirectory(t, { 'shut/f': '', 'barred/f': '' });
  chmodSync(join(root, 'shut'), 0o100);
  chmodSync(join(root, 'barred'), 0o000);
  t.teardown(() => chmodSync(join(root, 'shut'), 0o700));
  t.teardown(() => chmodSync(join(root, 'barred'), 0o700));
  t.like(listBound(root, '/shut').paths[0], { status: 'SRM_SUCCESS', explanation: 'Empty dir read from disk' });
  t.like(listBound(root, '/barred/f').paths[0], invalid);
});
