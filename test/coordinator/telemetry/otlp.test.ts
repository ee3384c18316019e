/** Metrics over OTLP, as a receiver reads them with the official definitions, and receivers that fail in every way. */

import { readFileSync } from 'node:fs';
import test from 'ava';
import { METRICS } from '../../../coordinator/telemetry/metrics.ts';
import { VERSION } from '../../../coordinator/version.ts';
import { eventually } from '../../support/eventually.ts';
import { PORT_OF_NOBODY } from '../../support/loopback-server.ts';
import {
  type Export,
  type ReceiverBehaviour,
  accept,
  pointsOf,
  refuseSome,
  startOtlpReceiver,
} from '../../support/otlp-receiver.ts';
import { ALWAYS, EVENTS, openSample } from './sample-telemetry.ts';

const SECRET = 'Bearer hunter2-hunter2';
const CELL_ONE = {
  'glidetester.target': 'embedded',
  'glidetester.directory_size': 20,
  'glidetester.level': 1,
  'glidetester.run': 1,
};

/** The rows of the table of metrics in docs/telemetry.md. */
function readDocument() {
  const text = readFileSync(new URL('../../../docs/telemetry.md', import.meta.url), 'utf8');
  return [...text.matchAll(/^\| `(glidetester\.\S+)` \| (\w+) \| `(\S+)` \| (.*?) \| (.*) \|$/gm)].map(
    ([, name, kind, unit, attributes, description]) => ({
      name,
      kind,
      unit,
      attributes: [...(attributes ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]),
      description,
    }),
  );
}

function describeReceived({ metrics }: Export) {
  return metrics.map(({ name, kind, unit, description, points }) => ({
    name,
    kind,
    unit,
    attributes: [...new Set(points.flatMap(({ attributes }) => Object.keys(attributes)))],
    description,
  }));
}

test.serial(
  'what arrives is what docs/telemetry.md says, and the final figures are those of the campaign',
  async (t) => {
    const receiver = await startOtlpReceiver(t);
    const config = {
      otlp: { url: receiver.origin, every: '1s', headers: { Authorization: { fromEnvironment: 'TOKEN' } } },
    };
    const telemetry = await openSample(t, config, { TOKEN: SECRET });
    t.deepEqual(telemetry.facts, {
      prometheusUrl: null,
      otlp: { url: `${receiver.origin}/v1/metrics`, everyMs: 1000 },
    });
    for (const event of EVENTS) telemetry.observe(event);
    const running = await eventually('a first export', () => receiver.exports[0]);
    t.deepEqual(describeReceived(running), readDocument());
    t.is(METRICS.length, readDocument().length);
    t.is(running.metrics.flatMap(({ points }) => points).length, 11 + 2 * 22 + 6 + 9 - 1, 'one percentile is null');
    t.like(running, { path: '/v1/metrics', scope: { name: 'glidetester', version: VERSION } });
    t.deepEqual(running.resource, {
      'service.name': 'glidetester',
      'service.version': VERSION,
      'service.instance.id': 'sample-0badcafe',
      'glidetester.campaign': 'sample',
    });
    t.is(running.headers.authorization, SECRET);
    t.regex(running.headers['user-agent'] ?? '', new RegExp(`^glidetester/${VERSION} `));
    const [held] = pointsOf(running, 'glidetester.clients.held');
    t.like(held, { value: 2000, isWhole: true, attributes: { ...CELL_ONE, 'glidetester.level': 2 } });
    t.like(pointsOf(running, 'glidetester.rate')[0], { value: 49.62, isWhole: false });
    t.deepEqual(
      pointsOf(running, 'glidetester.cell.service_time').map(({ attributes, value }) => [
        attributes['glidetester.statistic'],
        value,
      ]),
      [
        ['mean', 0.04],
        ['p50', 0.0396],
        ['p90', 0.041],
        ['p95', 41.2],
        ['max', 0.044],
      ],
    );
    t.deepEqual(pointsOf(running, 'glidetester.cell.rate')[0]?.attributes, {
      ...CELL_ONE,
      'glidetester.cell.state': 'ok',
    });
    t.deepEqual(countsOf(running, 'glidetester.operations'), { ok: 5096, status: 3, reset: 3, cut: 1 });

    await telemetry.close(ALWAYS);
    const final = receiver.exports.at(-1);
    t.deepEqual(countsOf(final, 'glidetester.operations'), { ok: 5096, status: 3, reset: 3, cut: 1 });
    t.deepEqual(countsOf(final, 'glidetester.discarded_operations'), { ok: 5000, reset: 3 });
    t.deepEqual(pointsOf(final, 'glidetester.clients.held'), [], 'nothing is held any more');
    const [before, after] = [running, final].map((each) => pointsOf(each, 'glidetester.cells.planned')[0]);
    t.is(before?.startNs, after?.startNs as bigint);
    t.true((before?.timeNs as bigint) < (after?.timeNs as bigint));
    t.true((before?.startNs as bigint) <= (before?.timeNs as bigint));
    t.deepEqual(telemetry.warnings, []);
  },
);

