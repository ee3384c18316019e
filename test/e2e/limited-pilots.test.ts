/** Pilots beneath a limit of open files, on several threads and addresses, whose connections end by a reset. */

import test from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { finishRun, startRun } from '../support/cli.ts';

const config: ConfigInput = {
  name: 'limited',
  target: { kind: 'embedded', root: { make: [2] }, connection: { close: 'reset' } },
  scenario: { kind: 'srm-ls', directories: { 2: '/d2' } },
  // Two pilots of 155 slots: the first level fits, the second never will.
  load: { levels: [300, 400] },
  timing: {
    warmUp: { atLeast: '100ms', atMost: '20s' },
    window: { atLeast: '300ms', operationsPerClient: 1, atMost: '20s' },
    recovery: { otherwise: 'continue' },
  },
  barrier: { spare: '0%' },
  pools: [
    {
      kind: 'local',
      pilots: 2,
      slotsPerPilot: 1000,
      threads: 2,
      sourceAddresses: ['127.0.0.2', '127.0.0.3'],
      launchWith: ['sh', '-c', 'ulimit -n 200; exec "$0" "$@"'],
    },
  ],
};

test('no pilot is given more clients than its limit of open files holds, and a level that can not be held is told with the fix', async (t) => {
  const { exitCode, stderr, cells, journal } = await finishRun(await startRun(t, config));
  t.is(exitCode, 120, stderr);
  const [fitting, tooLarge] = cells;
  t.is(fitting?.held, 300);
  t.deepEqual(Object.keys(fitting?.operations.byOutcome ?? {}), ['ok']);
  t.is(fitting?.server?.difference, 0);
  t.true((fitting?.operations.ok ?? 0) >= 300);
  t.is(tooLarge?.state, 'skipped');
  t.regex(
    tooLarge?.reason ?? '',
    /local: 2 pilots offer 155 slots each, not 1000: their limit of open files is 200; raise it \(ulimit -n\)/,
  );
  const joined = journal.filter(({ step }) => step === 'pilot-joined');
  t.deepEqual(
    joined.map((line) => line['slots']),
    [155, 155],
  );
});

test('a source address that no host has ends the campaign before its first cell, by its name', async (t) => {
  const [pool] = config.pools;
  const wrong = { ...config, pools: [{ ...pool, launchWith: [], sourceAddresses: ['192.0.2.1'] }] } as ConfigInput;
  const { exitCode, stderr, cells } = await finishRun(await startRun(t, wrong));
  t.is(exitCode, 120, stderr);
  t.true(cells.every(({ state }) => state === 'skipped'));
  t.regex(cells[0]?.reason ?? '', /sourceAddresses.*192\.0\.2\.1/);
});
