/** Expectations over whole result directories of a simulated service, whose truth is known: eight places, 4 ms + 60 us a file. */

import { readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import type { CampaignRecord } from '../../../reports/campaign-record.ts';
import { evaluateFindings, evaluateThresholds } from '../../../reports/expectations/verdicts.ts';
import { renderReport } from '../../../reports/render.ts';
import { campaignFile, readCampaign, writeDurably } from '../../../reports/result-directory.ts';
import type { Summary } from '../../../reports/summary.ts';
import { summaryTable } from '../../../reports/terminal-table.ts';
import { cellAt } from '../../support/summary-cells.ts';
import { type CampaignOptions, writeSyntheticCampaign } from '../../support/synthetic-campaign.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

type Asked = Pick<CampaignRecord, 'expect' | 'thresholds'>;

async function report(
  t: ExecutionContext,
  options: Omit<CampaignOptions, 'directory'>,
  asked: Partial<Asked>,
): Promise<{ summary: Summary; page: string }> {
  const directory = await makeTemporaryFolder(t);
  await writeSyntheticCampaign({ directory, ...options });
  await writeDurably(campaignFile(directory), JSON.stringify({ ...(await readCampaign(directory)), ...asked }));
  const { summary, file } = await renderReport(directory);
  return { summary, page: await readFile(file, 'utf8') };
}

function expecting(checks: readonly string[], source = 'the law'): Asked['expect'] {
  return { source, findings: checks.map((check, index) => ({ says: `finding ${index + 1}`, check })) };
}

test('the plateau, the line before it and the limit of a service with eight places are found', async (t) => {
  const checks = [
    // Below saturation a client adds 1 / (5.2 ms + 0.15 ms).
    'slope from level 1 to level 4 = 187 Hz/client ± 5 %',
    'r2 from level 1 to level 4 > 0.99',
    // Eight places of 5.2 ms.
    'rate at level 32 = 1538 Hz ± 5 %',
    'spread from level 16 to level 32 < 5 %',
    'mean at level 2 = 5.2 ms ± 5 %',
    'limit = 32',
    'first bad level = 48',
    'failed from level 1 to level 32 < 0.1 %',
    'hung at level 48',
    'recovered',
  ];
  const { summary } = await report(
    t,
    {
      sizes: [20],
      levels: [1, 2, 4, 16, 32, 48],
      runs: 2,
      change: ({ level }) =>
        level < 48
          ? {}
          : {
              options: { outcomeOf: () => 'reset' },
              evidence: { recovery: { recoveredMs: null, answerWithinMs: 9, withinMs: 5000, probes: 8 } },
            },
    },
    { expect: expecting(checks) },
  );
  const rows = summary.findings?.rows ?? [];
  t.deepEqual(
    rows.map(({ verdict }) => verdict),
    checks.map((check) => (check === 'recovered' ? 'not met' : 'met')),
    JSON.stringify(rows, null, 1),
  );
  t.is(rows.at(-1)?.measured, 'hung, not recovered (level 48)');
});

test('service times grow with the directory on a line', async (t) => {
  const sizes = [20, 50, 100, 200, 500];
  const { summary } = await report(
    t,
    { sizes, levels: [4], runs: 1 },
    { expect: expecting(['line deviation at level 4 < 15 %']) },
  );
  t.is(summary.findings?.rows[0]?.verdict, 'met', summary.findings?.rows[0]?.measured);
});

test('page and terminal show every verdict in words and sign, with text that stays text', async (t) => {
  const asked = {
    expect: {
      source: 'the <b>paper</b>',
      findings: [
        { says: 'fast & steady\u0007', check: 'rate at level 1 > 1 Hz' },
        { says: 'slow', check: 'rate at level 1 < 1 Hz' },
        { says: 'from another version', check: 'elegance > 3' },
      ],
    },
    thresholds: { 'failed < 1 %': 'abort', 'p50 at level 1 < 1 us': 'fail', recovered: 'fail' } as const,
  };
  const { summary, page } = await report(t, { sizes: [20], levels: [1], runs: 1 }, asked);
  t.true(page.includes('the &lt;b&gt;paper&lt;/b&gt;') && page.includes('fast &amp; steady'));
  const verdicts = [...page.matchAll(/class="(?:text )?verdict ([\w-]+)">([^<[]*)</g)].map(([, name, text]) => [
    name,
    text,
  ]);
  t.deepEqual(verdicts, [
    ['met', '✓ met'],
    ['not-measured', '? not measured'],
    ['met', '✓ met'],
    ['met', '✓ met'],
    ['not-met', '✗ not met'],
    ['not-measured', '? not measured'],
  ]);
  t.true(page.indexOf('Believe it?') < page.indexOf('measured here'));
  const lines = summaryTable(summary).split('\n');
  const block = (name: string): string[] => {
    const at = lines.findIndex((line) => line.startsWith(name));
    return lines.slice(at, at + 3).map((line) => line.replace(/\d+(\.\d+)? Hz/, 'N Hz'));
  };
  t.deepEqual(block('EXPECTED'), [
    'EXPECTED   ✓ met           fast & steady         N Hz',
    '           ✗ not met       slow                  N Hz',
    "           ? not measured  from another version  can't be read: expected a measure, a number or ( at column 1, came 'elegance'",
  ]);
  t.deepEqual(block('THRESHOLDS'), [
    'THRESHOLDS ✓ met           failed < 1 %           0 %',
    "           ? not measured  p50 at level 1 < 1 us  can't be read: expected a unit at column 20, came 'us'",
    '           ✓ met           recovered              recovered after 40 ms',
  ]);
});

test('checks stand as the config has them, and without any there is nothing', (t) => {
  const cells = [cellAt(1, 10)];
  t.deepEqual(evaluateFindings({ expect: expecting(['rate>=5Hz'], 'us') }, cells), {
    source: 'us',
    rows: [{ says: 'finding 1', check: 'rate>=5Hz', verdict: 'met', measured: '10 Hz' }],
  });
  t.deepEqual(evaluateThresholds({ thresholds: { 'rate<5Hz': 'abort' } }, cells), [
    { check: 'rate<5Hz', verdict: 'not met', measured: '10 Hz', otherwise: 'abort' },
  ]);
  t.is(evaluateFindings({ expect: null }, cells), null);
  t.deepEqual(evaluateThresholds({ thresholds: {} }, cells), []);
});
