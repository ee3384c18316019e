import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { writePingRequest } from '../../../scenarios/srm/write-request.ts';
import { OPERATION_HEADER } from '../../../scenarios/operation-header.ts';
import { type FrontendProcess, startFrontendProcess } from '../../support/frontend-process.ts';
import { type HangingFuse, mountHangingFuse } from '../../support/hanging-fuse.ts';
import { makeDirectory } from '../fresh-directory.ts';
import { awaitCount, postLs, postSoap, readCount, readLs, writePathRequest } from '../soap-client.ts';

const CELL = 'campaign/cell/1';
const FILES = { 'd0/f': '', 'd1/f': '', 'd2/f': '', 'd3/f': '' };

/** Sends a listing on a connection of its own, with a way to leave. */
function startLeaver(url: string, path: string, client: string): { leave: () => Promise<void> } {
  const left = new AbortController();
  const ended = fetch(url, {
    method: 'POST',
    body: writePathRequest(path),
    headers: { [OPERATION_HEADER]: `${CELL}/${client}/0` },
    signal: left.signal,
  }).catch(() => {});
  return {
    async leave() {
      left.abort();
      await ended;
    },
  };
}

type Hanging = { disk: HangingFuse; frontend: FrontendProcess };

/** Runs `body` with a frontend on a disk that can hang; whatever happens, the disk lets go before the frontend has to end. */
async function serveFromFuse(
  t: ExecutionContext,
  fsConcurrency: number,
  body: (hanging: Hanging) => Promise<void>,
): Promise<void> {
  const disk = await mountHangingFuse(t, makeDirectory(t, FILES));
  if (disk === null) {
    t.pass();
    return;
  }
  await using frontend = await startFrontendProcess({ root: disk.mountPoint, port: 0, fsConcurrency });
  try {
    await body({ disk, frontend });
  } finally {
    disk.kill();
  }
}

async function isRefused(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const refused = await once(socket, 'connect').then(
    () => false,
    () => true,
  );
  socket.destroy();
  return refused;
}

async function staysResponsive(t: ExecutionContext, operation: 'readdir' | 'getattr'): Promise<void> {
  await serveFromFuse(t, 2, async ({ disk, frontend }) => {
    const { url, metricsUrl } = frontend;
    t.like(await postLs(url, '/d0'), { entries: 1, firstBadPath: null });

    disk.hang(operation);
    const staying = postLs(url, '/d0', `${CELL}/0/0`);
    const leavingRunning = startLeaver(url, '/d1', '1');
    t.deepEqual((await disk.awaitBlocked(2)).map((path) => path.slice(0, 3)).toSorted(), ['/d0', '/d1']);

    // Every listing thread hangs. New connections, pings, waiting listings and metrics do not.
    const waiting = postLs(url, '/d2', `${CELL}/2/0`);
    const leavingWaiting = startLeaver(url, '/d3', '3');
    t.like(await awaitCount(metricsUrl, CELL, ({ open }) => open === 4), { received: 4, answered: {}, abandoned: 0 });
    for (let ping = 0; ping < 20; ping += 1) {
      t.false(await isRefused(url));
      const { httpStatus, xml } = await postSoap(url, writePingRequest(), { Connection: 'close' });
      t.is(httpStatus, 200);
      t.true(xml.includes('BeStMan'));
    }
    t.true((await (await fetch(`${metricsUrl}/metrics`)).text()).includes('glidetester_frontend_open{'));

    await leavingRunning.leave();
    await leavingWaiting.leave();
    await awaitCount(metricsUrl, CELL, ({ abandoned }) => abandoned === 2);
    t.like(await readCount(metricsUrl, CELL), { received: 4, open: 2, answered: {} });

    disk.release();
    t.like(await staying, { entries: 1, firstBadPath: null });
    t.like(await waiting, { entries: 1, firstBadPath: null });
    const atRest = await awaitCount(metricsUrl, CELL, ({ open }) => open === 0);
    t.like(atRest, { received: 4, abandoned: 2, answered: { ok: 2 } });
    t.deepEqual(await frontend.stop(), { exitCode: 0, signal: null });
  });
}
test('a disk that hangs in readdir stops listings and nothing else', staysResponsive, 'readdir');
test('a disk that hangs in stat stops listings and nothing else', staysResponsive, 'getattr');

test('told to stop while its disk hangs, a frontend refuses connections at once and ends when the kernel lets it', async (t) => {
  await serveFromFuse(t, 1, async ({ disk, frontend }) => {
    disk.hang('readdir');
    const listing = t.throwsAsync(postLs(frontend.url, '/d0'));
    await disk.awaitBlocked(1);
    const stopped = frontend.stop();
    await listing;
    t.true(await isRefused(frontend.url));
    disk.kill();
    t.deepEqual(await stopped, { exitCode: null, signal: 'SIGTERM' });
  });
});

test('told to stop while its disk answers nothing at all, a frontend ends', async (t) => {
  await serveFromFuse(t, 1, async ({ disk, frontend }) => {
    disk.freeze();
    const listing = t.throwsAsync(postLs(frontend.url, '/d0', `${CELL}/0/0`));
    await awaitCount(frontend.metricsUrl, CELL, ({ open }) => open === 1);
    const { exitCode, signal } = await frontend.stop();
    t.true(exitCode === 0 || signal === 'SIGTERM');
    await listing;
  });
});

test('a disk that dies gives each path a status of its own', async (t) => {
  await serveFromFuse(t, 1, async ({ disk, frontend }) => {
    disk.hang('readdir');
    const listing = postSoap(frontend.url, writePathRequest('/d0', '/d1'));
    await disk.awaitBlocked(1);
    disk.kill();
    t.like(readLs(await listing), {
      requestStatus: 'SRM_FAILURE',
      firstBadPath: { path: '/d0', status: 'SRM_FAILURE' },
    });
  });
});
