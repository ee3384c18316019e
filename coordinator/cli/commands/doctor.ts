/** `glidetester doctor`: what this machine and the hosts of the pilots can hold, against what a config asks of them. */

import { extname } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { GlideTesterError } from '../../../foundation/error.ts';
import { loadConfig } from '../../config/load-config.ts';
import { askHost } from '../../doctor/ask-host.ts';
import { describeExamination, describeMachine } from '../../doctor/doctor-lines.ts';
import { type Examination, examine } from '../../doctor/examine.ts';
import { describeCapacity } from '../../doctor/machine-capacity.ts';
import { decideAbilities } from '../../progress/terminal.ts';
import { createPainter } from '../../progress/text.ts';
import { type ConfigOptions, requestConfig } from '../config-options.ts';
import { EXIT } from '../exit-code.ts';
import { printJson, printText } from '../standard-streams.ts';

export type DoctorOptions = ConfigOptions & {
  json: boolean;
  /** False with `--no-color`. */
  color: boolean;
};

/** The command line that prints the facts of a host; the built package has .js files, the checkout .ts. */
export const FACTS_COMMAND = [
  process.execPath,
  fileURLToPath(new URL(`../main${extname(import.meta.filename)}`, import.meta.url)),
  'agent',
  '--facts',
];

/** @throws GT_HOST_TOO_SMALL, after all findings have been printed, when one of them says so */
export async function doctor(path: string | undefined, options: DoctorOptions): Promise<number> {
  const examination = await examineConfig(path, options);
  if (examination === null) return describeThisMachine(options.json);
  const { name, level, findings, hosts } = examination;
  if (options.json) printJson({ name, level, findings, hosts });
  else printText(describeExamination(examination, createPainter(isColoured(options))));
  const tooSmall = findings.filter(({ verdict }) => verdict === 'too-small');
  if (tooSmall.length === 0) return EXIT.done;
  const what = [...new Set(tooSmall.map(({ resource, where }) => `${resource} (${where})`))].join(', ');
  throw new GlideTesterError('GT_HOST_TOO_SMALL', `expected hosts that can hold ${level} clients; too small: ${what}`, {
    hint: 'change what stands behind `fix`, or lower load.levels',
  });
}

/** Null without a config: none was named, and none lies here. */
async function examineConfig(path: string | undefined, options: DoctorOptions): Promise<Examination | null> {
  const loaded = await loadConfig(requestConfig(path, options)).catch((thrown: unknown) => {
    const isMissing = thrown instanceof GlideTesterError && thrown.code === 'GT_CONFIG_NOT_FOUND';
    if (isMissing && path === undefined && options.set.length === 0) return null;
    throw thrown;
  });
  return loaded === null ? null : examine(loaded.config, FACTS_COMMAND);
}

async function describeThisMachine(json: boolean): Promise<number> {
  const host = await askHost(FACTS_COMMAND, 'this machine');
  const capacity = describeCapacity(host);
  if (json) printJson({ host, capacity });
  else printText(describeMachine(host.hostname, capacity));
  return EXIT.done;
}

function isColoured({ color }: DoctorOptions): boolean {
  return decideAbilities({ isTty: isatty(process.stdout.fd), environment: process.env, colourFlag: color }).colour;
}
