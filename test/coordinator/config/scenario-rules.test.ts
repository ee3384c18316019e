import test from 'ava';
import * as fc from 'fast-check';
import { checkAcrossKeys, checkConfig } from '../../../coordinator/config/check-config.ts';
import { isHeaderName, isHeaderValue } from '../../../coordinator/config/header-fields.ts';
import { SAMPLE, SAMPLE_URL_TARGET, changeSample, sampleConfig } from './sample-config.ts';
import { findsOne } from './finds-one.ts';

const ASKED = { target: { ...SAMPLE_URL_TARGET, url: 'https://srm.example.org/status?all=1' } };
const SECRET = 's3cret-value';

/** An http-get with these keys. */
const get = (keys: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...ASKED,
  scenario: { kind: 'http-get', ...keys },
});
const withHeader = (name: string, value: unknown = 'x'): Record<string, unknown> => get({ headers: { [name]: value } });

test('an http-get with everything that it can have passes every rule', (t) => {
  const headers = { Accept: 'text/html, */*;q=0.1', Authorization: { fromEnvironment: 'TOKEN' }, 'X-Empty': '' };
  const keys = { method: 'POST', headers, body: '{}', expectStatus: [200, 201], expectText: 'größer' };
  t.deepEqual(checkAcrossKeys(sampleConfig(get(keys))), []);
  t.deepEqual(checkAcrossKeys(sampleConfig(get())), []);
  t.deepEqual(checkAcrossKeys(sampleConfig(get({ method: 'PUT', body: { file: 'large.json' } }))), []);
  t.deepEqual(checkAcrossKeys(sampleConfig(get({ expectText: 'it works' }))), []);
});

test('an http-get is a GET that expects 200 unless it says otherwise', (t) => {
  const { scenario } = sampleConfig(get());
  t.deepEqual(scenario, { kind: 'http-get', method: 'GET', headers: {}, expectStatus: 200 });
});

type Case = [title: string, changes: Record<string, unknown>, path: string, words: string[]];

const CASES: Case[] = [
  ['a header twice', get({ headers: { Accept: 'a', accept: 'b' } }), 'scenario.headers', ['accept more than once']],
  ['no header name', withHeader('X Y'), 'scenario.headers.X Y', ["'X Y'"]],
  ['no header name at all', withHeader(''), 'scenario.headers.', ["''"]],
  ...[
    'Host',
    'content-length',
    'Transfer-Encoding',
    'connection',
    'Expect',
    'Upgrade',
    'User-Agent',
    'GlideTester-Operation',
  ].map((name): Case => [`${name}, which is not the user's`, withHeader(name), `scenario.headers.${name}`, [name]]),
  ['a header that ends', withHeader('X', 'a\r\nHost: b'), 'scenario.headers.X', ['printable ASCII']],
  ['a header with a blank', withHeader('X', ' a'), 'scenario.headers.X', ['blanks']],
  ['a header beyond ASCII', withHeader('X', 'größer'), 'scenario.headers.X', ['printable ASCII']],
  ...['Authorization', 'cookie', 'X-Api-Key', 'X-Auth-Token', 'Proxy-Authorization'].map((name): Case => [
    `a secret in ${name}`,
    withHeader(name, SECRET),
    `scenario.headers.${name}`,
    ['fromEnvironment', 'results'],
  ]),
  ['a body with GET', get({ body: '{}' }), 'scenario.body', ['GET', "'POST'"]],
  ['a file with HEAD', get({ method: 'HEAD', body: { file: 'x' } }), 'scenario.body', ['HEAD']],
  [
    'a body that is no text any more',
    get({ method: 'POST', body: 'ß'.repeat(600_000) }),
    'scenario.body',
    ['1200000 bytes', 'file:'],
  ],
  ['a text of HEAD', get({ method: 'HEAD', expectText: 'a' }), 'scenario.expectText', ['HEAD', "'GET'"]],
  [
    'http-get of the embedded target',
    { scenario: { kind: 'http-get' } },
    'target.kind',
    ["'embedded'", 'SRM', 'srm-ls'],
  ],
  [
    'http-get over GSI',
    { ...get(), 'target.url': 'httpg://srm.example.org/x' },
    'target.url',
    ['http:// or https://', 'httpg://srm.example.org/x'],
  ],
  [
    'a query with srm-ls',
    { target: { ...SAMPLE_URL_TARGET, url: 'http://srm.example.org:8080/srm/v2/server?SFN=/d' } },
    'target.url',
    ["'?SFN=/d'", 'scenario.directories'],
  ],
];

