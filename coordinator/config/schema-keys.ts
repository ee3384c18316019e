/** The schema as a tree of keys that can be asked: what is known at a path, and what kind of value it takes. */

import { z } from 'zod';
import { ConfigSchema } from './schema.ts';

/** The part of JSON Schema that zod writes for the config. */
export type SchemaNode = {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
};

/** JSON Schema (2020-12) of what a user may write. */
export const configJsonSchema = z.toJSONSchema(ConfigSchema, { io: 'input' }) as SchemaNode;

/** The alternatives of a node: itself, or the branches of its union; one without words of its own has those of the union. */
export function branchesOf(node: SchemaNode): SchemaNode[] {
  const branches = node.oneOf ?? node.anyOf;
  if (branches === undefined) return [node];
  const { description } = node;
  return branches
    .flatMap(branchesOf)
    .map((branch) => (description === undefined ? branch : { description, ...branch }));
}

/**
 * The nodes that may describe the value at a path; several where the schema has a union that `config` does not decide.
 *
 * @param config the raw config: its `kind` keys choose the branches
 */
export function nodesAt(path: readonly string[], config: unknown): SchemaNode[] {
  let nodes = chooseBranches([configJsonSchema], config);
  let value = config;
  for (const key of path) {
    value = childOf(value, key);
    nodes = chooseBranches(
      nodes.flatMap((node) => childNodes(node, key)),
      value,
    );
  }
  return nodes;
}

/** The keys that the schema knows below a path. */
export function keysAt(path: readonly string[], config: unknown): string[] {
  return [...new Set(nodesAt(path, config).flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** Every path of the schema, in its order; `*` stands for any index or name. */
export function listKeyPaths(node: SchemaNode = configJsonSchema, prefix: readonly string[] = []): string[][] {
  const below = branchesOf(node).flatMap((branch) => [
    ...Object.entries(branch.properties ?? {}),
    ...(branch.items === undefined ? [] : ([['*', branch.items]] as const)),
    ...(typeof branch.additionalProperties === 'object' ? ([['*', branch.additionalProperties]] as const) : []),
  ]);
  return below.flatMap(([key, child]) => [[...prefix, key], ...listKeyPaths(child, [...prefix, key])]);
}

function childNodes(node: SchemaNode, key: string): SchemaNode[] {
  const known = node.properties?.[key];
  if (known !== undefined) return [known];
  if (node.items !== undefined && /^\d+$/.test(key)) return [node.items];
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
}

function chooseBranches(nodes: readonly SchemaNode[], value: unknown): SchemaNode[] {
  const branches = nodes.flatMap(branchesOf);
  const kind = childOf(value, 'kind');
  const fitting = branches.filter((branch) => {
    const own = branch.properties?.['kind'];
    return own === undefined || own.const === kind || (kind === undefined && own.default === own.const);
  });
  return fitting.length > 0 ? fitting : branches;
}

function childOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
