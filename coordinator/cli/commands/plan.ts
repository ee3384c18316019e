/** `glidetester plan`: the cells that a config asks for, in order, without touching the target. */

import { loadConfig } from '../../config/load-config.ts';
import { expectDuration, planCells } from '../../plan.ts';
import { describePlan } from '../../progress/header-lines.ts';
import { type ConfigOptions, requestConfig } from '../config-options.ts';
import { EXIT } from '../exit-code.ts';
import { printJson, printText } from '../standard-streams.ts';

export async function plan(path: string | undefined, options: ConfigOptions & { json: boolean }): Promise<number> {
  const { config } = await loadConfig(requestConfig(path, options));
  const cells = planCells(config);
  const expectedMs = expectDuration(config, cells.length);
  if (options.json) {
    printJson({ name: config.name, cells, expectedMs });
    return EXIT.done;
  }
  const lines = cells.map(({ id, target, directorySize, level, run }) =>
    [id, target, ...(directorySize === null ? [] : [`${directorySize} files`]), `level ${level}`, `run ${run}`].join(
      '  ',
    ),
  );
  printText([`${config.name}   ${describePlan(cells.length, expectedMs)}`, ...lines].join('\n'));
  return EXIT.done;
}
