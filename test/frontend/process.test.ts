import { once } from 'node:events';
import test from 'ava';
import { startFrontendProcess } from '../support/frontend-process.ts';
import { makeDirectory } from './fresh-directory.ts';
import { postLs } from './soap-client.ts';

test('the process says where it listens, serves, and ends well on SIGTERM', async (t) => {
  const root = makeDirectory(t, { 'd/f': '' });
  await using frontend = await startFrontendProcess({ root, port: 0, fsConcurrency: 1 });
  t.is(frontend.child.pid, frontend.pid);
  t.is(frontend.root, root);
  t.regex(frontend.url, /^http:\/\/127\.0\.0\.1:\d+\/srm\/v2\/server$/);
  t.regex(frontend.metricsUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
  t.like(await postLs(frontend.url, '/d'), { entries: 1 });
  t.deepEqual(await frontend.stop(), { exitCode: 0, signal: null });
});

test('the end of its standard input stops it when it was told so', async (t) => {
  await using frontend = await startFrontendProcess({
    root: makeDirectory(t),
    port: 0,
    fsConcurrency: 1,
    stopWithStdin: true,
  });
  frontend.child.stdin?.end();
  t.deepEqual(await once(frontend.child, 'exit'), [0, null]);
});

test('the end of its standard input means nothing when it was not told so', async (t) => {
  await using frontend = await startFrontendProcess({ root: makeDirectory(t), port: 0, fsConcurrency: 1 });
  frontend.child.stdin?.end();
  t.like(await postLs(frontend.url, '/'), { requestStatus: 'SRM_SUCCESS' });
});

test('a process that cannot start says why', async (t) => {
  await t.throwsAsync(startFrontendProcess({ root: '/no/such/place', port: 0, fsConcurrency: 1 }), {
    message: /GT_FRONTEND_ROOT/,
  });
});