/** What is not 0 of the embedded target. */
function countsOf(received: Export | undefined, name: string) {
  const counted = pointsOf(received, name).filter(
    ({ attributes, value }) => attributes['glidetester.target'] === 'embedded' && value > 0,
  );
  return Object.fromEntries(counted.map(({ attributes, value }) => [attributes['glidetester.outcome'], value]));
}

const reset: ReceiverBehaviour = (response) => response.destroy();
const hang: ReceiverBehaviour = () => {};
const say =
  (status: number, fields: Record<string, string> = {}): ReceiverBehaviour =>
  (response) =>
    response.writeHead(status, fields).end('no');
/** A byte now and then: never silent, and never done. */
const dribble: ReceiverBehaviour = (response) => {
  const timer = setInterval(() => response.write('x'), 20);
  response.once('close', () => clearInterval(timer));
};
const answerSomethingElse: ReceiverBehaviour = (response) => response.end('<h1>It works!</h1>');

/** Tells of a campaign and closes; its one warning, without a secret. */
const endsInTime = test.macro<[behave: ReceiverBehaviour | null, expected: RegExp]>(async (t, behave, expected) => {
  const origin = behave === null ? `http://127.0.0.1:${PORT_OF_NOBODY}` : (await startOtlpReceiver(t, behave)).origin;
  const config = { otlp: { url: origin, every: '1s', headers: { 'x-key': { fromEnvironment: 'TOKEN' } } } };
  const telemetry = await openSample(t, config, { TOKEN: SECRET });
  for (const event of EVENTS) telemetry.observe(event);
  await telemetry.close(ALWAYS);
  t.is(telemetry.warnings.length, 1, telemetry.warnings.join('\n'));
  t.regex(telemetry.warnings[0] ?? '', expected);
  t.regex(telemetry.warnings[0] ?? '', /^metrics do not arrive at http:\S+: .*correct telemetry\.otlp\.url$/);
  t.false(telemetry.warnings.join('\n').includes('hunter2'));
});

// One after the other: OpenTelemetry's log, in which it tells of refusals, is one for the whole process.
test.serial('nobody listens', endsInTime, null, /ECONNREFUSED|no answer came/);
test.serial('the connection breaks', endsInTime, reset, /hang up|ECONNRESET|no answer came/);
test.serial('no answer at all', endsInTime, hang, /timed out|no answer came/);
test.serial('an answer that does not end', endsInTime, dribble, /no answer came/);
test.serial('an error', endsInTime, say(500), /HTTP status 500, Internal Server Error/);
test.serial('not now', endsInTime, say(503, { 'Retry-After': '3600' }), /retryable status/);
test.serial('who are you', endsInTime, say(401), /HTTP status 401/);
test.serial(
  'a part of them refused',
  endsInTime,
  refuseSome(7, 'too many series'),
  /Partial Success .*"rejectedDataPoints":7|too many series/,
);
test.serial('something that is no receiver', endsInTime, answerSomethingElse, /not deserialize response/);

