/** What a config file imports from `glidetester`: helpers that only give types. */

import type { z } from 'zod';
import type { ConfigInput, LocalPoolSchema, SrmLsSchema } from './config/schema.ts';
import type { EmbeddedTargetSchema } from './config/target-schema.ts';

export type { ConfigInput };

/** Returns its argument; gives completion and type checks in `glidetester.config.ts`. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
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
