/** The targets of a config, one or several, each by the name that results call it. */

import type { Config, TargetConfig } from './schema.ts';

export type NamedTarget = {
  name: string;
  config: TargetConfig;
  /** Where it stands in the config. */
  path: string;
};

/** In the order of the config. A single target is called `embedded`, or by the host of its url. */
export function targetsOf({ target, targets }: Pick<Config, 'target' | 'targets'>): NamedTarget[] {
  const single = target === undefined ? [] : [{ name: nameSingle(target), config: target, path: 'target' }];
  const several = Object.entries(targets ?? {}).map(([name, config]) => ({ name, config, path: `targets.${name}` }));
  return [...single, ...several];
}

function nameSingle(target: TargetConfig): string {
  return target.kind === 'embedded' ? 'embedded' : new URL(target.url).host;
}
