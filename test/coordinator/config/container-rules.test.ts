import test from 'ava';
import { checkAcrossKeys, checkConfig } from '../../../coordinator/config/check-config.ts';
import { SAMPLE_URL_TARGET, changeSample, sampleConfig } from './sample-config.ts';
import { findsOne } from './finds-one.ts';

const HTTPG = { 'target.httpg': true };
const BESTMAN = { ...HTTPG, 'target.container': 'bestman' };
const BESTMAN2 = { ...HTTPG, 'target.container': 'bestman2' };

test('both containers pass with what they have', (t) => {
  const common = { 'target.maxContainerThreads': 100, 'target.maxJavaHeap': '5 GB', 'target.descriptors': 1024 };
  const globus = { ...BESTMAN, ...common, 'target.nestedAuthorization': 'own-pool' };
  const jetty = { ...BESTMAN2, ...common, 'target.connectorQueueSize': 50, 'target.whenQueueFull': 'refuse' };
  t.deepEqual(checkAcrossKeys(sampleConfig(globus)), []);
  t.deepEqual(checkAcrossKeys(sampleConfig({ ...jetty, 'target.lockOverCallOut': false })), []);
});

const CASES: [title: string, changes: Record<string, unknown>, path: string, words: string[]][] = [
  ['a container without httpg', { 'target.container': 'bestman' }, 'target.container', ['target.httpg: true']],
  [
    'threads without a container',
    { 'target.maxContainerThreads': 9 },
    'target.maxContainerThreads',
    ["'bestman' or 'bestman2'", '9'],
  ],
  ['heap without a container', { ...HTTPG, 'target.maxJavaHeap': '1 GB' }, 'target.maxJavaHeap', ["'1 GB'"]],
  [
    'an accept queue of the Globus container',
    { ...BESTMAN, 'target.connectorQueueSize': 5 },
    'target.connectorQueueSize',
    ["'bestman2'"],
  ],
  [
    'nested work of Jetty',
    { ...BESTMAN2, 'target.nestedAuthorization': 'own-pool' },
    'target.nestedAuthorization',
    ["'bestman'"],
  ],
  ['a lock of the Globus container', { ...BESTMAN, 'target.lockOverCallOut': false }, 'target.lockOverCallOut', []],
  [
    'a queue that is never full',
    { ...BESTMAN2, 'target.whenQueueFull': 'refuse' },
    'target.whenQueueFull',
    ['connectorQueueSize'],
  ],
  [
    'further than a relay reaches',
    { 'target.roundTrip': '40s', 'pools.0.roundTrip': '30s' },
    'pools.0.roundTrip',
    ['60 s', '70 s'],
  ],
  [
    'a distance to a target that has one',
    { target: SAMPLE_URL_TARGET, 'pools.0.roundTrip': '20ms' },
    'pools.0.roundTrip',
    ["'20ms'", 'loopback'],
  ],
];

for (const [title, ...broken] of CASES) {
  test(`one finding, with path and words: ${title}`, findsOne, ...broken);
}

const EMBEDDED = { kind: 'embedded', root: { make: [20, 100] } };

test('of several targets each is checked, and its problem told where it stands', (t) => {
  const raw = changeSample({
    target: undefined,
    targets: { old: EMBEDDED, new: { ...EMBEDDED, container: 'bestman' } },
  });
  t.deepEqual(
    checkConfig(raw).findings.map(({ path }) => path),
    ['targets.new.container'],
  );
});

const pathsOf = (changes: Record<string, unknown>): [string, string][] =>
  checkConfig(changeSample(changes)).findings.map(({ path, came }) => [path, came]);

test('a config has one target or several, and not both', (t) => {
  t.deepEqual(pathsOf({ target: undefined }), [['target', 'neither']]);
  t.deepEqual(pathsOf({ targets: { old: EMBEDDED } }), [['target', 'both']]);
  t.deepEqual(pathsOf({ target: undefined, targets: {} }), [['targets', '{}']]);
  t.deepEqual(pathsOf({ target: undefined, targets: { old: EMBEDDED, new: EMBEDDED } }), []);
});
