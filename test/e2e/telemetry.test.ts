/** Live metrics of real campaigns: over OTLP, scraped by Debian's Prometheus, and when there is nobody to take them. */

import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { METRICS } from '../../coordinator/telemetry/metrics.ts';
import { type OutcomeCounts, outcomeClassOf } from '../../foundation/outcome.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { CONFIG_FILE, finishRun, runCli, startRun } from '../support/cli.ts';
import { startCountingService } from '../support/counting-service.ts';
import { ensureDebianPackage } from '../support/debian-package.ts';
import { eventually } from '../support/eventually.ts';
import { type Export, accept, pointsOf, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const SECRET = 'hunter2-hunter2-hunter2';

function configFor(origin: string, telemetry: ConfigInput['telemetry']): ConfigInput {
  return {
    name: 'watched',
    target: { url: origin },
    scenario: { kind: 'http-get' },
    load: { levels: [2, 3], afterFailure: { pause: '20ms', growTo: '20ms' } },
    timing: {
      warmUp: { atLeast: '50ms', atMost: '20s' },
      window: { atLeast: '300ms', operationsPerClient: 5, atMost: '5s' },
      recovery: { within: '20s' },
    },
    pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 2 }],
    telemetry,
  };
}

/** Operations of all cells by class, without those that are 0. */
function countClasses(cells: readonly CellSummary[]): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (const [outcome, count] of cells.flatMap(({ operations }) => Object.entries(operations.byOutcome))) {
    const outcomeClass = outcomeClassOf(outcome);
    counts[outcomeClass] = (counts[outcomeClass] ?? 0) + count;
  }
  return counts;
}

function countsOf(received: Export | undefined, name: string): Record<string, number> {
  const points = pointsOf(received, name).filter(({ value }) => value > 0);
  return Object.fromEntries(points.map(({ attributes, value }) => [attributes['glidetester.outcome'], value]));
}

/** Names of the files below a folder that hold the text. */
async function filesHolding(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile());
  const contents = await Promise.all(files.map((each) => readFile(join(each.parentPath, each.name), 'latin1')));
  return files.filter((_, index) => contents[index]?.includes(text)).map(({ name }) => name);
}

