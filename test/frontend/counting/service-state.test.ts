import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createAuthorizer } from '../../../frontend/authorization/create-authorizer.ts';
import { createContainerCounts } from '../../../frontend/container/container-counts.ts';
import { closeServer, listen } from '../../../frontend/listening.ts';
import { createMetricsService } from '../../../frontend/counting/metrics-service.ts';
import { createOperationCounts } from '../../../frontend/counting/operation-counts.ts';
import { startMappingService } from '../../../frontend/mapping-service/main.ts';
import { type ServiceState, ServiceStateSchema } from '../../../scenarios/server-count.ts';
import { startFrontendProcess } from '../../support/frontend-process.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { postLs } from '../soap-client.ts';
import { everybodyIs, startService } from '../start-service.ts';

const LOAD_USER = '/CN=Load User';

async function readState(metricsUrl: string): Promise<ServiceState> {
  const response = await fetch(`${metricsUrl}/service`);
  return ServiceStateSchema.strict().parse(await response.json());
}

/** Families of the metrics page that have one number. */
async function readMetrics(metricsUrl: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  return Object.fromEntries(
    [...text.matchAll(/^glidetester_frontend_(\S+) (\S+)$/gm)].map(([, name, value]) => [
      name as string,
      Number(value),
    ]),
  );
}

/** User and system time of all its threads, as the kernel tells it in ticks of 10 ms: up to two ticks too little. */
function readKernelCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

test('the CPU time is what the kernel says of the whole process, listing threads included', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`d/f${index}`, '']));
  await using frontend = await startFrontendProcess({ root: makeDirectory(t, files), port: 0, fsConcurrency: 2 });
  const first = await readState(frontend.metricsUrl);
  for (let round = 0; round < 4; round += 1) {
    await Promise.all(Array.from({ length: 10 }, () => postLs(frontend.url, '/d')));
    const leastMs = readKernelCpuMs(frontend.pid);
    const { cpuMs } = await readState(frontend.metricsUrl);
    const mostMs = readKernelCpuMs(frontend.pid) + 20;
    t.true(leastMs <= cpuMs && cpuMs <= mostMs, `${leastMs} <= ${cpuMs} <= ${mostMs}`);
    t.true(cpuMs > first.cpuMs);
  }
  t.true(((await readMetrics(frontend.metricsUrl))['cpu_seconds_total'] as number) * 1000 > first.cpuMs);
});

test('call-outs are those that the mapping service has counted', async (t) => {
  const gridMapfile = join(makeDirectory(t, { map: `"${LOAD_USER}" load\n` }), 'map');
  const mappingService = await startMappingService({ gridMapfile, port: 0, latencyMs: 0 });
  t.teardown(() => mappingService.stop());
  const authorizer = createAuthorizer({ gumsServiceUrl: mappingService.url });
  const peerOf = everybodyIs(LOAD_USER);
  const { url, metricsUrl } = await startService(t, { files: { 'd/f': '' }, authorizer, peerOf });
  t.is((await readState(metricsUrl)).callOuts, 0);
  await Promise.all(Array.from({ length: 7 }, () => postLs(url, '/d')));
  t.is((await readState(metricsUrl)).callOuts, 14);
  const page = await (await fetch(new URL('/metrics', mappingService.url))).text();
  t.regex(page, /^glidetester_mapping_service_calls_total\{outcome="mapped"\} 14$/m);
});

test('without authorization and container everything but CPU is zero, and nothing is said of threads', async (t) => {
  const { metricsUrl } = await startService(t);
  const { cpuMs: _, ...state } = await readState(metricsUrl);
  t.deepEqual(state, {
    callOuts: 0,
    waitedForThread: 0,
    exhausted: { queue: 0, heap: 0, descriptors: 0 },
    threads: { held: 0, nested: 0, most: null },
  });
  t.deepEqual(
    Object.keys(await readMetrics(metricsUrl)).filter((name) => !/\{|cpu/.test(name)),
    [],
  );
});

test("the container's counts are told as they are now, as JSON and as metrics", async (t) => {
  const container = createContainerCounts(256);
  const metrics = createMetricsService(createOperationCounts(), { container });
  const metricsUrl = `http://127.0.0.1:${await listen(metrics, '127.0.0.1', 0)}`;
  t.teardown(() => closeServer(metrics));
  t.like(await readState(metricsUrl), { waitedForThread: 0, threads: { held: 0, nested: 0, most: 256 } });
  Object.assign(container, {
    waitedForThread: 11,
    refusedByQueue: 12,
    refusedByHeap: 13,
    exhaustedDescriptors: 14,
    waiting: 15,
    waitingNested: 16,
    waitingForLock: 17,
  });
  Object.assign(container.threads, { held: 255, nested: 1 });
  t.like(await readState(metricsUrl), {
    waitedForThread: 11,
    exhausted: { queue: 12, heap: 13, descriptors: 14 },
    threads: { held: 255, nested: 1, most: 256 },
  });
  t.like(await readMetrics(metricsUrl), {
    'exhausted_total{resource="queue"}': 12,
    'exhausted_total{resource="heap"}': 13,
    'exhausted_total{resource="descriptors"}': 14,
    waited_for_thread_total: 11,
    container_threads: 256,
    container_threads_held: 255,
    container_threads_nested: 1,
    waiting_connections: 15,
    waiting_nested_work: 16,
    waiting_for_lock: 17,
  });
});

test('without a container descriptors are still counted', async (t) => {
  const container = { ...createContainerCounts(null), exhaustedDescriptors: 3 };
  const metrics = createMetricsService(createOperationCounts(), { container });
  const metricsUrl = `http://127.0.0.1:${await listen(metrics, '127.0.0.1', 0)}`;
  t.teardown(() => closeServer(metrics));
  t.like(await readState(metricsUrl), { exhausted: { descriptors: 3 }, threads: { most: null } });
  const told = await readMetrics(metricsUrl);
  t.is(told['exhausted_total{resource="descriptors"}'], 3);
  t.false('container_threads' in told);
});