for (const [title, changes, path, words] of CASES) test(`${title} is found`, findsOne, changes, path, words);

test('of a header that is wrong no finding says what its value is', (t) => {
  const names = ['Authorization', 'Host', 'X Y', 'X'];
  const headers = Object.fromEntries(names.map((name) => [name, `${SECRET}\n`]));
  const findings = checkAcrossKeys(sampleConfig(get({ headers })));
  t.is(findings.length, names.length);
  t.false(JSON.stringify(findings).includes(SECRET));
});

test('each of several targets must be one that http-get can ask', (t) => {
  const { target } = ASKED;
  const targets = { ours: target, sample: SAMPLE.target, grid: { ...target, url: 'httpg://srm.example.org/' } };
  const findings = checkAcrossKeys(sampleConfig({ ...get(), target: undefined, targets }));
  t.deepEqual(
    findings.map(({ path }) => path),
    ['targets.sample.kind', 'targets.grid.url'],
  );
});

const SCHEMA_CASES: [what: string, keys: Record<string, unknown>, path: string, expected: RegExp][] = [
  ['a method that is none', { method: 'FETCH' }, 'method', /one of 'GET', 'HEAD'/],
  ['a status that ends nothing', { expectStatus: 100 }, 'expectStatus', /a status from 200 to 599|at least 200/],
  ['no status', { expectStatus: [] }, 'expectStatus', /./],
  ['a text that everything contains', { expectText: '' }, 'expectText', /at least 1/],
  ['a variable that has no name', { headers: { A: { fromEnvironment: '' } } }, 'headers.A.fromEnvironment', /variable/],
  ['a key of srm-ls', { directories: { 20: '/d20' } }, 'directories', /known here/],
];

for (const [what, keys, path, expected] of SCHEMA_CASES) {
  test(`${what} is refused by the schema`, (t) => {
    const { config, findings } = checkConfig(changeSample(get(keys)));
    t.is(config, null);
    t.deepEqual(
      findings.map((finding) => finding.path),
      [`scenario.${path}`],
      JSON.stringify(findings),
    );
    t.regex(findings[0]?.expected ?? '', expected);
  });
}

test('checks that name numbers of files are refused where there are none', (t) => {
  const checks = ['rate at 20 files > 1 Hz', 'line deviation at level 4 < 10 %', 'slope > 0 Hz/client', 'not hung'];
  const expect = { findings: checks.map((check) => ({ says: 'as expected', check })) };
  const findings = checkAcrossKeys(sampleConfig({ ...get(), expect }));
  t.deepEqual(
    findings.map(({ path, came }) => [path, came]),
    [
      ['expect.findings.0.check', '20 files'],
      ['expect.findings.1.check', 'line deviation'],
    ],
  );
  for (const { expected } of findings) t.regex(expected, /http-get has no directories at column \d/);
});

test('a header is what Node’s own rules take, and never one that could end or begin another', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
      if (isHeaderName(text)) t.notThrows(() => new Headers([[text, 'x']]));
      if (!isHeaderValue(text)) return;
      t.is(new Headers([['x', text]]).get('x'), text);
      t.notRegex(text, /[^\t -~]/);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), (text) => {
      t.is(isHeaderValue(text), text === text.trim());
    }),
  );
});
