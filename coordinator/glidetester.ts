/** What a config file imports from `glidetester`: helpers that give types and say what a thing is. */

import type { z } from 'zod';
import type { ConfigInput, LocalPoolSchema } from './config/schema.ts';
import { type ParameterisedConfig, type Parameters, type ParametersOf, parameterise } from './config/parameters.ts';
import type { HttpGetSchema, SrmLsSchema } from './config/scenario-schema.ts';
import type { EmbeddedTargetSchema } from './config/target-schema.ts';

export type { ConfigInput };

/** Returns its argument; gives completion and type checks in `glidetester.config.ts`. */
export function defineConfig(config: ConfigInput): ConfigInput;
/**
 * A config that is a function of parameters: `--set parameters.<name>=<value>` sets one before `build` is called.
 *
 * @param defaults name and default of each; the default's kind (number, text, true or false) is the parameter's
 */
export function defineConfig<const Defaults extends Parameters>(
  defaults: Defaults,
  build: (parameters: ParametersOf<Defaults>) => ConfigInput | Promise<ConfigInput>,
): ParameterisedConfig;
export function defineConfig(
  given: ConfigInput | Parameters,
  ...rest: [] | [build: (parameters: never) => unknown]
): ConfigInput | ParameterisedConfig {
  if (rest.length === 0) return given as ConfigInput;
  return parameterise(given as Parameters, rest[0] as (parameters: Parameters) => unknown);
}

/** The frontend that ships with GlideTester, started as a process of its own and stopped with the campaign. */
export function embedded(
  options: Omit<z.input<typeof EmbeddedTargetSchema>, 'kind'>,
): z.input<typeof EmbeddedTargetSchema> {
  return { kind: 'embedded', ...options };
}

/** Pilots as processes on this machine. */
export function local(options: Omit<z.input<typeof LocalPoolSchema>, 'kind'>): z.input<typeof LocalPoolSchema> {
  return { kind: 'local', ...options };
}

/** One srmLs of a directory of a given size. */
export function srmLs(options: Omit<z.input<typeof SrmLsSchema>, 'kind'>): z.input<typeof SrmLsSchema> {
  return { kind: 'srm-ls', ...options };
}

/** One HTTP request, the same each time, to the url of the target. */
export function httpGet(options: Omit<z.input<typeof HttpGetSchema>, 'kind'> = {}): z.input<typeof HttpGetSchema> {
  return { kind: 'http-get', ...options };
}
