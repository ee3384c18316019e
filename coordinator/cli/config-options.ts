/** The part of the command line that says which config is meant. */

import type { ConfigRequest } from '../config/load-config.ts';

export type ConfigOptions = { set: string[] };

/** The request for a config by its path on the command line, `--set` and the environment. */
export function requestConfig(path: string | undefined, { set }: ConfigOptions): ConfigRequest {
  return { folder: process.cwd(), path, environment: process.env, set };
}