test('what a receiver has in the end is what the summary has; a secret goes to nobody else, nor do proxies see it', async (t) => {
  // The second cell goes on when the receiver has seen it.
  const isSeen = Promise.withResolvers<void>();
  const receiver = await startOtlpReceiver(t, (response, received) => {
    accept(response, received);
    const [held] = pointsOf(received, 'glidetester.clients.held');
    if (held?.attributes['glidetester.level'] === 3) isSeen.resolve();
  });
  const elsewhere = await startOtlpReceiver(t);
  let viaProxy = 0;
  const proxy = createServer((socket) => {
    viaProxy += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(() => proxy.close());
  // Every fifth answer of the second cell is no success.
  let asked = 0;
  const service = await startCountingService(t, ({ level }, response) => {
    asked += 1;
    const status = level === 3 && asked % 5 === 0 ? 503 : 200;
    void (level === 3 ? isSeen.promise : Promise.resolve()).then(() => response.writeHead(status).end('hello'));
  });
  const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const folder = await makeTemporaryFolder(t);
  const campaign = await startRun(
    t,
    configFor(service.origin, {
      otlp: { url: receiver.origin, every: '1s', headers: { 'X-Api-Key': { fromEnvironment: 'COLLECTOR_KEY' } } },
      prometheus: { listen: '127.0.0.1:0' },
    }),
    {
      folder,
      words: ['--json'],
      environment: {
        COLLECTOR_KEY: SECRET,
        OTEL_EXPORTER_OTLP_ENDPOINT: elsewhere.origin,
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${elsewhere.origin}/v1/metrics`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-other=1',
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: proxyUrl,
        http_proxy: proxyUrl,
      },
    },
  );
  const started = await campaign.awaitLine('telemetry-started');
  const prometheusUrl = started['prometheusUrl'] as string;
  t.deepEqual(started['otlp'], { url: `${receiver.origin}/v1/metrics`, everyMs: 1000 });
  t.regex(await (await fetch(prometheusUrl)).text(), /^glidetester_cells_planned\{glidetester_campaign="watched"\} /m);
  const run = await finishRun(campaign);
  t.is(run.exitCode, 0, run.stderr);
  t.true(
    run.stderr.includes(
      `metrics   ${prometheusUrl} (Prometheus)   to ${receiver.origin}/v1/metrics every 1.0 s (OTLP)`,
    ),
  );
  t.notRegex(run.stderr, /warning/);

  const final = receiver.exports.at(-1);
  const counts = countClasses(run.cells);
  t.true((counts.ok ?? 0) > 0 && (counts.status ?? 0) > 0);
  t.deepEqual(countsOf(final, 'glidetester.operations'), counts as Record<string, number>);
  t.deepEqual(countsOf(final, 'glidetester.discarded_operations'), {});
  t.deepEqual(
    pointsOf(final, 'glidetester.cells.finished').map(({ attributes, value }) => [
      attributes['glidetester.cell.state'],
      value,
    ]),
    ['ok', 'degraded', 'failed', 'skipped'].map((state) => [
      state,
      run.cells.filter((cell) => cell.state === state).length,
    ]),
  );
  t.deepEqual(
    pointsOf(final, 'glidetester.cell.rate').map(({ attributes, value }) => [attributes['glidetester.level'], value]),
    run.cells.map(({ level, ratePerS }) => [level, ratePerS]),
  );
  const seen = new Set(receiver.exports.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  t.deepEqual([...seen].toSorted(), METRICS.map(({ name }) => name).toSorted(), 'each is told at some time');
  const id = run.journal[0]?.['campaign'];
  t.true(receiver.exports.every(({ resource }) => resource['service.instance.id'] === id));

  t.true(receiver.exports.every(({ headers }) => headers['x-api-key'] === SECRET && headers['x-other'] === undefined));
  t.false([run.stdout, run.stderr].some((text) => text.includes(SECRET)));
  await writeFile(join(folder, 'found'), SECRET);
  t.deepEqual(await filesHolding(folder, SECRET), ['found'], 'this search finds what is there, and only that');
  t.deepEqual([elsewhere.exports.length, viaProxy], [0, 0]);
});

test('Prometheus sees the campaign grow, and its final figures are those of the summary', async (t) => {
  if (!(await ensureDebianPackage(t, ['prometheus']))) {
    t.pass();
    return;
  }
  const release = Promise.withResolvers<void>();
  const service = await startCountingService(t, ({ level }, response) => {
    if (level === 3) void release.promise.then(() => response.end('hello'));
    else response.end('hello');
  });
  const config = configFor(service.origin, { prometheus: { listen: '127.0.0.1:0', lastScrapeWithin: '30s' } });
  const campaign = await startRun(t, config);
  const { host } = new URL((await campaign.awaitLine('telemetry-started'))['prometheusUrl'] as string);
  const prometheus = await startPrometheus(t, host);
  // The second cell goes on when Prometheus has seen it.
  const labels = 'glidetester_target=~".*:.*",glidetester_level="3",glidetester_campaign="watched"';
  await eventually('clients in flight', async () =>
    (await prometheus.query(`glidetester_clients_in_flight{${labels}} > 2.9`)).length > 0 ? true : undefined,
  );
  t.like((await prometheus.query('glidetester_clients_held'))[0], { value: 3 });
  t.deepEqual(
    (await prometheus.query('glidetester_phase == 1')).map((sample) => sample.labels['glidetester_phase']),
    ['warm-up'],
  );
  release.resolve();
  const run = await finishRun(campaign);
  t.is(run.exitCode, 0, run.stderr);
  const final = await prometheus.query('last_over_time(glidetester_operations_total[1h]) > 0');
  t.deepEqual(
    Object.fromEntries(final.map((sample) => [sample.labels['glidetester_outcome'], sample.value])),
    countClasses(run.cells) as Record<string, number>,
  );
  const names = await prometheus.query('group by (__name__) (last_over_time({__name__=~"glidetester_.*"}[1h]))');
  t.deepEqual(
    names.map((sample) => sample.labels['__name__'] as string).toSorted(),
    METRICS.map(({ name, kind }) => `${name.replaceAll('.', '_')}${kind === 'counter' ? '_total' : ''}`).toSorted(),
  );
  const rates = await prometheus.query('last_over_time(glidetester_cell_rate[1h])');
  t.deepEqual(
    rates.map((sample) => sample.value).toSorted((a, b) => a - b),
    run.cells.map(({ ratePerS }) => ratePerS as number).toSorted((a, b) => a - b),
  );
});

test('a receiver that never answers costs a campaign one warning, and neither its figures nor its exit code', async (t) => {
  const receiver = await startOtlpReceiver(t, () => {});
  const service = await startCountingService(t, (_, response) => response.end('hello'));
  const campaign = await startRun(t, configFor(service.origin, { otlp: { url: receiver.origin, every: '1s' } }));
  const run = await finishRun(campaign);
  t.is(run.exitCode, 0, run.stderr);
  t.deepEqual(run.stderr.match(/^warning .*$/gm)?.length, 1, run.stderr);
  t.regex(run.stderr, /^warning {3}metrics do not arrive at http:.*correct telemetry\.otlp\.url$/m);
  t.deepEqual(
    run.cells.map(({ state, server }) => [state, server]),
    [
      ['ok', null],
      ['ok', null],
    ],
  );
  const steps = run.journal.map(({ step }) => step);
  t.is(steps.at(-1), 'campaign-finished');
});

test('a campaign that is stopped has told its final figures, and what was given up is told as discarded', async (t) => {
  const receiver = await startOtlpReceiver(t, accept);
  const service = await startCountingService(t, (_, response) => response.end('hello'));
  const config = configFor(service.origin, { otlp: { url: receiver.origin } });
  const campaign = await startRun(t, {
    ...config,
    timing: { ...config.timing, window: { atLeast: '60s', atMost: '60s' } },
  });
  await campaign.awaitLine('window-opened');
  campaign.child.kill('SIGINT');
  campaign.child.kill('SIGINT');
  const run = await finishRun(campaign);
  t.is(run.exitCode, 105, run.stderr);
  const [operations, discarded] = ['operations', 'discarded_operations'].map((name) =>
    countsOf(receiver.exports.at(-1), `glidetester.${name}`),
  );
  t.true((operations?.['ok'] ?? 0) > 0);
  t.deepEqual(operations, discarded, 'no cell is in the result');
});

test('a port that is in use ends a campaign before anything is started', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const listen = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const service = await startCountingService(t, (_, response) => response.end());
  const config = configFor(service.origin, { prometheus: { listen } });
  const folder = await makeTemporaryFolder(t, { [CONFIG_FILE]: JSON.stringify(config) });
  const { exitCode, stderr } = await runCli(t, ['run', '--out', 'out'], { folder });
  t.is(exitCode, 104, stderr);
  t.regex(stderr, /^error: .*expected to listen for Prometheus on 127\.0\.0\.1:\d+: .*EADDRINUSE/m);
  t.regex(stderr, /^hint: choose another telemetry\.prometheus\.listen/m);
  t.deepEqual(await readdir(join(folder, 'out')), []);
  t.is(service.requests.length, 0);
});
