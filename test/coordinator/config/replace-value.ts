/** The naive way to change one value of a config, for tests to compare with. */

/** A deep copy of `config` with the value at a dotted path replaced; undefined removes the key. */
export function replaceValue(config: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(config) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() as string;
  let holder = copy;
  for (const key of keys) {
    holder[key] ??= {};
    holder = holder[key] as Record<string, unknown>;
  }
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}
