import test from 'ava';
import { checkConfig } from '../../../coordinator/config/check-config.ts';
import { countEdits, findNearest } from '../../../foundation/nearest-word.ts';
import { SAMPLE_URL_TARGET, changeSample } from './sample-config.ts';

type Case = [
  title: string,
  changes: Record<string, unknown>,
  path: string,
  expected: string,
  came: string,
  fix: RegExp,
];

const CASES: Case[] = [
  [
    'a key missed by a letter',
    { 'load.levles': [1] },
    'load.levles',
    'a key that is known here',
    'levles: [ 1 ]',
    /^did you mean load\.levels\?$/,
  ],
  [
    'a key in other case',
    { 'timing.warmup': {} },
    'timing.warmup',
    'a key that is known here',
    'warmup: {}',
    /timing\.warmUp/,
  ],
  ['a key in the wrong place', { runs: 3 }, 'runs', 'a key that is known here', 'runs: 3', /load\.runs/],
  [
    'a key of another kind',
    { 'target.permission': {} },
    'target.permission',
    'a key that is known here',
    'permission: {}',
    /another kind/,
  ],
  [
    'a key unlike any',
    { 'load.zzzzzz': 1 },
    'load.zzzzzz',
    'a key that is known here',
    'zzzzzz: 1',
    /one of: levels, runs/,
  ],
  ['a text for a number', { 'load.runs': 'two' }, 'load.runs', 'a number', "'two'", /whole chain is repeated/],
  ['a fraction for a whole number', { 'load.runs': 1.5 }, 'load.runs', 'a whole number', '1.5', /change it/],
  ['a number too small', { 'load.runs': 0 }, 'load.runs', 'a number greater than 0', '0', /change it/],
  ['a number too large', { 'scenario.levels': 11 }, 'scenario.levels', 'a number of at most 10', '11', /change it/],
  ['a list too short', { 'load.levels': [] }, 'load.levels', 'a list with a length of at least 1', '[]', /change it/],
  ['an item of a list', { 'load.levels': [1, 'x'] }, 'load.levels.1', 'a number', "'x'", /Clients at once/],
  [
    'a duration without a unit',
    { 'timing.drain': 5 },
    'timing.drain',
    "a duration with a unit, such as '300ms', '20s', '5min' or '8h'",
    '5',
    /change it/,
  ],
  [
    'a share without a unit',
    { 'barrier.spare': '10' },
    'barrier.spare',
    "a share with a unit, such as '98%'",
    "'10'",
    /change it/,
  ],
  ['a choice', { 'load.order': 'random' }, 'load.order', "one of 'run-major', 'cell-major'", "'random'", /change it/],
  [
    'an identity of no known kind',
    { target: { ...SAMPLE_URL_TARGET, identity: { prox: '/tmp/x509up_u1' } } },
    'target.identity',
    "'environment', { certificate, key }, { proxy }, { proxies } or { certificates }",
    "{ prox: '/tmp/x509up_u1' }",
    /X509_USER_PROXY/,
  ],
  [
    'a scheme that nobody speaks',
    { target: { ...SAMPLE_URL_TARGET, url: 'srm://srm.example.org/' } },
    'target.url',
    'an http://, https:// or httpg:// URL with host and path',
    "'srm://srm.example.org/'",
    /httpg:/,
  ],
  ['a missing key', { name: undefined }, 'name', 'a text', 'nothing', /^add it/],
  ['an unknown kind', { 'target.kind': 'ftp' }, 'target.kind', "one of 'embedded', 'url'", "'ftp'", /change it/],
  ['a value inside a union', { 'target.root': { make: ['x'] } }, 'target.root.make.0', 'a number', "'x'", /change it/],
  ['a value outside a union', { 'target.root': 7 }, 'target.root', 'an object with keys, or a text', '7', /change it/],
  [
    'a key that should be a number',
    { 'scenario.directories': { x: '/x' } },
    'scenario.directories.x',
    'the number of files as key',
    "'x'",
    /change it/,
  ],
  [
    'a path that is not absolute',
    { 'scenario.directories.20': 'd20' },
    'scenario.directories.20',
    "a text that starts with '/'",
    "'d20'",
    /change it/,
  ],
  ['a value JSON cannot say', { 'load.runs': 10n }, 'load.runs', 'a number', '10n', /change it/],
];

for (const [title, changes, path, expected, came, fix] of CASES) {
  test(`told by path, with what to do: ${title}`, (t) => {
    const { findings } = checkConfig(changeSample(changes));
    const finding = findings.find((each) => each.path === path);
    t.like(finding, { path, expected, came });
    t.regex(finding?.fix ?? '', fix);
  });
}

test('all findings of a config come at once', (t) => {
  const { findings } = checkConfig(changeSample({ name: 'a b', 'load.runs': 0, 'timing.drain': '5', zzz: 1 }));
  t.deepEqual(
    findings.map((finding) => finding.path),
    ['name', 'load.runs', 'timing.drain', 'zzz'],
  );
});

for (const value of [undefined, null, 7, 'text', []]) {
  test(`a config must be an object: ${JSON.stringify(value) ?? 'undefined'}`, (t) => {
    const { config, findings } = checkConfig(value);
    t.is(config, null);
    t.deepEqual(
      findings.map(({ path, expected }) => ({ path, expected })),
      [{ path: '', expected: 'an object with keys' }],
    );
  });
}

const WORDS: [string, string, number][] = [
  ['', '', 0],
  ['levels', 'levels', 0],
  ['levles', 'levels', 1],
  ['ca', 'abc', 3],
  ['run', 'runs', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
];

for (const [from, to, edits] of WORDS) {
  test(`from '${from}' to '${to}' in ${edits} edits`, (t) => {
    t.is(countEdits(from, to), edits);
    t.is(countEdits(to, from), edits);
  });
}

test('the nearest key wins, and nothing far is suggested', (t) => {
  t.is(findNearest('PILOT', ['pools', 'pilots', 'plots']), 'pilots');
  t.is(findNearest('abc', ['xyz']), undefined);
});
