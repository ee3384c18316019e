/**
 * Values from the environment and from flags, laid over what the file says. `GLIDETESTER_LOAD__RUNS=3` and
 * `--set load.runs=3` name the same key; names are matched ignoring case where no key has that very name.
 */

import { type Finding, type Problem, describeValue } from './problem.ts';
import { type SchemaNode, keysAt, nodesAt } from './schema-keys.ts';

/** One value for one key, as text, from outside the file. */
export type Override = {
  path: string[];
  text: string;
  /** How problems name it: `GLIDETESTER_LOAD__RUNS in the environment`, `--set load.runs=3`. */
  source: string;
};

const PREFIX = 'GLIDETESTER_';

/** The overrides in the environment, in the order of their names (a key before the keys below it). */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Override[] {
  return Object.entries(environment)
    .filter((entry): entry is [string, string] => entry[0].startsWith(PREFIX) && entry[1] !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => ({
      path: name.slice(PREFIX.length).split('__'),
      text,
      source: `${name} in the environment`,
    }));
}

/** The overrides of `--set path=value` flags, in their order; the last one for a key wins. */
export function readFlags(flags: readonly string[]): { overrides: Override[]; problems: Problem[] } {
  const overrides: Override[] = [];
  const problems: Problem[] = [];
  for (const flag of flags) {
    const equals = flag.indexOf('=');
    const source = `--set ${flag}`;
    if (equals > 0) overrides.push({ path: flag.slice(0, equals).split('.'), text: flag.slice(equals + 1), source });
    else problems.push({ path: '', ...notAnOverride(flag), source });
  }
  return { overrides, problems };
}

/** An override whose path has been matched to the keys of config and schema. */
export type AppliedOverride = { path: string[]; source: string };

/** The config with all overrides laid over it; `config` itself is left as it was. */
export function applyOverrides(
  config: unknown,
  overrides: readonly Override[],
): { config: unknown; applied: AppliedOverride[]; problems: Problem[] } {
  const applied: AppliedOverride[] = [];
  const problems: Problem[] = [];
  let result = config;
  for (const { path: written, text, source } of overrides) {
    const path = matchPath(written, result);
    const value = parseText(text, nodesAt(path, result));
    const outcome = replaceAt(result, path, value);
    if ('finding' in outcome) {
      problems.push({ ...outcome.finding, source });
    } else {
      result = outcome.value;
      applied.push({ path, source });
    }
  }
  return { config: result, applied, problems };
}

/**
 * A text as the value it stands for: JSON if it parses, else the text itself. Where the schema wants only texts it stays
 * one; where it wants only a list, `1,2,4` is one.
 */
export function parseText(text: string, nodes: readonly SchemaNode[]): unknown {
  const parsed = parseJson(text);
  const wanted = new Set(nodes.map((node) => node.type));
  if (wanted.size === 1 && wanted.has('string')) return typeof parsed === 'string' ? parsed : text;
  if (wanted.size === 1 && wanted.has('array')) {
    if (Array.isArray(parsed)) return parsed;
    if (typeof parsed === 'object') return [parsed];
    const items = nodes.flatMap((node) => node.items ?? []);
    return text.split(',').map((part) => parseText(part.trim(), items));
  }
  return parsed === undefined ? text : parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function matchPath(written: readonly string[], config: unknown): string[] {
  const path: string[] = [];
  let value = config;
  for (const name of written) {
    const keys = [...(isContainer(value) ? Object.keys(value) : []), ...keysAt(path, config)];
    const key = keys.find((each) => each === name) ?? keys.find((each) => each.toLowerCase() === name.toLowerCase());
    path.push(key ?? name);
    value = isContainer(value) && key !== undefined ? (value as Record<string, unknown>)[key] : undefined;
  }
  return path;
}

type Replaced = { value: unknown } | { finding: Finding };

function replaceAt(
  container: unknown,
  path: readonly string[],
  value: unknown,
  parent: readonly string[] = [],
): Replaced {
  const [key, ...rest] = path;
  if (key === undefined) return { value };
  const refused = refuseKey(container, key, parent);
  if (refused !== null) return { finding: refused };
  const own = isContainer(container) && Object.hasOwn(container, key) ? Reflect.get(container, key) : undefined;
  const child = replaceAt(own, rest, value, [...parent, key]);
  if ('finding' in child) return child;
  if (Array.isArray(container)) return { value: container.toSpliced(Number(key), 1, child.value) };
  return { value: { ...(isContainer(container) ? container : {}), [key]: child.value } };
}

/** Why the path cannot be followed to this key, or null. A missing object on the way is made. */
function refuseKey(container: unknown, key: string, parent: readonly string[]): Finding | null {
  const path = [...parent, key].join('.');
  if (key === '') return { path, ...notAnOverride(path) };
  if (container !== undefined && !isContainer(container)) {
    return {
      path,
      expected: `keys below ${parent.join('.')}`,
      came: describeValue(container),
      fix: `set ${parent.join('.')} as a whole, as JSON`,
    };
  }
  if (!Array.isArray(container) || (/^\d+$/.test(key) && Number(key) <= container.length)) return null;
  return {
    path,
    expected: `an index from 0 to ${container.length} (${container.length} appends)`,
    came: describeValue(key),
    fix: `number the items of ${parent.join('.')} from 0, or set the whole list as JSON`,
  };
}

function notAnOverride(text: string): Omit<Finding, 'path'> {
  return {
    expected: 'path=value, such as load.runs=3',
    came: describeValue(text),
    fix: 'write the keys with a dot between them (two underscores in the environment)',
  };
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
