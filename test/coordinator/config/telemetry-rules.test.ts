import test from 'ava';
import { checkAcrossKeys } from '../../../coordinator/config/check-config.ts';
import { ConfigSchema } from '../../../coordinator/config/schema.ts';
import { findsOne } from './finds-one.ts';
import { SAMPLE, sampleConfig } from './sample-config.ts';

const SECRET = { fromEnvironment: 'COLLECTOR_TOKEN' };

const otlp = (changes: Record<string, unknown>) => ({
  telemetry: { otlp: { url: 'http://127.0.0.1:4318', ...changes } },
});

test('metrics that go nowhere', findsOne, { telemetry: {} }, 'telemetry', ['otlp, prometheus, or both']);

const URL_PATH = 'telemetry.otlp.url';

test('a password in the url', findsOne, otlp({ url: 'http://me:hunter2@127.0.0.1/' }), URL_PATH, [
  'a user name or password',
  'fromEnvironment',
]);

test('a secret in the query', findsOne, otlp({ url: 'http://127.0.0.1/v1/metrics?api_key=hunter2' }), URL_PATH, [
  "'api_key' in its query",
]);

test('a fragment', findsOne, otlp({ url: 'http://127.0.0.1/#top' }), URL_PATH, ['a fragment (#top)']);

test(
  'a secret over plain http to another host',
  findsOne,
  otlp({ url: 'http://collector.example.org:4318', headers: { 'x-team': SECRET } }),
  URL_PATH,
  ['https://', 'collector.example.org is off loopback'],
);

test('too often', findsOne, otlp({ every: '999ms' }), 'telemetry.otlp.every', ['from 1s to 1h']);

test('too seldom', findsOne, otlp({ every: '61min' }), 'telemetry.otlp.every', ['from 1s to 1h']);

const HEADERS = 'telemetry.otlp.headers';

test('a secret written out', findsOne, otlp({ headers: { 'Api-Key': 'hunter2' } }), `${HEADERS}.Api-Key`, [
  'fromEnvironment',
]);

test('another content type', findsOne, otlp({ headers: { 'Content-Type': 'a/b' } }), `${HEADERS}.Content-Type`, [
  'always protobuf',
]);

test('another host header', findsOne, otlp({ headers: { Host: 'a.b' } }), `${HEADERS}.Host`, ['yours to set']);

test(
  'a port that there is not',
  findsOne,
  { telemetry: { prometheus: { listen: '127.0.0.1:70000' } } },
  'telemetry.prometheus.listen',
  ['a port from 0 to 65535'],
);

for (const telemetry of [
  { prometheus: {} },
  {
    prometheus: { listen: '[::1]:0' },
    otlp: { url: 'http://collector.example.org:4318', headers: { 'x-team': 'grid' } },
  },
  { otlp: { url: 'https://collector.example.org/in?tenant=a', every: '1s', headers: { Authorization: SECRET } } },
  { otlp: { url: 'http://[::1]:4318', headers: { Authorization: SECRET } } },
]) {
  test(`fine: ${JSON.stringify(telemetry)}`, (t) => {
    t.deepEqual(checkAcrossKeys(sampleConfig({ telemetry })), []);
  });
}

test('metrics listen on loopback, are sent every 10 seconds and wait for no last scrape unless told otherwise', (t) => {
  t.is(sampleConfig().telemetry, undefined);
  t.deepEqual(sampleConfig({ telemetry: { prometheus: {}, otlp: { url: 'http://127.0.0.1:4318' } } }).telemetry, {
    prometheus: { listen: '127.0.0.1:9464', lastScrapeWithin: '0s' },
    otlp: { url: 'http://127.0.0.1:4318', every: '10s', headers: {} },
  });
});

for (const telemetry of [
  { prometheus: { listen: '9464' } },
  { prometheus: { listen: '::1:9464' } },
  { otlp: { url: 'grpc://127.0.0.1:4317' } },
  { otlp: {} },
  { otlp: { url: 'http://127.0.0.1', headers: { a: { fromEnvironment: 'not a name' } } } },
  { datadog: {} },
]) {
  test(`refused: ${JSON.stringify(telemetry)}`, (t) => {
    t.false(ConfigSchema.safeParse({ ...SAMPLE, telemetry }).success);
  });
}
