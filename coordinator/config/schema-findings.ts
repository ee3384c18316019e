/** Turns what zod says about a config into findings: each with the key, what belongs there, what came and what to do. */

import type { z } from 'zod';
import { type Finding, describeValue } from './problem.ts';
import { nodesAt } from './schema-keys.ts';
import { suggestKey } from './suggest-key.ts';

type Issue = z.core.$ZodIssue;

/** @param config the raw config that was checked; the issues must hold their input (`reportInput`) */
export function findingsOf(issues: readonly Issue[], config: unknown): Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, [], config));
}

function findingsOfIssue(issue: Issue, prefix: readonly string[], config: unknown): Finding[] {
  const path = [...prefix, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, config));
  if (issue.code === 'invalid_union') {
    const branch = nearestBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => findingsOfIssue(inner, path, config));
  }
  return [
    {
      path: path.join('.'),
      expected: describeExpected(issue),
      came: describeValue(issue.code === 'invalid_key' ? path.at(-1) : valueAt(config, path)),
      fix: describeFix(path, config),
    },
  ];
}

function unknownKey(parent: readonly string[], key: string, config: unknown): Finding {
  return {
    path: [...parent, key].join('.'),
    expected: 'a key that is known here',
    came: `${key}: ${describeValue(valueAt(config, [...parent, key]))}`,
    fix: suggestKey(parent, key, config),
  };
}

/** The branch of a union whose own kind of value came, so that only something inside it is wrong. */
function nearestBranch(branches: readonly Issue[][]): Issue[] | undefined {
  const inside = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  return inside.length === 1 ? inside[0] : undefined;
}

function describeExpected(issue: Issue): string {
  // Our own messages in the schema start like this; they say it better than a type can.
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length);
  switch (issue.code) {
    case 'invalid_type':
      return describeType(issue.expected);
    case 'invalid_value':
      return describeChoice(issue.values);
    case 'too_small':
      return `${describeMeasure(issue.origin)} ${issue.inclusive === true ? 'of at least' : 'greater than'} ${issue.minimum}`;
    case 'too_big':
      return `${describeMeasure(issue.origin)} ${issue.inclusive === true ? 'of at most' : 'less than'} ${issue.maximum}`;
    case 'invalid_union':
      return describeUnion(issue);
    case 'invalid_key':
      return issue.issues.map(describeExpected).join(' and ');
    case 'invalid_format':
      return describeFormat(issue);
    case 'unrecognized_keys':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      break;
  }
  return issue.message;
}

function describeFormat(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  if (issue.format === 'starts_with')
    return `a text that starts with ${describeValue((issue as { prefix?: unknown }).prefix)}`;
  return issue.message;
}

function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const options = (issue as { options?: unknown[] }).options;
  if (options !== undefined) return describeChoice(options.filter((option) => typeof option === 'string'));
  return issue.errors.flatMap((errors) => errors.slice(0, 1).map(describeExpected)).join(', or ');
}

function describeChoice(values: readonly unknown[]): string {
  const choices = values.map(describeValue);
  return choices.length === 1 ? String(choices[0]) : `one of ${choices.join(', ')}`;
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with keys',
  record: 'an object with keys',
};

function describeType(type: string): string {
  return TYPES[type] ?? type;
}

const MEASURES: Readonly<Record<string, string>> = {
  string: 'a text with a length',
  array: 'a list with a length',
};

function describeMeasure(origin: string): string {
  return MEASURES[origin] ?? 'a number';
}

/** What the key is for, from its description in the schema: the best advice about its value. */
function describeFix(path: readonly string[], config: unknown): string {
  const descriptions = nodesAt(path, config).flatMap((node) => node.description ?? []);
  const meaning = [...new Set(descriptions)].join('; ');
  const verb = valueAt(config, path) === undefined ? 'add it' : 'change it';
  return meaning === '' ? `${verb}; docs/config.md lists all keys` : `${verb} (${meaning})`;
}

function valueAt(config: unknown, path: readonly string[]): unknown {
  let value = config;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
