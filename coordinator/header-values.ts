/** The values of headers that the config names: as it has them, or from the environment. */

import { GlideTesterError } from '../foundation/error.ts';
import { isHeaderValue } from './config/header-fields.ts';
import type { HeadersConfig } from './config/header-schema.ts';

export type HeaderSource = {
  environment: Readonly<Record<string, string | undefined>>;
  /** Where the headers stand in the config. */
  key: string;
  /** What is thrown when a variable is not set, or holds what no header can. */
  code: `GT_${string}`;
};

/**
 * Names in lower case, in their order.
 *
 * @throws GlideTesterError with the code; what a variable holds is never told
 */
export function readHeaderValues(headers: HeadersConfig, source: HeaderSource): [name: string, value: string][] {
  return Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    typeof value === 'string' ? value : readVariable(name, value.fromEnvironment, source),
  ]);
}

function readVariable(header: string, name: string, { environment, key, code }: HeaderSource): string {
  const value = environment[name] ?? '';
  if (value !== '' && isHeaderValue(value)) return value;
  const came =
    value === ''
      ? 'it is not set, or empty'
      : 'it holds blanks at its ends, or characters that are not printable ASCII';
  throw new GlideTesterError(
    code,
    `expected the value of the header ${header} in the environment variable ${name}; ${came}`,
    { hint: `set ${name} for the coordinator, or correct ${key}` },
  );
}
