/** What is expected and what must hold, through the real command line, over two targets in one campaign. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { reportFile } from '../../reports/result-directory.ts';
import { CONFIG_FILE, finishRun, readSummary, runCli, startRun } from '../support/cli.ts';
import { startFaultyService } from '../support/faulty-service.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const embedded = { kind: 'embedded' as const, root: { make: [5] } };

const CONFIG = {
  name: 'thresholds',
  targets: { straight: embedded, 'far-away': { ...embedded, roundTrip: '50ms' } },
  scenario: { kind: 'srm-ls', directories: { 5: '/d5' } },
  load: { levels: [2, 4] },
  timing: {
    warmUp: { atLeast: '200ms', atMost: '20s' },
    window: { atLeast: '500ms', operationsPerClient: 3, atMost: '20s' },
    recovery: { within: '20s' },
  },
  pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 2 }],
} satisfies ConfigInput;

test('two targets in one campaign: what was expected is shown, what must hold decides the exit code', async (t) => {
  const config: ConfigInput = {
    ...CONFIG,
    expect: {
      source: 'our <model>',
      findings: [
        {
          says: 'A round trip of 50 ms is felt by every request',
          check: 'first byte of "far-away" - first byte of straight > 45 ms',
        },
        { says: 'Straight is the slower one', check: 'rate of straight < rate of "far-away"' },
      ],
    },
    thresholds: { recovered: 'fail', 'failed < 1 %': 'abort', 'mean of "far-away" < 10 ms': 'fail' },
  };
  const { exitCode, stderr, directory, cells, journal } = await finishRun(await startRun(t, config));
  t.is(exitCode, 99, stderr);
  t.deepEqual(
    cells.map(({ id, target, state }) => [id, target, state]),
    [
      ['001-straight-d5-l2-r1', 'straight', 'ok'],
      ['002-straight-d5-l4-r1', 'straight', 'ok'],
      ['003-far-away-d5-l2-r1', 'far-away', 'ok'],
      ['004-far-away-d5-l4-r1', 'far-away', 'ok'],
    ],
  );
  for (const { server, service } of cells) {
    t.is(server?.difference, 0);
    t.true((service?.cpuShare ?? 0) > 0);
  }
  t.is(new Set(journal.filter(({ step }) => step === 'target-started').map(({ url }) => url)).size, 2);
  const { findings, thresholds } = await readSummary(directory);
  t.deepEqual(
    [...(findings?.rows ?? []), ...thresholds].map(({ verdict }) => verdict),
    ['met', 'not met', 'met', 'met', 'not met'],
    stderr,
  );
  for (const word of ['EXPECTED', 'THRESHOLDS', '✗ not met', 'exit 99']) t.true(stderr.includes(word), word);
  const page = await readFile(reportFile(directory), 'utf8');
  t.true(page.includes('our &lt;model&gt;') && page.includes('measured here'));
});

test('a threshold with abort ends the campaign at once, with what was measured before', async (t) => {
  const service = await startFaultyService(t, { entries: 5, faults: { 4: 'http-503' } });
  const { targets: _, ...rest } = CONFIG;
  const config: ConfigInput = {
    ...rest,
    target: { kind: 'url', url: service.url },
    load: { levels: [2, 4], afterFailure: { pause: '10ms', growTo: '10ms' } },
    timing: { ...CONFIG.timing, window: { atLeast: '1s', atMost: '1s' } },
    thresholds: { 'failed < 5 %': 'abort' },
  };
  const { exitCode, stderr, cells, journal } = await finishRun(await startRun(t, config));
  t.is(exitCode, 99, stderr);
  t.deepEqual(
    cells.map(({ level, state }) => [level, state]),
    [
      [2, 'ok'],
      [4, 'skipped'],
    ],
  );
  t.regex(cells[1]?.reason ?? '', /^the threshold 'failed < 5 %' was crossed in cell 002/);
  t.is(journal.filter(({ step }) => step === 'threshold-crossed').length, 1);
});

test('a mistyped check is an error of the config, with its place', async (t) => {
  const folder = await makeTemporaryFolder(t, {
    [CONFIG_FILE]: JSON.stringify({
      ...CONFIG,
      thresholds: { 'reat at level 4 > 1 Hz': 'fail', 'rate at level 400 > 1 Hz': 'fail', 'rate < 2 s': 'abort' },
    }),
  });
  const { exitCode, stderr } = await runCli(t, ['validate', join(folder, CONFIG_FILE)], { folder });
  t.is(exitCode, 104);
  for (const word of [
    '3 problems',
    'thresholds.reat at level 4 > 1 Hz',
    'column 1',
    'rate',
    'level 400',
    'rate < 2 s',
  ]) {
    t.true(stderr.includes(word), `${word} in:\n${stderr}`);
  }
});
