/** A real limit of open files: the frontend as a process under `ulimit -n`. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { createContainerCounts } from '../../../frontend/container/container-counts.ts';
import { surviveDescriptors } from '../../../frontend/container/descriptors.ts';
import type { FrontendOptions } from '../../../frontend/main.ts';
import { eventually } from '../../support/eventually.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { makeCertificates, readMetric } from '../secure-client.ts';
import { readLs, writePathRequest } from '../soap-client.ts';
import { startClient, startMappingByHand } from './container-world.ts';

const MAIN_FILE = new URL('../../../frontend/main.ts', import.meta.url);
/** Of which the process takes about 30 for itself. */
const DESCRIPTORS = 64;

type Limited = { url: string; metricsUrl: string; isAlive: () => boolean };

async function startLimited(
  t: ExecutionContext,
  options: Partial<FrontendOptions> = {},
  descriptors = DESCRIPTORS,
): Promise<Limited> {
  const whole: FrontendOptions = { root: makeDirectory(t, { 'd1/f': '' }), port: 0, fsConcurrency: 1, ...options };
  const program = `import(${JSON.stringify(MAIN_FILE.href)})
    .then(({ runFrontend }) => runFrontend(JSON.parse(process.argv[1])));`;
  const child = spawn(
    'sh',
    ['-c', `ulimit -n ${descriptors}; exec "$0" "$@"`, process.execPath, '--eval', program, JSON.stringify(whole)],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const failed = ended.then(() => Promise.reject(new Error(said)));
  failed.catch(() => {}); // it ends with the test
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), failed])) as [string];
  return { ...(JSON.parse(line) as Limited), isAlive: () => child.exitCode === null && child.signalCode === null };
}

/** Connects until the service closes what it has no descriptor for; resolves to how to let all go. */
async function takeAllDescriptors({ url }: Limited): Promise<() => Promise<void>> {
  const taken = Array.from({ length: DESCRIPTORS }, () =>
    connect(Number(new URL(url).port), '127.0.0.1')
      .on('error', () => {}) // may be cut as it likes
      .resume(),
  );
  await eventually('a connection that is closed unserved', () =>
    taken.some(({ readableEnded }) => readableEnded) ? true : undefined,
  );
  return async () => {
    const gone = taken.filter(({ closed }) => !closed).map((socket) => once(socket, 'close'));
    for (const socket of taken) socket.destroy();
    await Promise.all(gone);
  };
}

function countRunOut({ metricsUrl }: Limited): Promise<number> {
  return fetch(`${metricsUrl}/service`)
    .then((response) => response.json() as Promise<{ exhausted: { descriptors: number } }>)
    .then(({ exhausted }) => exhausted.descriptors);
}

async function listBy(agent: Agent, url: string): Promise<ReturnType<typeof readLs>> {
  const asking = request(url, { method: 'POST', agent });
  asking.end(writePathRequest('/d1'));
  const [response] = await once(asking, 'response');
  return readLs({ httpStatus: response.statusCode, xml: (await response.setEncoding('utf8').toArray()).join('') });
}

test('without descriptors a directory is not listed, which is counted; with some again it is', async (t) => {
  const service = await startLimited(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  t.like(await listBy(agent, service.url), { requestStatus: 'SRM_SUCCESS', entries: 1 });
  const free = await takeAllDescriptors(service);
  t.like(await listBy(agent, service.url), { requestStatus: 'SRM_FAILURE' });
  t.like(await listBy(agent, service.url), { requestStatus: 'SRM_FAILURE' });
  await free();
  const listed = await eventually('a listing again', async () => {
    const answer = await listBy(agent, service.url);
    return answer.kind === 'ls' && answer.requestStatus === 'SRM_SUCCESS' ? answer : undefined;
  });
  t.like(listed, { entries: 1 });
  t.true(service.isAlive());
  t.true((await countRunOut(service)) >= 2);
});

async function mapsNobody(t: ExecutionContext, options: Partial<FrontendOptions>): Promise<void> {
  const service = await startLimited(t, { httpg: true, certificates: await makeCertificates(t), ...options });
  const [first, second] = [
    await startClient(service.url, { waits: true }),
    await startClient(service.url, { waits: true }),
  ];
  await Promise.all([first.secured, second.secured]);
  const free = await takeAllDescriptors(service);
  first.ask();
  t.is(await first.outcome, 'refused-user');
  await free();
  await eventually('somebody is served', async () => {
    const outcome = await (await startClient(service.url)).outcome;
    return outcome === 'ok' ? true : undefined;
  });
  t.true(service.isAlive());
  t.true((await countRunOut(service)) >= 1);
  t.true((await readMetric(service.metricsUrl, 'mapping_failures_total')) >= 1);
  second.ask();
  t.is(await second.outcome, 'ok');
}

test('without descriptors no grid-mapfile is read', mapsNobody, {});
test('nor is one read for connections on threads', mapsNobody, { container: 'bestman' });
test('without descriptors nobody is asked who is mapped', async (t) => {
  const mapping = await startMappingByHand(t);
  mapping.answerAll();
  await mapsNobody(t, { gumsServiceUrl: mapping.url, container: 'bestman2' });
});

test('listing threads that find no descriptors are an error with what to do about it', async (t) => {
  const error = await t.throwsAsync(startLimited(t, { fsConcurrency: 20 }));
  t.regex(error?.message ?? '', /GT_FRONTEND_THREADS/);
});

test('a listener goes on after it met want of descriptors, and after nothing else', (t) => {
  const counts = createContainerCounts(null);
  const server = createServer();
  surviveDescriptors(server, counts);
  server.emit('error', Object.assign(new Error('accept'), { code: 'EMFILE' }));
  server.emit('error', Object.assign(new Error('accept'), { code: 'ENFILE' }));
  t.is(counts.exhaustedDescriptors, 2);
  t.throws(() => server.emit('error', new Error('a bug')), { message: 'a bug' });
});
