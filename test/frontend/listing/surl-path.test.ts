import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { parseSurlPath } from '../../../frontend/listing/surl-path.ts';

function leadsTo(t: ExecutionContext, surl: string, names: string[], asked: string): void {
  t.deepEqual(parseSurlPath(surl), { asked, names });
}
test('the short form names the path after the host', leadsTo, 'srm://h/data/d', ['data', 'd'], '/data/d');
test('the port is no part of the path', leadsTo, 'srm://h:8443/data', ['data'], '/data');
test(
  'the long form names the path after SFN',
  leadsTo,
  'srm://h:1/srm/v2/server?SFN=/data/d',
  ['data', 'd'],
  '/data/d',
);
test('SFN may be written in any case', leadsTo, 'SRM://h/s?sfn=/d', ['d'], '/d');
test('a host alone is the root', leadsTo, 'srm://h', [], '');
test('slashes too many and dots are nothing', leadsTo, 'srm://h//a/.///b/', ['a', 'b'], '//a/.///b/');
test('percent-encoding is decoded', leadsTo, 'srm://h/a%20b%2fc/%C3%A9', ['a b', 'c', 'é'], '/a b/c/é');
test('percent-encoding is decoded once', leadsTo, 'srm://h/%252e%252e/a', ['%2e%2e', 'a'], '/%2e%2e/a');
test('what only looks like percent-encoding is a name', leadsTo, 'srm://h/100%/%ff', ['100%', '%ff'], '/100%/%ff');
test('dots inside a name are a name', leadsTo, 'srm://h/..a/b../...', ['..a', 'b..', '...'], '/..a/b../...');
test(
  'an absolute path is one below the root',
  leadsTo,
  'srm://h/s?SFN=//etc/passwd',
  ['etc', 'passwd'],
  '//etc/passwd',
);

function isRefused(t: ExecutionContext, surl: string): void {
  t.is(parseSurlPath(surl), null);
}
test('a step up is refused', isRefused, 'srm://h/..');
test('a step up behind a way down is refused', isRefused, 'srm://h/s?SFN=/a/../b');
test('encoded dots are a step up', isRefused, 'srm://h/%2e%2E/etc');
test('encoded slashes part names', isRefused, 'srm://h/a%2F..%2f..%2Fetc');
test('half-encoded dots are a step up', isRefused, 'srm://h/a/.%2e/b');
test('NUL is refused', isRefused, 'srm://h/a\0b');
test('encoded NUL is refused', isRefused, 'srm://h/a%00');
test('another scheme is refused', isRefused, 'file:///etc/passwd');
test('a bare path is refused', isRefused, '/etc/passwd');

test('no name that comes out can climb, whatever goes in', (t) => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '%2e',
    '%2E',
    '%2f',
    '%5c',
    '\\',
    '%00',
    '%',
    'a',
    '?SFN=',
    '%25',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      for (const name of parseSurlPath(`srm://h/${pieces.join('')}`)?.names ?? []) {
        t.false(name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0'));
      }
      t.pass();
    }),
  );
});