test.serial('a redirect is an answer that is wrong, and nobody hears from us where it leads', async (t) => {
  const elsewhere = await startOtlpReceiver(t);
  const receiver = await startOtlpReceiver(t, say(307, { Location: `${elsewhere.origin}/v1/metrics` }));
  const telemetry = await openSample(t, { otlp: { url: `${receiver.origin}/in`, every: '1s' } });
  await telemetry.close(ALWAYS);
  t.is(receiver.exports[0]?.path, '/in');
  t.regex(telemetry.warnings[0] ?? '', /HTTP status 307/);
  t.is(elsewhere.exports.length, 0);
});

test.serial('a receiver that comes late is warned of once, and has everything in the end', async (t) => {
  let behave = reset;
  const receiver = await startOtlpReceiver(t, (response, received) => behave(response, received));
  const telemetry = await openSample(t, { otlp: { url: receiver.origin, every: '1s' } });
  for (const event of EVENTS) telemetry.observe(event);
  await eventually('the warning', () => telemetry.warnings[0]);
  behave = accept;
  await telemetry.close(ALWAYS);
  t.is(telemetry.warnings.length, 1);
  t.deepEqual(countsOf(receiver.exports.at(-1), 'glidetester.operations'), { ok: 5096, status: 3, reset: 3, cut: 1 });
});

test.serial('no variable of OpenTelemetry changes what is sent, and they stay for others', async (t) => {
  const other = await startOtlpReceiver(t);
  const receiver = await startOtlpReceiver(t);
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: other.origin,
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: other.origin,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=hunter2',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-team=hunter2',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    OTEL_RESOURCE_ATTRIBUTES: 'a=b',
    OTEL_SERVICE_NAME: 'another',
    OTEL_SDK_DISABLED: 'true',
  };
  Object.assign(process.env, variables);
  t.teardown(() => Object.keys(variables).forEach((name) => delete process.env[name]));
  const telemetry = await openSample(t, { otlp: { url: receiver.origin } });
  t.like(process.env, variables);
  for (const event of EVENTS) telemetry.observe(event);
  await telemetry.close(ALWAYS);
  t.is(other.exports.length, 0);
  t.is(receiver.exports.length, 1);
  t.is(receiver.exports[0]?.resource['service.name'], 'glidetester');
  t.false(JSON.stringify(receiver.exports[0]?.headers).includes('hunter2'));
});

test.serial('a variable that is not set is told before anything is opened, what one holds never', async (t) => {
  const headers = { 'x-a': { fromEnvironment: 'TOKEN' } };
  const config = { otlp: { url: 'http://127.0.0.1:1', headers }, prometheus: { listen: '192.0.2.1:1' } };
  const unset = await t.throwsAsync(openSample(t, config));
  t.like(unset, {
    code: 'GT_TELEMETRY_VARIABLE',
    hint: 'set TOKEN for the coordinator, or correct telemetry.otlp.headers',
  });
  const unfit = await t.throwsAsync(openSample(t, config, { TOKEN: 'hunter2\r\nx-b: c' }));
  t.like(unfit, { code: 'GT_TELEMETRY_VARIABLE' });
  t.false(unfit?.message.includes('hunter2'));
});

test.serial('a bug in the figures is told once and ends no campaign', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const telemetry = await openSample(t, { otlp: { url: receiver.origin } });
  for (let times = 0; times < 3; times += 1) telemetry.observe({ type: 'cell-finished' } as never);
  t.is(telemetry.warnings.length, 1);
  t.regex(telemetry.warnings[0] ?? '', /stand still from here on, by a bug/);
  await telemetry.close(ALWAYS);
});
