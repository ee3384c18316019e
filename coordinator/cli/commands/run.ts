/** `glidetester run`: measures everything that a config asks for. */

import { extname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { machineClock } from '../../../foundation/clock.ts';
import { messageOf } from '../../../foundation/error.ts';
import type { AlsoFormat } from '../../../reports/formats/report-format.ts';
import type { CampaignResult } from '../../campaign.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { LivePage } from '../../live/live-page.ts';
import { type Progress, showProgress } from '../../progress/show-progress.ts';
import { decideAbilities } from '../../progress/terminal.ts';
import { VERSION } from '../../version.ts';
import { type ConfigOptions, requestConfig } from '../config-options.ts';
import { describeExit } from '../exit-code.ts';
import { showOnGitHub } from '../github-campaign.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { type Written, prepareFormats } from '../more-formats.ts';
import { makeResultDirectory } from '../result-directory.ts';
import { guard, note, printJson } from '../standard-streams.ts';

export type RunOptions = ConfigOptions & {
  out?: string;
  json: boolean;
  strict: boolean;
  quiet: boolean;
  /** False with `--no-color`. */
  color: boolean;
  /** Port of the page that grows; true: any free one. */
  ui?: number | true;
  /** Formats to write beside the page. */
  also?: AlsoFormat[];
};

const DEFAULT_COLUMNS = 80;
/** The built package has .js files, the checkout .ts. */
const CLI_MAIN = fileURLToPath(new URL(`../main${extname(import.meta.filename)}`, import.meta.url));

export async function run(path: string | undefined, options: RunOptions): Promise<number> {
  const { config, source } = await loadConfig(requestConfig(path, options));
  const writeAlso = await prepareFormats(options.also ?? []);
  const directory = await makeResultDirectory({
    parent: config.output.dir,
    name: config.name,
    out: options.out,
    startedAtMs: machineClock.unixMs(),
  });
  const progress = startProgress(options);
  const interrupt = listenForInterrupt(progress.say);
  let live: LivePage | null = null;
  try {
    live = await showLivePage(options, directory, progress.say);
    const observers = [progress.observe, ...(live === null ? [] : [live.observe])];
    const { runCampaign } = await import('../../campaign.ts');
    const result = await runCampaign({
      config,
      configSource: source,
      directory,
      observe: (event) => observers.forEach((observe) => observe(event)),
      interrupt,
      strict: options.strict,
      launch: {
        pilot: [process.execPath, CLI_MAIN, 'agent', '--join', '-'],
        frontend: [process.execPath, CLI_MAIN, 'frontend'],
        mappingService: [process.execPath, CLI_MAIN, 'mapping-service'],
        relay: [process.execPath, CLI_MAIN, 'relay'],
      },
    });
    progress.close();
    const written = await writeAlso(directory, result.exitCode);
    await showEnd(result, directory, written);
    if (options.json) printJson(result.summary);
    await showOnGitHub(result.summary);
    await live?.end(`The campaign has ended. Its report: ${result.report}`);
    return written.exitCode;
  } catch (thrown) {
    await live?.end(`The campaign was broken off: ${messageOf(thrown)}`);
    throw thrown;
  } finally {
    progress.close();
    interrupt.release();
  }
}

/** Null: nobody asked for it. */
async function showLivePage(
  { ui }: RunOptions,
  directory: string,
  say: (line: string) => void,
): Promise<LivePage | null> {
  if (ui === undefined) return null;
  const { startLivePage } = await import('../../live/live-page.ts');
  const page = await startLivePage({
    command: [process.execPath, CLI_MAIN, 'live-page'],
    directory,
    port: ui === true ? 0 : ui,
    log: join(directory, 'live-page.log'),
    clock: machineClock,
    onLost: (sentence) => say(`warning    ${sentence}`),
  });
  say(`UI         ${page.url}`);
  return page;
}

function startProgress({ quiet, color }: RunOptions): Progress {
  const progress = showProgress({
    ...decideAbilities({ isTty: isatty(process.stderr.fd), environment: process.env, colourFlag: color }),
    version: VERSION,
    quiet,
    clock: machineClock,
    sink: {
      write: (text) => process.stderr.write(guard(text)),
      // A terminal that was given no size says 0.
      columns: () => process.stderr.columns || DEFAULT_COLUMNS,
    },
  });
  // Whatever ends the process: the cursor comes back.
  process.once('exit', progress.close);
  return progress;
}

async function showEnd(
  { stopped, summary, report }: CampaignResult,
  directory: string,
  { files, exitCode }: Written,
): Promise<void> {
  const { summaryTable } = await import('../../../reports/terminal-table.ts');
  note(`\n${summaryTable(summary)}`);
  if (stopped !== null) note(`STOPPED    ${stopped}`);
  note(`REPORT     ${report}`);
  for (const file of files) note(`ALSO       ${file}`);
  note(`DATA       ${directory}`);
  note(`exit ${exitCode}    ${describeExit(exitCode)}`);
}
