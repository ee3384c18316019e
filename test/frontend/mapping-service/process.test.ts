import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { createAuthorizer } from '../../../frontend/authorization/create-authorizer.ts';
import type { MappingServiceOptions } from '../../../frontend/mapping-service/main.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { postLs } from '../soap-client.ts';
import { startService } from '../start-service.ts';

const MAIN_FILE = new URL('../../../frontend/mapping-service/main.ts', import.meta.url);
const LOAD_USER = '/DC=org/CN=Load User 001';

async function startProcess(
  t: ExecutionContext,
  options: Partial<MappingServiceOptions> = {},
): Promise<{ url: string; pid: number; child: ChildProcess; ended: Promise<unknown[]> }> {
  const gridMapfile = join(makeDirectory(t, { map: `"${LOAD_USER}" load001,other\nrubbish\n` }), 'map');
  const program = `import(${JSON.stringify(MAIN_FILE.href)})
    .then(({ runMappingService }) => runMappingService(JSON.parse(process.argv[1])));`;
  const argument = JSON.stringify({ gridMapfile, port: 0, latencyMs: 0, ...options });
  const child = spawn(process.execPath, ['--eval', program, argument], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill();
    await ended;
  });
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    // Not at its exit: what it said may still be on its way then.
    once(child, 'close').then(() => {
      throw new Error(said);
    }),
  ])) as [string];
  return { ...(JSON.parse(line) as { url: string; pid: number }), child, ended };
}

async function readCalls(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  return Object.fromEntries(
    [...text.matchAll(/^glidetester_mapping_service_calls_total\{outcome="(\w+)"\} (\d+)$/gm)].map(
      ([, outcome, calls]) => [outcome as string, Number(calls)],
    ),
  );
}

async function readAnswerTimes(url: string): Promise<{ sumS: number; count: number }> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const [, sumS, count] =
    /^# TYPE glidetester_mapping_service_answer_seconds summary\n.*_seconds_sum (\S+)\n.*_seconds_count (\d+)$/m.exec(
      text,
    ) ?? [];
  return { sumS: Number(sumS), count: Number(count) };
}

test('the process says where it listens, maps, counts, and ends well on SIGTERM', async (t) => {
  const { url, pid, child, ended } = await startProcess(t);
  t.is(child.pid, pid);
  const post = (body: string): Promise<Response> => fetch(url, { method: 'POST', body });
  const mapped = await post(JSON.stringify({ dn: LOAD_USER }));
  t.deepEqual([mapped.status, await mapped.json()], [200, { localUser: 'load001' }]);
  const byGet = await fetch(`${url}?dn=${encodeURIComponent(LOAD_USER)}`);
  t.deepEqual(await byGet.json(), { localUser: 'load001' });
  t.is((await post('{"dn":"/CN=stranger"}')).status, 404);
  for (const body of ['', 'dn', '{}', '{"dn":7}', '[]', `{"dn":"${'x'.repeat(2_000_000)}"}`]) {
    t.is((await post(body)).status, 400, body.slice(0, 20));
  }
  t.is((await fetch(url)).status, 400);
  t.is((await fetch(url, { method: 'DELETE' })).status, 400);
  t.deepEqual(await readCalls(url), { mapped: 2, unmapped: 1, refused: 8 });
  child.kill('SIGTERM');
  t.deepEqual(await ended, [0, null]);
});

test('the end of its standard input stops it when it was told so', async (t) => {
  const { child, ended } = await startProcess(t, { stopWithStdin: true });
  child.stdin?.end();
  t.deepEqual(await ended, [0, null]);
});

test('it stops while mappings take their time', async (t) => {
  const { url, child, ended } = await startProcess(t, { latencyMs: 600_000 });
  const asking = fetch(url, { method: 'POST', body: JSON.stringify({ dn: LOAD_USER }) });
  while ((await readCalls(url))['mapped'] === 0);
  child.kill('SIGTERM');
  await t.throwsAsync(asking);
  t.deepEqual(await ended, [0, null]);
});

const askAll = (url: string, asks: number): Promise<Response[]> =>
  Promise.all(
    Array.from({ length: asks }, () => fetch(url, { method: 'POST', body: JSON.stringify({ dn: LOAD_USER }) })),
  );

