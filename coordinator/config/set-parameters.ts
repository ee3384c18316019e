/** The values of a config's parameters: their defaults, and what the environment and flags lay over them. */

import { findNearest } from '../../foundation/nearest-word.ts';
import { type Override, parseText } from './overrides.ts';
import type { ParameterValue, Parameters } from './parameters.ts';
import { type Finding, type Problem, describeValue } from './problem.ts';

const KEY = 'parameters';
/** Two underscores and dots separate keys, so a name may not hold them. */
const NAME_PATTERN = /^(?!.*__)[A-Za-z][\w-]*$/;
const EXAMPLE = 'defineConfig({ scale: 25 }, ({ scale }) => ({ … }))';

/** Overrides of parameters, which must be known before there is a config, and those of the config's own keys. */
export function splitOverrides(overrides: readonly Override[]): { ofParameters: Override[]; ofKeys: Override[] } {
  return {
    ofParameters: overrides.filter(isOfParameters),
    ofKeys: overrides.filter((override) => !isOfParameters(override)),
  };
}

function isOfParameters({ path }: Override): boolean {
  return path[0]?.toLowerCase() === KEY;
}

/** What the parameters are; one with a problem has its default (or is missing, where the default is what is wrong). */
export type ParameterSetting = { values: Parameters; problems: Problem[] };

/** @param file the source that problems of defaults are told with */
export function setParameters(defaults: unknown, overrides: readonly Override[], file: string): ParameterSetting {
  const { values, findings } = readDefaults(defaults);
  const problems: Problem[] = findings.map((finding) => ({ ...finding, source: file }));
  for (const override of overrides.flatMap(namesOneByOne)) {
    const set = setOne(values, override);
    if ('expected' in set) problems.push({ ...set, source: override.source });
    else values.set(set.name, set.value);
  }
  return { values: Object.freeze(Object.fromEntries(values)), problems };
}

/** What is said of each override of a parameter when the config has none. */
export function refuseParameters(overrides: readonly Override[]): Problem[] {
  return overrides.map(({ path, text, source }) => ({
    path: pathOf(path),
    expected: 'no parameter: this config is not a function of any',
    came: describeValue(text),
    fix: `leave it out, or give the config parameters (in TypeScript or JavaScript): ${EXAMPLE}`,
    source,
  }));
}

/** The made config with its parameters in it; who writes that key by hand would write something that nothing reads. */
export function keepParameters(
  config: unknown,
  parameters: Parameters | null,
): { config: unknown; findings: Finding[] } {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return { config, findings: [] };
  if (Object.hasOwn(config, KEY)) {
    const { [KEY]: written, ...rest } = config as Record<string, unknown>;
    const finding: Finding = {
      path: KEY,
      expected: 'nothing in the config itself: GlideTester writes the parameters there that it was made with',
      came: describeValue(written),
      fix: `remove it, and name them before the config: ${EXAMPLE}`,
    };
    return { config: rest, findings: [finding] };
  }
  return { config: parameters === null ? config : { ...config, [KEY]: parameters }, findings: [] };
}

function readDefaults(defaults: unknown): { values: Map<string, ParameterValue>; findings: Finding[] } {
  const values = new Map<string, ParameterValue>();
  if (typeof defaults !== 'object' || defaults === null || Array.isArray(defaults)) {
    const finding = {
      path: KEY,
      expected: 'an object of names and defaults as the first argument of defineConfig',
      came: describeValue(defaults),
      fix: `write ${EXAMPLE}`,
    };
    return { values, findings: [finding] };
  }
  const findings: Finding[] = [];
  for (const [name, value] of Object.entries(defaults as Record<string, unknown>)) {
    if (!NAME_PATTERN.test(name)) {
      findings.push({
        path: `${KEY}.${name}`,
        expected: 'a name of letters, digits, dashes and single underscores that starts with a letter',
        came: describeValue(name),
        fix: 'rename the parameter: by such a name it can be set from outside',
      });
    } else if (isParameterValue(value)) {
      values.set(name, value);
    } else {
      findings.push({
        path: `${KEY}.${name}`,
        expected: 'a number, a text, or true or false as its default',
        came: describeValue(value),
        fix: 'give it a default of the kind that it is meant to have',
      });
    }
  }
  return { values, findings };
}

function isParameterValue(value: unknown): value is ParameterValue {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}

/** The environment may have written the first name in capitals. */
function pathOf(path: readonly string[]): string {
  return [KEY, ...path.slice(1)].join('.');
}

/** `parameters={"scale":1}` sets each parameter that it names. */
function namesOneByOne(override: Override): Override[] {
  if (override.path.length > 1) return [override];
  const values = parseText(override.text, []);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return [override];
  return Object.entries(values).map(([name, value]) => ({
    ...override,
    path: [KEY, name],
    text: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}

function setOne(
  values: ReadonlyMap<string, ParameterValue>,
  { path, text }: Override,
): { name: string; value: ParameterValue } | Finding {
  const [, written = '', ...below] = path;
  const names = [...values.keys()];
  const name =
    names.find((each) => each === written) ?? names.find((each) => each.toLowerCase() === written.toLowerCase());
  const present = name === undefined ? undefined : values.get(name);
  if (name === undefined || present === undefined || below.length > 0) {
    const nearest = findNearest(written, names);
    return {
      path: pathOf(path),
      expected:
        names.length === 0 ? 'no parameter: this config has none' : `a parameter of this config: ${names.join(', ')}`,
      came: describeValue(path.length === 1 ? text : path.slice(1).join('.')),
      fix: nearest === undefined ? 'correct the name' : `did you mean ${KEY}.${nearest}?`,
    };
  }
  const value = parseValue(text, present);
  if (value !== undefined) return { name, value };
  return {
    path: `${KEY}.${name}`,
    expected:
      typeof present === 'number'
        ? `a number, as its default ${present} is`
        : `true or false, as its default ${present} is`,
    came: describeValue(text),
    fix: 'give it a value of that kind',
  };
}

/** The text as a value of the same kind as the present one; undefined: it is none. */
function parseValue(text: string, present: ParameterValue): ParameterValue | undefined {
  if (typeof present === 'string') return parseText(text, [{ type: 'string' }]) as string;
  const value = parseText(text.trim(), []);
  if (typeof value !== typeof present || !isParameterValue(value)) return undefined;
  return value;
}
