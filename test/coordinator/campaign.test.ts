import { mkdirSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runCampaign } from '../../coordinator/campaign.ts';
import type { CampaignEvent } from '../../coordinator/campaign-event.ts';
import { type ConfigInput, ConfigSchema } from '../../coordinator/config/schema.ts';
import { readCampaign } from '../../reports/result-directory.ts';
import type { Summary } from '../../reports/summary.ts';
import type { JournalLine } from '../support/memory-disk.ts';
import { isProcessGone } from '../support/process-state.ts';
import { startScriptedService } from '../support/srm-script.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { LAUNCH, TINY_TIMING } from './tiny-campaign.ts';

/** A campaign of two tiny cells with the real frontend and two real pilots. */
async function createScene(t: ExecutionContext, changes: Partial<ConfigInput> = {}) {
  const directory = await makeTemporaryFolder(t);
  const config = ConfigSchema.parse({
    name: 'tiny',
    target: { kind: 'embedded', root: { make: [3], fileBytes: 10 } },
    scenario: { kind: 'srm-ls', directories: { 3: '/d3' } },
    load: { levels: [1, 2] },
    timing: TINY_TIMING,
    pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 1 }],
    ...changes,
  } satisfies ConfigInput);
  const drain = new AbortController();
  const events: CampaignEvent[] = [];
  const observers: ((event: CampaignEvent) => void)[] = [(event) => events.push(event)];
  const run = () =>
    runCampaign({
      config,
      configSource: { path: 'tiny.config.ts', sha256: '0'.repeat(64) },
      directory,
      observe: (event) => {
        for (const observe of observers) observe(event);
      },
      interrupt: { drain: drain.signal, now: new AbortController().signal },
      strict: false,
      launch: LAUNCH,
    });
  const lines = async (step?: string): Promise<JournalLine[]> =>
    (await readFile(join(directory, 'journal.ndjson'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalLine)
      .filter((line) => step === undefined || line.step === step);
  return { directory, drain, events, observers, run, lines };
}

test('a campaign measures its cells, writes its report, and leaves no process and no new pilot behind', async (t) => {
  const scene = await createScene(t);
  const { exitCode, summary } = await scene.run();
  t.is(exitCode, 0);
  t.deepEqual(
    summary.cells.map(({ id }) => id),
    ['001-d3-l1-r1', '002-d3-l2-r1'],
  );
  t.true(summary.cells.every(({ state, server }) => state !== 'skipped' && server?.difference === 0));
  const steps = (await scene.lines()).map(({ step }) => step);
  t.is(steps[0], 'campaign-started');
  t.is(steps.at(-1), 'campaign-finished');
  t.is(steps.filter((step) => step === 'cell-finished').length, 2);
  const asked = (await scene.lines('pilots-asked')).flatMap(({ pilots }) => pilots as string[]);
  t.is(asked.length, 2, 'nobody is asked for once the campaign is over');
  const [started] = await scene.lines('target-started');
  t.true(await isProcessGone(started?.['pid'] as number));
  for (const name of ['campaign.json', 'summary.json', 'report.html', 'journal.ndjson', 'cells', 'logs']) {
    t.true((await readdir(scene.directory)).includes(name), name);
  }
  t.not((await readCampaign(scene.directory)).finishedAt, null);
});

test('what is interrupted ends with 105; cells that are finished stay, the others are skipped with the reason', async (t) => {
  const scene = await createScene(t);
  scene.observers.push((event) => {
    if (event.type === 'cell-finished') scene.drain.abort();
  });
  const { exitCode, summary } = await scene.run();
  t.is(exitCode, 105);
  t.deepEqual(summary.cells.map(({ state, reason }) => [state === 'skipped', reason]).at(1), [true, 'interrupted']);
  t.not(summary.cells[0]?.state, 'skipped');
  t.deepEqual((await readCampaign(scene.directory)).skipped, [{ id: '002-d3-l2-r1', reason: 'interrupted' }]);
});

test('a target that can not do one operation ends the campaign before its first cell, with all written down', async (t) => {
  const service = await startScriptedService(t, () => 'fault');
  const scene = await createScene(t, { target: { kind: 'url', url: service.url } });
  await t.throwsAsync(scene.run(), { code: 'GT_TARGET_UNUSABLE' });
  t.deepEqual(
    (await scene.lines()).map(({ step }) => step),
    ['campaign-started', 'target-started', 'campaign-failed', 'cell-skipped', 'cell-skipped'],
  );
  t.not((await readCampaign(scene.directory)).finishedAt, null);
});

test('a barrier that is missed ends with 120, and every cell is skipped', async (t) => {
  const scene = await createScene(t, {
    pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 1, launchWith: ['false'] }],
    barrier: { within: '300ms' },
  });
  const { exitCode, summary } = await scene.run();
  t.is(exitCode, 120);
  t.true(summary.cells.every(({ state }) => state === 'skipped'));
  t.is((await scene.lines('cell-skipped')).length, 2);
});

test('an error in mid-campaign is the end of it, but what was finished gets its report', async (t) => {
  const scene = await createScene(t);
  // Where the second cell's rows should go there is a folder: the disk refuses.
  scene.observers.push((event) => {
    if (event.type === 'cell-finished') {
      mkdirSync(join(scene.directory, 'cells', '002-d3-l2-r1', 'operations.partial.parquet'), { recursive: true });
    }
  });
  await t.throwsAsync(scene.run(), { code: 'GT_RESULT_NOT_WRITABLE' });
  const { skipped } = await readCampaign(scene.directory);
  t.deepEqual(
    skipped.map(({ id }) => id),
    ['002-d3-l2-r1'],
  );
  t.regex(skipped[0]?.reason ?? '', /002-d3-l2-r1/);
  const summary = JSON.parse(await readFile(join(scene.directory, 'summary.json'), 'utf8')) as Summary;
  t.deepEqual(
    summary.cells.map(({ state }) => state === 'skipped'),
    [false, true],
  );
  t.true((await readdir(scene.directory)).includes('report.html'));
});
