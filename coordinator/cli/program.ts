/** The command line: what can be typed. What a command does is loaded when it is asked for, so that `--help` is quick. */

import { Command, Option } from 'commander';
import { ALSO_FORMATS, REPORT_FORMATS } from '../../reports/formats/report-format.ts';
import { COMPARE_FORMATS } from '../../reports/compare/compare-format.ts';
import { VERSION } from '../version.ts';
import type { CompareOptions } from './commands/compare.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { ReportOptions } from './commands/report.ts';
import type { RunOptions } from './commands/run.ts';
import type { ConfigOptions } from './config-options.ts';
import { collect, parseChoices, parseWhole } from './option-value.ts';
import { type End, addParts } from './part-commands.ts';

const parsePort = parseWhole(0, 65_535);
const parseFormats = parseChoices(ALSO_FORMATS);
/** Below, letters can't be read; above, a figure is a hundred million dots. */
const [LEAST_DPI, MOST_DPI] = [36, 1200];

/** @param end called with the exit code of the command that has run */
export function createProgram(end: End): Command {
  const program = new Command('glidetester')
    .description('Measures how a network-facing service scales.')
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride();
  addRun(program, end);
  addValidateAndPlan(program, end);
  addDoctor(program, end);
  addReport(program, end);
  addCompare(program, end);
  addParts(program, end);
  return program;
}

function addRun(program: Command, end: End): void {
  addConfig(program.command('run').description('measure everything that the config asks for'))
    .option(
      '--out <dir>',
      'result directory, new or empty (default: results/<name>-<time>, with a link results/latest)',
    )
    .option('--json', 'print summary.json on standard output', false)
    .option('--strict', 'exit 99 if any cell is not ok', false)
    .option('-q, --quiet', 'say only what is not ok, and the end', false)
    .option('--no-color', 'no colours (as NO_COLOR)')
    .option('--ui [port]', 'show the report on http://127.0.0.1:<port> as it grows (default: any free port)', parsePort)
    .option('--also <formats>', `write more into the result directory: any of ${ALSO_FORMATS.join(',')}`, parseFormats)
    .action(async (path: string | undefined, options: RunOptions) => {
      const { run } = await import('./commands/run.ts');
      end(await run(path, options));
    });
}

function addValidateAndPlan(program: Command, end: End): void {
  addConfig(program.command('validate').description('list all problems of the config'))
    .option('--json', 'print { valid, problems } on standard output', false)
    .action(async (path: string | undefined, options: ConfigOptions & { json: boolean }) => {
      const { validate } = await import('./commands/validate.ts');
      end(await validate(path, options));
    });
  addConfig(program.command('plan').description('list the cells that the config asks for'))
    .option('--json', 'print them as JSON', false)
    .action(async (path: string | undefined, options: ConfigOptions & { json: boolean }) => {
      const { plan } = await import('./commands/plan.ts');
      end(await plan(path, options));
    });
}

function addDoctor(program: Command, end: End): void {
  addConfig(program.command('doctor').description("say whether this machine and the pilots' hosts can hold the config"))
    .option('--json', 'print the findings as JSON', false)
    .option('--no-color', 'no colours (as NO_COLOR)')
    .action(async (path: string | undefined, options: DoctorOptions) => {
      const { doctor } = await import('./commands/doctor.ts');
      end(await doctor(path, options));
    });
}

function addReport(program: Command, end: End): void {
  program
    .command('report')
    .description('render the report of a result directory again')
    .argument('<dir>', 'result directory, such as results/latest')
    .addOption(
      new Option('--format <format>', 'as a page, figures for a paper, or for other tools')
        .choices(REPORT_FORMATS)
        .default('html'),
    )
    .option(
      '--out <path>',
      'where to: a file; with svg and png a folder (default: DIR/figures; md, csv, junit: stdout)',
    )
    .option('--dpi <number>', 'dots per inch of png', parseWhole(LEAST_DPI, MOST_DPI), 300)
    .option('--anew', 'measure every cell from its rows, not only those that need it', false)
    .option('--json', 'print summary.json on standard output', false)
    .action(async (directory: string, options: ReportOptions) => {
      const { report } = await import('./commands/report.ts');
      end(await report(directory, options));
    });
}

function addCompare(program: Command, end: End): void {
  program
    .command('compare')
    .description('set results side by side, and say which differences are larger than the noise')
    .argument('<baseline>', 'result directory or summary.json that the others are compared with')
    .argument('<others...>', 'one or more to compare with it')
    .addOption(new Option('--format <format>', 'as what').choices(COMPARE_FORMATS).default('text'))
    .option('--json', 'the same as --format json', false)
    .option('--out <file>', 'write it to a file, not to standard output')
    .option('--fail-if <expression>', "exit 99 on a difference such as 'rate < -5%'; repeatable", collect, [])
    .option('--no-color', 'no colours (as NO_COLOR)')
    .action(async (baseline: string, others: string[], options: CompareOptions) => {
      const { compare } = await import('./commands/compare.ts');
      end(await compare([baseline, ...others], options));
    });
}

function addConfig(command: Command): Command {
  return command
    .argument('[config]', 'config file (default: glidetester.config.{ts,mts,js,mjs,json})')
    .option('--set <path=value>', 'replace a value of the config; repeatable', collect, []);
}
