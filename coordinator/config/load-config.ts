/** From a request to a checked config: defaults < file < `GLIDETESTER_*` < flags, and every problem at once. */

import { relative } from 'node:path';
import { GlideTesterError } from '../../foundation/error.ts';
import { checkConfig } from './check-config.ts';
import { findConfig, readConfigFile } from './config-file.ts';
import { type AppliedOverride, applyOverrides, readEnvironment, readFlags } from './overrides.ts';
import { type Finding, type Problem, formatProblems } from './problem.ts';
import type { Config } from './schema.ts';

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
  const { path, sha256, value } = await readConfigFile(await findConfig(request.folder, request.path));
  const flags = readFlags(request.set);
  const laid = applyOverrides(value, [...readEnvironment(request.environment), ...flags.overrides]);
  const { config, findings } = checkConfig(laid.config);
  const file = relative(request.folder, path);
  const problems = [
    ...flags.problems,
    ...laid.problems,
    ...findings.map((finding) => ({ ...finding, source: sourceOf(finding, laid.applied) ?? file })),
  ];
  return { source: { path, sha256 }, config: problems.length > 0 || config === null ? null : freeze(config), problems };
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
