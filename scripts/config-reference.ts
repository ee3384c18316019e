/** Writes docs/config.md and docs/config.schema.json from the schema: `node scripts/config-reference.ts`. */

import { writeFileSync } from 'node:fs';
import { type SchemaNode, branchesOf, configJsonSchema } from '../coordinator/config/schema-keys.ts';

const root = new URL('../docs/', import.meta.url);
export const REFERENCE_FILE = new URL('config.md', root);
export const SCHEMA_FILE = new URL('config.schema.json', root);

const INTRODUCTION = `# Config reference

<!-- Generated from coordinator/config/schema.ts by scripts/config-reference.ts; do not edit. -->

A campaign is one file: \`glidetester.config.ts\` (or \`.mts\`, \`.js\`, \`.mjs\`, \`.json\`) in the current folder, or the path given on
the command line. Its default export is the config, a config with parameters (below), a function that returns either (called
with the environment), or a promise of any of these. \`glidetester\`, from which it imports its helpers, is always the very
package that reads it. JSON may name \`docs/config.schema.json\` as its \`$schema\`.

Values come from, each before the next: the defaults below, the file, the environment, \`--set\`.

| where | looks like |
| --- | --- |
| environment | \`GLIDETESTER_LOAD__RUNS=3\`: the keys with two underscores between them, in any case |
| flag | \`--set load.runs=3\`, as often as needed; the last one for a key wins |
| an item of a list | \`--set pools.0.pilots=8\`; the index after the last one appends |

A value is JSON if it parses, else text; where a list is wanted, \`--set load.levels=1,2,4\` is one. Durations (\`300ms\`, \`20s\`,
\`5min\`, \`8h\`) and shares (\`98%\`) carry their unit. Unknown keys are refused, and all problems are listed at once. Names
with dots or \`=\` in them, such as the checks of \`thresholds\`, are set as a whole: \`--set 'thresholds={"failed < 1 %":"abort"}'\`.

## A config with parameters

A config can be a function of named parameters, each with its default:

\`\`\`ts
export default defineConfig({ scale: 25, httpg: false }, ({ scale, httpg }) => ({
  name: 'scaled',
  target: embedded({ httpg, root: { make: [20] } }),
  scenario: srmLs({ directories: { 20: '/d20' } }),
  load: { levels: [250, 500].map((level) => level / scale) },
  pools: [local({ pilots: 1, slotsPerPilot: 500 / scale })],
}));
\`\`\`

\`--set parameters.scale=1\` and \`GLIDETESTER_PARAMETERS__SCALE=1\` change one before the function is called; the config's own keys are
laid over what it returns. A parameter is a number, a text, or true or false, as its default is; its name has letters, digits, dashes
and single underscores. What the config was made with stands in \`parameters\` of the checked config and of \`campaign.json\`: a config
does not write that key itself. JSON has no parameters.

## Expectations and thresholds

The checks of \`expect\` and \`thresholds\` are read with the config ([expectations.md](expectations.md)): one with a typing error, or that
names a target, level, run, directory size or site which the config does not have, is a problem with its column. A threshold with
\`abort\` ends the campaign with exit code 99

- **while a cell runs**, if it is \`failed\`, \`p50\`, \`p90\`, \`p95\` or \`p99\` below a number: as soon as there are more operations beyond the
  limit than chance would put there once in a thousand times (exact binomial). For \`failed\` everything from T0 on counts, **the warm-up
  too**, and a client that has not ended any operation yet counts as one that is ok. For a percentile successful operations count
  that started in the window. The cell that runs is given up, its rows stay as \`operations.partial.parquet\`;
- **after each cell**, if it is not met by the cells so far. What more cells could still mend (curves, crossings, a count that has
  to be reached) is judged once all cells that it is about have been measured.
`;

type Row = { path: string; type: string; default: string; description: string };

/** What stands for the keys below one whose values have a section already. */
const REPEATED: Readonly<Record<string, Row[]>> = {
  targets: [
    { path: 'targets.<name>', type: 'object', default: '', description: 'One of them, with the keys of `target`' },
  ],
};

/** The reference as Markdown: a section for each top-level key, a table of all keys below it. */
export function renderReference(): string {
  const sections = Object.entries(configJsonSchema.properties ?? {}).map(([key, node]) => {
    const isRequired = (configJsonSchema.required ?? []).includes(key);
    const rows = [describeKey(key, node, isRequired), ...(REPEATED[key] ?? listRows(key, node))];
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
  // Where the alternatives are plain, JSON Schema has a list of types.
  const types = [node.type ?? 'any'].flat().map((type) => ({ integer: 'whole number', string: 'text' })[type] ?? type);
  return types.join(' or ');
}

if (import.meta.main) {
  writeFileSync(REFERENCE_FILE, renderReference());
  writeFileSync(SCHEMA_FILE, renderJsonSchema());
}