test('no answer comes early, and what the answers really took is told', async (t) => {
  const latencyMs = 8.4;
  const { url } = await startProcess(t, { latencyMs });
  t.deepEqual(await readAnswerTimes(url), { sumS: 0, count: 0 });
  for (const asks of [1, 1, 1, 1, 1, 30]) {
    const { sumS } = await readAnswerTimes(url);
    const askedMs = performance.now();
    await askAll(url, asks);
    const tookMs = performance.now() - askedMs;
    t.true(tookMs >= latencyMs, `${tookMs} ms`);
    const spentMs = ((await readAnswerTimes(url)).sumS - sumS) * 1000;
    // Each took its time, and none longer than all of them took to their client.
    t.true(spentMs >= asks * latencyMs - 1e-6 && spentMs <= asks * tookMs, `${spentMs} ms for ${asks}`);
  }
  await fetch(url, { method: 'POST', body: JSON.stringify({ dn: '/CN=stranger' }) });
  await fetch(url, { method: 'POST', body: 'no question' });
  t.is(
    (await readAnswerTimes(url)).count,
    36,
    'who is not mapped is answered too, who asks nothing is refused at once',
  );
});

test('what it cannot start with is said', async (t) => {
  await t.throwsAsync(startProcess(t, { gridMapfile: '/no/such/file' }), { message: /GT_MAPPING_SERVICE/ });
  await t.throwsAsync(startProcess(t, { latencyMs: -1 }), { message: /GT_MAPPING_SERVICE/ });
  await t.throwsAsync(startProcess(t, { latencyMs: Number.NaN }), { message: /GT_MAPPING_SERVICE/ });
  const { url } = await startProcess(t);
  await t.throwsAsync(startProcess(t, { port: Number(new URL(url).port) }), { message: /GT_FRONTEND_LISTEN/ });
});

test('the frontend calls out as often as it says, and both count the same', async (t) => {
  const { url: gumsServiceUrl } = await startProcess(t, { latencyMs: 5 });
  const authorizer = createAuthorizer({ gumsServiceUrl });
  let turn = 0;
  const { url } = await startService(t, {
    files: { 'd/f': '' },
    authorizer,
    // Every third request is a stranger's.
    peerOf: () => ({ identity: (turn += 1) % 3 === 0 ? '/CN=stranger' : LOAD_USER }),
  });
  const answers = await Promise.all(Array.from({ length: 60 }, () => postLs(url, '/d')));
  const statuses = answers.map((answer) => (answer.kind === 'ls' ? answer.requestStatus : answer.text));
  t.is(statuses.filter((status) => status === 'SRM_SUCCESS').length, 40);
  t.is(statuses.filter((status) => status === 'SRM_AUTHORIZATION_FAILURE').length, 20);
  t.like(authorizer.counts, { asked: 100, callOuts: 100, failures: 0 });
  t.deepEqual(await readCalls(gumsServiceUrl), { mapped: 80, unmapped: 20, refused: 0 });
});

test('with its mapping service gone the frontend refuses and lives on', async (t) => {
  const { url: gumsServiceUrl, child, ended } = await startProcess(t);
  const authorizer = createAuthorizer({ gumsServiceUrl, mappedIdCache: { lifetimeS: 0, most: 1000 } });
  let identity = LOAD_USER;
  const { url } = await startService(t, { files: { 'd/f': '' }, authorizer, peerOf: () => ({ identity }) });
  t.like(await postLs(url, '/d'), { requestStatus: 'SRM_SUCCESS' });
  child.kill('SIGKILL');
  await ended;
  identity = '/DC=org/CN=Load User 002';
  const refused = await postLs(url, '/d');
  t.like(refused, { requestStatus: 'SRM_AUTHORIZATION_FAILURE' });
  if (refused.kind === 'ls')
    t.regex(refused.explanation ?? '', /^not mapped\.\/DC=org\/CN=Load User 002 \(the mapping failed: /);
  identity = LOAD_USER;
  t.like(await postLs(url, '/d'), { requestStatus: 'SRM_SUCCESS' }, 'what is cached needs no service');
});
