/**
 * The page's scripts as text to put into it: a browser module with all that it imports becomes one script without an import.
 * Modules of ours are read from beside this one (as TypeScript in a checkout, as JavaScript in the built package), the charts'
 * libraries from their packages.
 */

import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXTENSION = extname(import.meta.filename);

/** `import { a, b as c } from 'x';`, each statement on lines of its own. */
const IMPORT = /^import \{([^}]*)\} from '([^']+)';$/gm;
const EXPORT_LIST = /^export \{([^}]*)\};$/gm;
const EXPORTED = /^export (?=(?:async )?(?:function\*?|const|class) (\w+))/gm;
/** Packages that vega's own script has brought into the page. */
const WITH_VEGA = new Set(['vega', 'vega-util']);
const SOURCE_MAP = /^\/\/# sourceMappingURL=.*$/gm;

/** Vega as a classic script, which sets the global `vega`. */
export async function readVega(): Promise<string> {
  const text = await readText(new URL('vega.min.js', import.meta.resolve('vega')));
  return escapeForScript(text.replaceAll(SOURCE_MAP, ''));
}

/** A browser module (its name without extension) and its imports as the text of one module script. */
export async function linkScript(name: string): Promise<string> {
  const texts: string[] = [];
  await link(new URL(`browser/${name}${EXTENSION}`, import.meta.url), { variables: new Map(), texts });
  return escapeForScript(texts.join('\n'));
}

/** What has been linked: the variable of each module by its address (null: it is being linked), and the texts in order. */
type Linked = { variables: Map<string, string | null>; texts: string[] };

/** Each module is a function that runs once and returns its exports; those that it imports stand before it. */
async function link(file: URL, linked: Linked): Promise<string> {
  const known = linked.variables.get(file.href);
  if (known === null) throw new Error(`expected no circle of imports, got one through ${file.href}`);
  if (known !== undefined) return known;
  linked.variables.set(file.href, null);
  let text = stripTypes(file, await readText(file)).replaceAll(SOURCE_MAP, '');
  for (const [statement, names, specifier] of text.matchAll(IMPORT)) {
    const from = WITH_VEGA.has(specifier as string)
      ? 'globalThis.vega'
      : await link(resolveImport(specifier as string, file), linked);
    text = text.replace(statement, () => `const {${(names as string).replaceAll(' as ', ': ')}} = ${from};`);
  }
  const exports: string[] = [];
  text = text.replaceAll(EXPORT_LIST, (_, names: string) => {
    exports.push(
      ...names
        .split(',')
        .filter((name) => name.trim() !== '')
        .map(toProperty),
    );
    return '';
  });
  text = text.replaceAll(EXPORTED, (_, name: string) => {
    exports.push(name);
    return '';
  });
  const variable = `module${linked.texts.length + 1}`;
  linked.texts.push(`const ${variable} = (() => {\n${text}\nreturn {${exports.join(', ')}};\n})();`);
  linked.variables.set(file.href, variable);
  return variable;
}

function resolveImport(specifier: string, from: URL): URL {
  return new URL(specifier.startsWith('.') ? new URL(specifier, from) : import.meta.resolve(specifier));
}

/** `a as b` is the property b of value a. */
function toProperty(item: string): string {
  const [local, exported] = item.trim().split(/\s+as\s+/);
  return exported === undefined ? (local as string) : `${exported}: ${local}`;
}

function readText(file: URL): Promise<string> {
  return readFile(fileURLToPath(file), 'utf8');
}

function stripTypes(file: URL, text: string): string {
  if (extname(file.pathname) !== '.ts') return text;
  const { emitWarning } = process;
  // Node calls this function experimental at its first use; the checkout is what uses it, at the Node that it pins.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** No script ends before its end, and none begins a comment that swallows it. */
export function escapeForScript(text: string): string {
  return text.replaceAll(/<(?=\/script|!--|script)/gi, String.raw`\x3c`);
}
