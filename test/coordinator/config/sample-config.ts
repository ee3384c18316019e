/** A small valid config, and copies of it with one value changed. */

import { type Config, type ConfigInput, ConfigSchema } from '../../../coordinator/config/schema.ts';
import { replaceValue } from './replace-value.ts';

export const SAMPLE: ConfigInput = {
  name: 'sample',
  target: { kind: 'embedded', root: { make: [20, 100] } },
  scenario: { kind: 'srm-ls', directories: { 20: '/d20', 100: '/d100' } },
  load: { levels: [1, 2, 4], runs: 2 },
  pools: [{ kind: 'local', pilots: 2, slotsPerPilot: 4 }],
};

export const SAMPLE_URL_TARGET = {
  kind: 'url',
  url: 'http://srm.example.org:8080/srm/v2/server',
  permission: { host: 'srm.example.org', by: 'ops@example.org', clientsAtMost: 100 },
} as const;

/** The sample with values at dotted paths replaced, checked by the schema alone. */
export function sampleConfig(changes: Record<string, unknown> = {}): Config {
  return ConfigSchema.parse(changeSample(changes));
}

export function changeSample(changes: Record<string, unknown>): unknown {
  return Object.entries(changes).reduce<unknown>((config, [path, value]) => replaceValue(config, path, value), SAMPLE);
}
