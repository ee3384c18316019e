import test from 'ava';
import { checkAcrossKeys, checkConfig } from '../../../coordinator/config/check-config.ts';
import { isLoopbackHost } from '../../../coordinator/config/rules/target-rules.ts';
import { SAMPLE_URL_TARGET, changeSample, sampleConfig } from './sample-config.ts';
import { findsOne } from './finds-one.ts';

const UP_TO_1_3 = { 'target.tls': { highest: 'TLSv1.3' } };

type Case = [title: string, changes: Record<string, unknown>, path: string, words: string[]];

const FAR = { target: SAMPLE_URL_TARGET };
const HTTPG = { ...FAR, 'target.url': 'httpg://srm.example.org/srm/v2/server' };
const TWO_SITES = [
  { kind: 'local', site: 'a', pilots: 1, slotsPerPilot: 4 },
  { kind: 'local', site: 'b', pilots: 1, slotsPerPilot: 2 },
];

test('the sample config passes every rule', (t) => {
  t.deepEqual(checkAcrossKeys(sampleConfig()), []);
  t.deepEqual(checkAcrossKeys(sampleConfig({ target: SAMPLE_URL_TARGET })), []);
  t.deepEqual(checkAcrossKeys(sampleConfig({ 'target.httpg': true, 'target.mapping': { by: 'service' } })), []);
  const secured = { ...HTTPG, 'target.identity': { proxies: '/p/*.pem' }, 'target.caDirectory': '/ca' };
  t.deepEqual(checkAcrossKeys(sampleConfig(secured)), []);
  t.deepEqual(
    checkAcrossKeys(sampleConfig({ ...secured, 'target.url': 'https://srm.example.org/', ...UP_TO_1_3 })),
    [],
  );
});

const CASES: Case[] = [
  ['a level twice', { 'load.levels': [1, 2, 2, 4, 4] }, 'load.levels', ['2 and 4 more than once']],
  ['too few slots', { 'load.levels': [1, 9] }, 'pools', ['9 clients', '8 slots (2 x 4)']],
  ['no permission off loopback', { ...FAR, 'target.permission': undefined }, 'target.permission', ['srm.example.org']],
  ['permission for another host', { ...FAR, 'target.permission.host': 'x.org' }, 'target.permission.host', ["'x.org'"]],
  [
    'a permission that no header can hold',
    { ...FAR, 'target.permission.by': 'Zoë' },
    'target.permission.by',
    ['ASCII'],
  ],
  [
    'more clients than permitted',
    { ...FAR, 'target.permission.clientsAtMost': 3 },
    'target.permission.clientsAtMost',
    ['highest level, 4', '3'],
  ],
  ['a password in the url', { ...FAR, 'target.url': 'http://me:pw@srm.example.org/' }, 'target.url', ['a user name']],
  ['a fragment in the url', { ...FAR, 'target.url': 'http://srm.example.org/#top' }, 'target.url', ['#top']],
  [
    'the wrong family for a literal address',
    { ...FAR, 'target.url': 'http://127.0.0.1:1/', 'target.permission': undefined, 'target.addresses': { family: 6 } },
    'target.addresses.family',
    ['127.0.0.1', '6'],
  ],
  [
    'a url without a host',
    { ...FAR, 'target.url': 'httpg:///srm', 'target.permission.host': '' },
    'target.url',
    ['host'],
  ],
  [
    'permission for another host by httpg',
    { ...FAR, 'target.url': 'httpg://DOOR.example.org/srm' },
    'target.permission.host',
    ['door.example.org', "'srm.example.org'"],
  ],
  [
    'an identity for nobody to see',
    { ...FAR, 'target.identity': { proxy: '/tmp/x509up_u1' } },
    'target.identity',
    ['http://', 'x509up_u1'],
  ],
  ['authorities that are not asked', { ...FAR, 'target.caDirectory': '/etc/ca' }, 'target.caDirectory', ['/etc/ca']],
  ['versions of nothing', { ...FAR, 'target.tls': { lowest: 'TLSv1' } }, 'target.tls', ['TLSv1']],
  ['TLS 1.3 with GSI', { ...HTTPG, 'target.tls': { highest: 'TLSv1.3' } }, 'target.tls.highest', ['httpg', 'TLSv1.2']],
  ['a lowest version above', { ...HTTPG, 'target.tls': { lowest: 'TLSv1.3' } }, 'target.tls.lowest', ['TLSv1.2']],
  ['a mapping of nobody', { 'target.mapping.by': 'service' }, 'target.mapping', ['httpg']],
  ['a cache of nobody', { 'target.mapping.lifetimeSecondsMappedIDCached': 0 }, 'target.mapping', ['httpg']],
  [
    'the latency of a file',
    { 'target.httpg': true, 'target.mapping.latency': '5ms' },
    'target.mapping.latency',
    ["'service'", "'5ms'"],
  ],
  ['an answer timeout over 30 min', { 'target.timeouts.answer': '31min' }, 'target.timeouts.answer', ['30min']],
  ['a timeout of nothing', { 'target.timeouts.connect': '0s' }, 'target.timeouts.connect', ['more than 0']],
  ['a size made twice', { 'target.root.make': [20, 100, 20] }, 'target.root.make', ['20 more than once']],
  ['a size that is not made', { 'target.root.make': [20] }, 'scenario.directories.100', ['20', 'target.root.make']],
  ['a made directory elsewhere', { 'scenario.directories.20': '/vo/d20' }, 'scenario.directories.20', ['/d20']],
  [
    'restart of a service that is not ours',
    { ...FAR, 'timing.recovery.otherwise': 'restart' },
    'timing.recovery.otherwise',
    ["'stop', 'skip-target' or 'continue'"],
  ],
  ['a warm-up that ends first', { 'timing.warmUp': { atLeast: '2s', atMost: '1s' } }, 'timing.warmUp.atLeast', ['1s']],
  ['a window that ends first', { 'timing.window': { atLeast: '2s', atMost: '1s' } }, 'timing.window.atLeast', ['1s']],
  ['a window above the default', { 'timing.window.atLeast': '2min' }, 'timing.window.atLeast', ['60s', 'default']],
  [
    'a window of no length',
    { 'timing.window': { atLeast: '0s', atMost: '0s' } },
    'timing.window.atMost',
    ['more than 0'],
  ],
  ['no time to recover', { 'timing.recovery.within': '0s' }, 'timing.recovery.within', ['more than 0']],
  ['a pause that shrinks', { 'load.afterFailure': { pause: '9s' } }, 'load.afterFailure.pause', ['growTo, 5s']],
  ['a start beyond the warm-up', { 'load.start': { within: '30s' } }, 'load.start.within', ['warmUp.atMost, 30s']],
  ['no directory', { 'scenario.directories': {} }, 'scenario.directories', ['at least one']],
  [
    'one path for two sizes',
    { ...FAR, 'scenario.directories': { 20: '/vo', 100: '/vo' } },
    'scenario.directories',
    ["'/vo' for several sizes"],
  ],
  ['a site twice', { pools: [TWO_SITES[0], TWO_SITES[0]] }, 'pools', ["'a' more than once"]],
  ['a share for an unknown site', { pools: TWO_SITES, spread: { a: '50%', b: '50%', c: '0%' } }, 'spread.c', ['a, b']],
  ['a site without a share', { pools: TWO_SITES, spread: { a: '100%' } }, 'spread.b', ['nothing']],
  ['shares short of the whole', { pools: TWO_SITES, spread: { a: '60%', b: '30%' } }, 'spread', ['90 %', '60% + 30%']],
  ['a share beyond the slots', { pools: TWO_SITES, spread: { a: '10%', b: '90%' } }, 'pools.1', ['3 of 4', '2 slots']],
  ['a barrier of no time', { 'barrier.within': '0s' }, 'barrier.within', ['more than 0']],
  ['a barrier beyond the whole', { 'barrier.atLeast': '101%' }, 'barrier.atLeast', ['100 %']],
  ['a barrier for nobody', { 'barrier.atLeast': '0%' }, 'barrier.atLeast', ['more than 0 %']],
  ['a port that is none', { 'coordinator.listen': '127.0.0.1:70000' }, 'coordinator.listen', ['65535']],
  ['a reach that nobody can dial', { 'pools.0.reach': 'me.org:0' }, 'pools.0.reach', ['from 1']],
];

