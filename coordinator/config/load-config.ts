/** From a request to a checked config: defaults < file < `GLIDETESTER_*` < flags, and every problem at once. */

import { relative } from 'node:path';
import { GlideTesterError } from '../../foundation/error.ts';
import { checkConfig } from './check-config.ts';
import { findConfig, readConfigFile } from './config-file.ts';
import { type AppliedOverride, applyOverrides, readEnvironment, readFlags } from './overrides.ts';
import { type Parameters, listParameters } from './parameters.ts';
import { type Finding, type Problem, formatProblems } from './problem.ts';
import type { Config } from './schema.ts';
import { keepParameters, splitOverrides } from './set-parameters.ts';

export type ConfigRequest = {
  /** Where the file is looked for, and what a relative path counts from. */
  folder: string;
  /** The path that the user gave, if any. */
  path: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  /** `path=value` of each `--set`. */
  set: readonly string[];
};

/** Which file a config came from. */
export type ConfigSource = { path: string; sha256: string };

export type ConfigReading = {
  source: ConfigSource;
  /** Frozen; null when there are problems. */
  config: Config | null;
  problems: Problem[];
};

/**
 * Reads and checks a config.
 *
 * @throws GlideTesterError GT_CONFIG_… when there is no file, or none that can be read
 */
export async function readConfig(request: ConfigRequest): Promise<ConfigReading> {
  const flags = readFlags(request.set);
  const { ofParameters, ofKeys } = splitOverrides([...readEnvironment(request.environment), ...flags.overrides]);
  const found = await findConfig(request.folder, request.path);
  const file = relative(request.folder, found);
  const { path, sha256, made, parameters, problems: early } = await readConfigFile(found, ofParameters, file);
  const source = { path, sha256 };
  if (made === null) return { source, config: null, problems: [...flags.problems, ...early] };
  const kept = keepParameters(made.value, parameters);
  const laid = applyOverrides(kept.config, ofKeys);
  const { config, findings } = checkConfig(laid.config);
  const origin = nameOrigin(file, parameters);
  const problems = [
    ...flags.problems,
    ...early,
    ...laid.problems,
    ...[...kept.findings, ...findings].map((finding) => ({
      ...finding,
      source: sourceOf(finding, laid.applied) ?? origin,
    })),
  ];
  return { source, config: problems.length > 0 || config === null ? null : freeze(config), problems };
}

/** The file, and the parameters that it was made with: another value of one may be all that it needs. */
function nameOrigin(file: string, parameters: Parameters | null): string {
  const values = listParameters(parameters ?? {});
  return values === '' ? file : `${file}, made with ${values}`;
}

/**
 * The checked config.
 *
 * @throws GlideTesterError GT_CONFIG_INVALID with all problems, and what {@link readConfig} throws
 */
export async function loadConfig(request: ConfigRequest): Promise<{ config: Config; source: ConfigSource }> {
  const { config, problems, source } = await readConfig(request);
  if (config !== null) return { config, source };
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw new GlideTesterError('GT_CONFIG_INVALID', `${count} in the config\n\n${formatProblems(problems)}`, {
    hint: 'correct all of these; docs/config.md lists every key, and `glidetester validate` checks again',
  });
}

/** The override that gave the value which a finding is about: the last one for the key or for one above it. */
function sourceOf(finding: Finding, applied: readonly AppliedOverride[]): string | undefined {
  return applied.findLast(({ path }) => `${finding.path}.`.startsWith(`${path.join('.')}.`))?.source;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
