/** `glidetester validate`: all problems of a config at once, without touching the target. */

import { GlideTesterError } from '../../../foundation/error.ts';
import { type ConfigReading, type ConfigRequest, loadConfig, readConfig } from '../../config/load-config.ts';
import type { Problem } from '../../config/problem.ts';
import { planCells } from '../../plan.ts';
import { type ConfigOptions, requestConfig } from '../config-options.ts';
import { EXIT } from '../exit-code.ts';
import { printJson, printText } from '../standard-streams.ts';

export async function validate(path: string | undefined, options: ConfigOptions & { json: boolean }): Promise<number> {
  const request = requestConfig(path, options);
  if (options.json) {
    const problems = await listProblems(request);
    printJson({ valid: problems.length === 0, problems });
    return problems.length === 0 ? EXIT.done : EXIT.invalidConfig;
  }
  const { config, source } = await loadConfig(request);
  printText(`valid: ${source.path} asks for ${planCells(config).length} cells`);
  return EXIT.done;
}

/** A file that can't be read at all is a problem too. */
async function listProblems(request: ConfigRequest): Promise<Problem[]> {
  let reading: ConfigReading;
  try {
    reading = await readConfig(request);
  } catch (error) {
    if (!(error instanceof GlideTesterError)) throw error;
    const { code, message, hint } = error;
    const source = request.path ?? request.folder;
    return [
      { path: '', expected: 'a config file that can be read', came: `${code}: ${message}`, source, fix: hint ?? '' },
    ];
  }
  return reading.problems;
}
