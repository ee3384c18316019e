/** Writes docs/config.md and docs/config.schema.json from the schema: `node scripts/config-reference.ts`. */

import { writeFileSync } from 'node:fs';
import { type SchemaNode, branchesOf, configJsonSchema } from '../coordinator/config/schema-keys.ts';

const root = new URL('../docs/', import.meta.url);
export const REFERENCE_FILE = new URL('config.md', root);
export const SCHEMA_FILE = new URL('config.schema.json', root);

const INTRODUCTION = `# Config reference

<!-- Generated from coordinator/config/schema.ts by scripts/config-reference.ts; do not edit. -->

A campaign is one file: \`glidetester.config.ts\` (or \`.mts\`, \`.js\`, \`.mjs\`, \`.json\`) in the current folder, or the path given on
the command line. Its default export is the config, a function that returns it (called with the environment), or a promise
of either. \`glidetester\`, from which it imports its helpers, is always the very package that reads it. JSON may name
\`docs/config.schema.json\` as its \`$schema\`.

Values come from, each before the next: the defaults below, the file, the environment, \`--set\`.

| where | looks like |
| --- | --- |
| environment | \`GLIDETESTER_LOAD__RUNS=3\`: the keys with two underscores between them, in any case |
| flag | \`--set load.runs=3\`, as often as needed; the last one for a key wins |
| an item of a list | \`--set pools.0.pilots=8\`; the index after the last one appends |

A value is JSON if it parses, else text; where a list is wanted, \`--set load.levels=1,2,4\` is one. Durations (\`300ms\`, \`20s\`,
\`5min\`, \`8h\`) and shares (\`98%\`) carry their unit. Unknown keys are refused, and all problems are listed at once.
`;

type Row = { path: string; type: string; default: string; description: string };

/** The reference as Markdown: a section for each top-level key, a table of all keys below it. */
export function renderReference(): string {
  const sections = Object.entries(configJsonSchema.properties ?? {}).map(([key, node]) => {
    const isRequired = (configJsonSchema.required ?? []).includes(key);
    const rows = [describeKey(key, node, isRequired), ...listRows(key, node)];
    const table = rows.map((row) => `| \`${row.path}\` | ${row.type} | ${row.default} | ${row.description} |`);
    return [`## ${key}`, '', '| key | type | default | what |', '| --- | --- | --- | --- |', ...table, ''].join('\n');
  });
  return [INTRODUCTION, ...sections].join('\n');
}

/** The JSON Schema of the config file, for editors and for machines that write configs. */
export function renderJsonSchema(): string {
  const properties = { $schema: { type: 'string' }, ...configJsonSchema.properties };
  return `${JSON.stringify({ ...configJsonSchema, properties }, null, 2)}\n`;
}

/** The keys below a node. The alternatives of a union by `kind` follow each other, each path with its kind. */
function listRows(path: string, node: SchemaNode): Row[] {
  const branches = branchesOf(node);
  return branches.flatMap((branch) => {
    const kind = branches.length > 1 ? branch.properties?.['kind']?.const : undefined;
    const prefix = kind === undefined ? path : `${path}<${kind as string}>`;
    const named = Object.entries(branch.properties ?? {}).flatMap(([key, child]) => {
      const own = `${prefix}.${key}`;
      return [describeKey(own, child, (branch.required ?? []).includes(key)), ...listRows(own, child)];
    });
    const items = branch.items === undefined ? [] : listRows(`${prefix}.<index>`, branch.items);
    return [...named, ...items, ...listNamed(prefix, branch)];
  });
}

/** An object with names of the user's own. */
function listNamed(prefix: string, { additionalProperties: child }: SchemaNode): Row[] {
  if (typeof child !== 'object') return [];
  const own = `${prefix}.<name>`;
  return [describeKey(own, child, false), ...listRows(own, child)];
}

function describeKey(path: string, node: SchemaNode, isRequired: boolean): Row {
  const isPlain = node.default !== undefined && typeof node.default !== 'object';
  const fallback = isPlain || Array.isArray(node.default) ? `\`${JSON.stringify(node.default)}\`` : '';
  return {
    path,
    type: describeType(node).replaceAll('|', '\\|'),
    default: isRequired ? '**required**' : fallback,
    description: (node.description ?? '').replaceAll('|', '\\|').replaceAll('<', '&lt;'),
  };
}

function describeType(node: SchemaNode): string {
  const branches = branchesOf(node);
  if (branches[0] !== node) return [...new Set(branches.map(describeType))].join(' or ');
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (node.pattern?.includes('(ms|s|min|h)') === true) return 'duration';
  if (node.pattern?.includes('%') === true) return 'share';
  if (node.items !== undefined) return `list of ${describeType(node.items)}`;
  return { integer: 'whole number', string: 'text' }[node.type ?? ''] ?? node.type ?? 'any';
}

if (import.meta.main) {
  writeFileSync(REFERENCE_FILE, renderReference());
  writeFileSync(SCHEMA_FILE, renderJsonSchema());
}
