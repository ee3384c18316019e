/**
 * Runs the campaigns of the paper one after the other and writes docs/paper.md from their results: what the paper found beside
 * what was measured here, the figures as SVG, the machine and the date.
 *
 * `node scripts/paper.ts [campaign ...]`; without names all of them. Results are kept in results/paper/<campaign>; a campaign
 * that isn't named keeps those it has, and where it has none, the section that is written of it. `--scale N` runs at another
 * scale than the campaign's own (1: the paper's), into results/paper/<campaign>-scale-<N>; `--write` runs nothing and only
 * writes. `--fuse DIR --disk DIR` names the directories of local-disk-against-fuse, which is left out without them.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createConcurrencyChart } from '../reports/charts/concurrency-chart.ts';
import { hasDrawing, renderFigureFile } from '../reports/formats/figure-file.ts';
import { readCampaign } from '../reports/result-directory.ts';
import { nameModels } from '../reports/page/name-models.ts';
import { groupSeries } from '../reports/series.ts';
import { parseSummary } from '../reports/read-summary.ts';
import type { Summary } from '../reports/summary.ts';

const CAMPAIGNS = [
  'bestman-small-directory',
  'bestman2-small-directory',
  'both-small-directory',
  'directory-sizes',
  'untuned-defaults',
  'tuning',
  'sites',
  'local-disk-against-fuse',
];
/** What a result at another scale than the campaign's own is called after its name. */
const SCALED = /-scale-[\d.]+$/;
const ROOT = join(import.meta.dirname, '..');
const RESULTS = join(ROOT, 'results', 'paper');
const PAGE = join(ROOT, 'docs', 'paper.md');
const FIGURES = join(ROOT, 'docs', 'paper');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fuse: { type: 'string' },
    disk: { type: 'string' },
    scale: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

function runCampaign(name: string): void {
  const { fuse, disk, scale } = values;
  const directory = join(RESULTS, scale === undefined ? name : `${name}-scale-${scale}`);
  rmSync(directory, { recursive: true, force: true });
  const parameters = name === 'local-disk-against-fuse' ? { disk, fuse } : { scale };
  const flags = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) => ['--set', `parameters.${key}=${value}`]);
  const cli = join(ROOT, 'coordinator', 'cli', 'main.ts');
  try {
    execFileSync(process.execPath, [cli, 'run', join(ROOT, 'campaigns', `${name}.ts`), '--out', directory, ...flags], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  } catch {
    // Its exit code is told above; what was measured is shown all the same.
  }
}

/** The sections of the page as it is, by their names. */
function readSections(): Map<string, string> {
  if (!existsSync(PAGE)) return new Map();
  const sections = readFileSync(PAGE, 'utf8')
    .split(/^(?=## )/m)
    .slice(1);
  return new Map(sections.map((text) => [text.slice(3, text.indexOf('\n')), `${text.trimEnd()}\n`]));
}

/** The sections of a campaign: at its own scale, and at others. */
async function writeSections(campaign: string): Promise<string[]> {
  const found = existsSync(RESULTS) ? readdirSync(RESULTS) : [];
  const measured = new Set(found.filter((name) => existsSync(join(RESULTS, name, 'summary.json'))));
  const written = readSections();
  const names = [...new Set([...measured, ...written.keys()])].filter((name) => name.replace(SCALED, '') === campaign);
  const sections: string[] = [];
  for (const name of names.toSorted()) {
    sections.push(measured.has(name) ? await describeCampaign(name) : (written.get(name) as string));
  }
  return sections;
}

async function describeCampaign(name: string): Promise<string> {
  const directory = join(RESULTS, name);
  const campaign = name.replace(SCALED, '');
  const { startedAt, environment } = await readCampaign(directory);
  const summary = parseSummary(JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8')));
  const figures = await drawFigures(name, summary);
  const { host: _, ...machine } = environment as Record<string, unknown>;
  return [
    `## ${name}`,
    '',
    `[campaigns/${campaign}.ts](../campaigns/${campaign}.ts), ${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${describeMachine(machine)}`,
    '',
    ...nameModels(summary).map(({ label, model }) => `- **${label}**: ${model.says}`),
    '',
    ...tabulateFindings(summary),
    ...tabulateLevels(summary),
    ...figures.map((file) => `![${name}](paper/${file})`),
    '',
  ].join('\n');
}

function describeMachine({ processor, cores, system, node }: Record<string, unknown>): string {
  return `${String(cores)} cores (${String(processor)}), ${String(system)}, Node ${String(node)}`;
}

function tabulateFindings({ findings, thresholds }: Summary): string[] {
  if (findings === null) return [];
  const rows = findings.rows.map(
    ({ says, check, measured, verdict }) => `| ${says} | \`${check}\` | ${measured} | ${verdict} |`,
  );
  const limits = thresholds.map(({ check, measured, verdict }) => `\`${check}\`: ${measured}, ${verdict}`);
  return [
    `| ${findings.source} | check | measured here | |`,
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...(limits.length === 0 ? [] : [`Thresholds: ${limits.join('; ')}.`, '']),
  ];
}

function tabulateLevels({ cells }: Summary): string[] {
  const rows = groupSeries(cells).flatMap(({ label, levels }) =>
    levels.map(({ level, cells: runs, typical }) => {
      const figures =
        typical === null
          ? ['–', '–', '–']
          : [
              typical.inFlight.toFixed(1),
              typical.ratePerS.toFixed(1),
              ((typical.p50Ms ?? Number.NaN) / 1000).toFixed(3),
            ];
      const run = runs[0];
      const state = runs.map((each) => each.state).join(', ');
      return `| ${label} | ${level} | ${figures.join(' | ')} | ${cpu(run?.service?.cpuShare)} | ${cpu(run?.generatorCpuShare)} | ${state} |`;
    }),
  );
  return [
    '| series | level | in flight | rate (Hz) | p50 (s) | frontend CPU | generator CPU | state |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...rows,
    '',
  ];
}

function cpu(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : `${Math.round(share * 100)} %`;
}

async function drawFigures(name: string, summary: Summary): Promise<string[]> {
  const figure = createConcurrencyChart({ summary, facts: { timeouts: [] } })?.figure;
  if (figure === undefined || !hasDrawing(figure)) return [];
  mkdirSync(FIGURES, { recursive: true });
  const file = `${name}.svg`;
  writeFileSync(join(FIGURES, file), await renderFigureFile(figure));
  return [file];
}

const wanted = positionals.length > 0 ? positionals : CAMPAIGNS;
const unknown = wanted.filter((name) => !CAMPAIGNS.includes(name));
if (unknown.length > 0) throw new Error(`no such campaign: ${unknown.join(', ')}; there are ${CAMPAIGNS.join(', ')}`);
for (const name of values.write ? [] : wanted) {
  if (name === 'local-disk-against-fuse' && values.fuse === undefined) continue;
  runCampaign(name);
}
const parts: string[] = [];
for (const name of CAMPAIGNS) parts.push(...(await writeSections(name)));
writeFileSync(
  PAGE,
  [
    "# The paper's findings, measured here",
    '',
    'Written by `npm run paper`, which runs the campaigns in `campaigns/` against the embedded service. Clients and times are',
    "divided by each campaign's `scale`; `--set parameters.scale=1` runs one at the paper's size. The service's containers are",
    'built from the mechanisms that the paper and BeStMan2’s source name (ADR 12): what is shown is that those mechanisms have these',
    'curves and that the tool finds them, not how fast BeStMan was.',
    '',
    ...parts,
  ].join('\n'),
);
