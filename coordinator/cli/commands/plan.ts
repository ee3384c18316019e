/** `glidetester plan`: the cells that a config asks for, in order, and whether ports will last; the target is not touched. */

import { GlideTesterError } from '../../../foundation/error.ts';
import { putOnOneLine } from '../../../reports/plain-text.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import { examine } from '../../doctor/examine.ts';
import { type Finding, isShort } from '../../doctor/finding.ts';
import { expectDuration, planCells } from '../../plan.ts';
import { describePlan } from '../../progress/header-lines.ts';
import { type ConfigOptions, requestConfig } from '../config-options.ts';
import { EXIT } from '../exit-code.ts';
import { printJson, printText } from '../standard-streams.ts';
import { FACTS_COMMAND } from './doctor.ts';

export async function plan(path: string | undefined, options: ConfigOptions & { json: boolean }): Promise<number> {
  const { config } = await loadConfig(requestConfig(path, options));
  const cells = planCells(config);
  const expectedMs = expectDuration(config, cells.length);
  if (options.json) {
    printJson({ name: config.name, cells, expectedMs, findings: await foreseePorts(config) });
    return EXIT.done;
  }
  const lines = cells.map(({ id, target, directorySize, level, run }) =>
    [id, target, ...(directorySize === null ? [] : [`${directorySize} files`]), `level ${level}`, `run ${run}`].join(
      '  ',
    ),
  );
  const warnings = (await foreseePorts(config)).map(describeWarning);
  printText([`${config.name}   ${describePlan(cells.length, expectedMs)}`, ...lines, ...warnings].join('\n'));
  return EXIT.done;
}

/** What doctor finds about ports and about new connections a second, where they may not last. None where it can't be known. */
async function foreseePorts(config: Config): Promise<Finding[]> {
  try {
    const { findings } = await examine(config, FACTS_COMMAND);
    return findings.filter(
      ({ resource, verdict }) => (resource === 'ports' || resource === 'connection-rate') && isShort(verdict),
    );
  } catch (thrown) {
    // A plan is a plan also where no name is found and no pilot can be started yet.
    if (thrown instanceof GlideTesterError) return [];
    throw thrown;
  }
}

function describeWarning({ resource, where, says, fix }: Finding): string {
  return putOnOneLine(`! ${resource}  ${where}  ${says}${fix === null ? '' : `; fix: ${fix}`}`);
}
