import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import {
  GRID_MAPFILE_LIMIT_BYTES,
  loadGridMapfile,
  parseGridMapfile,
} from '../../../frontend/authorization/grid-mapfile.ts';
import { makeDirectory } from '../fresh-directory.ts';

function maps(t: ExecutionContext, line: string, subject: string, localUser: string): void {
  t.deepEqual(parseGridMapfile(line), { localUsers: new Map([[subject, localUser]]), badLines: 0 });
}
test(
  'a subject in quotes is mapped',
  maps,
  '"/DC=org/CN=Load User 001" load001',
  '/DC=org/CN=Load User 001',
  'load001',
);
test('of several local users the first is taken', maps, '"/CN=a" u1,u2,u3', '/CN=a', 'u1');
test('a subject without quotes ends at a blank', maps, '/DC=org/CN=plain user', '/DC=org/CN=plain', 'user');
test('tabs and blanks may stand around', maps, ' \t"/CN=a"  \t u1 \r', '/CN=a', 'u1');
test(
  'a quote in a subject is escaped',
  maps,
  String.raw`"/CN=the \"x\" \\ one" u1`,
  String.raw`/CN=the "x" \ one`,
  'u1',
);
test('a subject may hold a hash sign and more than ASCII', maps, '"/CN=#1 Jürgen 🌀" u1', '/CN=#1 Jürgen 🌀', 'u1');
test('the first line of a subject holds', maps, '"/CN=a" first\n"/CN=a" second', '/CN=a', 'first');
test('comments and empty lines are no entries', maps, '# one\n\n  # two\n"/CN=a" u1\n', '/CN=a', 'u1');
test('the name of an object property is a subject like any', maps, '"__proto__" u1', '__proto__', 'u1');

function isBad(t: ExecutionContext, line: string): void {
  t.deepEqual(parseGridMapfile(`${line}\n"/CN=good" u1`), { localUsers: new Map([['/CN=good', 'u1']]), badLines: 1 });
}
test('a line without a local user is skipped', isBad, '"/CN=a"');
test('a line whose quote is never closed is skipped', isBad, '"/CN=a u1');
test('a line with an escaped closing quote is skipped', isBad, String.raw`"/CN=a\" u1`);
test('a line with an empty subject is skipped', isBad, '"" u1');
test('a line with an empty local user is skipped', isBad, '"/CN=a" ,u1');
test('a line with a trailing comma is skipped', isBad, '"/CN=a" u1,');
test('a line with more than a subject and users is skipped', isBad, '"/CN=a" u1 u2');
test('a line that starts in the middle of nowhere is skipped', isBad, 'u1');
test('a line of binary rubbish is skipped', isBad, '\u0000\u0001\uFFFD"');
test('an overlong line is skipped', isBad, `"/CN=${'\\\\'.repeat(500_000)}" u1`);
test('an overlong line of commas is skipped', isBad, `"/CN=a" ${'u,'.repeat(500_000)}`);

test('what was written is what is mapped, for any subjects', (t) => {
  const subject = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((text) => !/[\r\n\u2028\u2029]/.test(text));
  const user = fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/);
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(subject, user), { selector: ([name]) => name }), (entries) => {
      const lines = entries.map(
        ([name, localUser]) => `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}" ${localUser},other`,
      );
      t.deepEqual(parseGridMapfile(lines.join('\n')), { localUsers: new Map(entries), badLines: 0 });
    }),
  );
});

test('any text at all is read, and every line of it is an entry, a comment, empty or bad', (t) => {
  const line = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[" \\#,/=a]{0,30}$/));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const { localUsers, badLines } = parseGridMapfile(lines.join('\n'));
      const meant = lines
        .join('\n')
        .split('\n')
        .map((each) => each.trim())
        .filter((each) => each !== '' && !each.startsWith('#'));
      t.true(localUsers.size + badLines <= meant.length);
      t.true(localUsers.size > 0 || badLines === meant.length);
    }),
  );
});

test('a file is read whole, through a link too', async (t) => {
  const folder = makeDirectory(t);
  const lines = Array.from({ length: 20_000 }, (_, index) => `"/DC=org/CN=Load User ${index}" load${index % 50}`);
  writeFileSync(join(folder, 'grid-mapfile'), `${lines.join('\n')}\nnonsense\n`);
  symlinkSync('grid-mapfile', join(folder, 'link'));
  const { localUsers, badLines } = await loadGridMapfile(join(folder, 'link'));
  t.is(localUsers.size, 20_000);
  t.is(localUsers.get('/DC=org/CN=Load User 19999'), 'load49');
  t.is(badLines, 1);
});

test('what is no file of a sensible size is refused without its path', async (t) => {
  const folder = makeDirectory(t, { large: '' });
  truncateSync(join(folder, 'large'), GRID_MAPFILE_LIMIT_BYTES + 1);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const messageFor = async (name: string): Promise<string | undefined> =>
    (await t.throwsAsync(loadGridMapfile(join(folder, name))))?.message;
  t.is(await messageFor('none'), 'the grid-mapfile cannot be read: ENOENT');
  t.is(await messageFor('pipe'), 'the grid-mapfile is no file');
  t.is(await messageFor('.'), 'the grid-mapfile is no file');
  t.is(await messageFor('large'), 'the grid-mapfile has 16777217 bytes, more than 16777216');
});