for (const [title, ...broken] of CASES) {
  test(`one finding, with path and numbers: ${title}`, findsOne, ...broken);
}

const ALLOWED: [string, Record<string, unknown>][] = [
  ['no permission on loopback', { target: { kind: 'url', url: 'http://localhost:8080/srm' } }],
  ['no permission on IPv6 loopback', { target: { kind: 'url', url: 'http://[::1]:8080/srm' } }],
  ['an own directory served under any path', { 'target.root': '/srv', 'scenario.directories': { 7: '/vo/seven' } }],
  [
    'one path for two sizes that are not counted',
    {
      'target.root': '/srv',
      scenario: { kind: 'srm-ls', directories: { 1: '/x', 2: '/x' }, expectEntries: false },
    },
  ],
  ['as many slots as clients', { 'load.levels': [8] }],
  [
    'shares with decimals',
    {
      pools: [...TWO_SITES, { kind: 'local', site: 'c', pilots: 1, slotsPerPilot: 4 }],
      spread: { a: '33.3%', b: '33.3%', c: '33.4%' },
    },
  ],
  ['permission for a host in capitals', { ...FAR, 'target.permission.host': 'SRM.example.org' }],
];

for (const [title, changes] of ALLOWED) {
  test(`no finding: ${title}`, (t) => {
    t.deepEqual(checkAcrossKeys(sampleConfig(changes)), []);
  });
}

const HOSTS: [string, boolean][] = [
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['127.0.0.1.example.org', false],
  ['127.example.org', false],
  ['localhost.example.org', false],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['::ffff:7f00:1', false],
];

for (const [host, expected] of HOSTS) {
  test(`${host} is ${expected ? '' : 'not '}loopback`, (t) => {
    t.is(isLoopbackHost(host), expected);
  });
}

test('a typing error in one part does not hide what the rules find in the others', (t) => {
  const { config, findings } = checkConfig(changeSample({ 'timing.drain': 5, 'load.levels': [99] }));
  t.is(config, null);
  t.deepEqual(
    findings.map((finding) => finding.path),
    ['timing.drain', 'pools'],
  );
});
