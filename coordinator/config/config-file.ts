/** Finds the config file and reads what it exports: TypeScript, JavaScript or JSON, wherever it lies. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import type { Override } from './overrides.ts';
import { type Parameters, isParameterised, listParameters } from './parameters.ts';
import type { Problem } from './problem.ts';
import { type ParameterSetting, refuseParameters, setParameters } from './set-parameters.ts';

/** The names that are looked for when no path is given, in this order. */
export const CONFIG_NAMES = ['ts', 'mts', 'js', 'mjs', 'json'].map((extension) => `glidetester.config.${extension}`);

/** What the file exports, unchecked, and which bytes said so. */
export type ConfigFile = {
  /** Absolute. */
  path: string;
  sha256: string;
} & MadeConfig;

type MadeConfig = {
  /** Null: its function threw with parameters that were wrong, so there is no config to look at. */
  made: { value: unknown } | null;
  /** What it was made with; null: it has no parameters. */
  parameters: Parameters | null;
  /** What is wrong with the parameters. */
  problems: Problem[];
};

/**
 * The config file's absolute path: the given one, or the one that lies in `folder`.
 *
 * @throws GlideTesterError GT_CONFIG_NOT_FOUND, GT_CONFIG_AMBIGUOUS
 */
export async function findConfig(folder: string, given: string | undefined): Promise<string> {
  const candidates = (given === undefined ? CONFIG_NAMES : [given]).map((name) => resolve(folder, name));
  const existing = await Promise.all(candidates.map(isFile));
  const found = candidates.filter((_, index) => existing[index]);
  if (found.length > 1) {
    throw new GlideTesterError('GT_CONFIG_AMBIGUOUS', `expected one config file, found ${found.join(' and ')}`, {
      hint: 'name the one that you mean: glidetester run <path>',
    });
  }
  if (found[0] !== undefined) return found[0];
  throw new GlideTesterError(
    'GT_CONFIG_NOT_FOUND',
    given === undefined
      ? `expected one of ${CONFIG_NAMES.join(', ')} in ${folder}, found none`
      : `expected a config file at ${String(candidates[0])}, found none`,
    { hint: 'give the path of a config: glidetester run <path>' },
  );
}

/**
 * Reads a config file and makes its config. Its default export may be the config, one that is a function of parameters, a
 * function that returns either (called with the environment), or a promise of any of these. JSON may name its `$schema`.
 *
 * @param overrides those of parameters
 * @param name how problems name the file
 * @throws GlideTesterError GT_CONFIG_UNREADABLE, GT_CONFIG_THROWS, GT_CONFIG_NO_DEFAULT_EXPORT
 */
export async function readConfigFile(path: string, overrides: readonly Override[], name = path): Promise<ConfigFile> {
  const source = await readSource(path);
  const sha256 = createHash('sha256').update(source).digest('hex');
  if (extname(path) !== '.json') return { path, sha256, ...(await importConfig(path, overrides, name)) };
  const value = parseJson(path, source.toString('utf8'));
  return { path, sha256, made: { value }, parameters: null, problems: refuseParameters(overrides) };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function readSource(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new GlideTesterError('GT_CONFIG_UNREADABLE', `could not read ${path}: ${messageOf(cause)}`, {
      hint: 'make the file readable for you',
      cause,
    });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const { $schema: _, ...config } = value as Record<string, unknown>;
    return config;
  } catch (cause) {
    const line = /line (\d+)/.exec(messageOf(cause))?.[1];
    const where = line === undefined ? path : `${path}:${line}`;
    throw new GlideTesterError('GT_CONFIG_THROWS', `${where}: ${messageOf(cause)}`, {
      hint: 'correct the JSON there',
      cause,
    });
  }
}

async function importConfig(path: string, overrides: readonly Override[], name: string): Promise<MadeConfig> {
  const { href } = pathToFileURL(path);
  const hooks = hookResolution(href);
  let setting: ParameterSetting | null = null;
  try {
    const module = (await import(href)) as Record<string, unknown>;
    if (!('default' in module)) throw noDefaultExport(path, Object.keys(module));
    const exported = await module['default'];
    const value =
      typeof exported === 'function' ? await (exported as (env: NodeJS.ProcessEnv) => unknown)(process.env) : exported;
    if (!isParameterised(value)) return { made: { value }, parameters: null, problems: refuseParameters(overrides) };
    setting = setParameters(value.defaults, overrides, name);
    const made = { value: await value.build(setting.values) };
    return { made, parameters: setting.values, problems: setting.problems };
  } catch (error) {
    if (error instanceof GlideTesterError) throw error;
    if (setting === null) throw configThrew(path, href, error);
    // What is wrong with the parameters may well be why it threw, and says more.
    if (setting.problems.length > 0) return { made: null, parameters: setting.values, problems: setting.problems };
    throw configThrew(path, href, error, setting.values);
  } finally {
    hooks.deregister();
  }
}

/**
 * `glidetester` means this very package, so that a config works from a clone, under npx and with no package installed
 * beside it. The config is read as a TypeScript module whatever a package.json near it says; JavaScript is a part of that,
 * and the parser tells the line of a syntax error.
 */
function hookResolution(configUrl: string): { deregister(): void } {
  const helpers = new URL(`../glidetester${extname(import.meta.filename)}`, import.meta.url).href;
  return registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === 'glidetester') return { url: helpers, shortCircuit: true };
      if (specifier === configUrl) return { url: configUrl, format: 'module-typescript', shortCircuit: true };
      return nextResolve(specifier, context);
    },
  });
}

function noDefaultExport(path: string, exports: readonly string[]): GlideTesterError {
  const came = exports.length === 0 ? 'no export at all' : `only ${exports.join(', ')}`;
  return new GlideTesterError('GT_CONFIG_NO_DEFAULT_EXPORT', `expected a default export in ${path}, found ${came}`, {
    hint: 'write: export default defineConfig({ … })',
  });
}

function configThrew(path: string, href: string, thrown: unknown, parameters: Parameters = {}): GlideTesterError {
  const values = listParameters(parameters);
  const made = values === '' ? '' : ` (made with ${values})`;
  return new GlideTesterError('GT_CONFIG_THROWS', `${locate(path, href, thrown)}: ${messageOf(thrown)}${made}`, {
    hint: 'correct the config file there',
    cause: thrown,
  });
}

/** `file:line` of the first place in the config that the stack names, else the file. */
function locate(path: string, href: string, thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  for (const name of [href, path]) {
    const start = stack.indexOf(`${name}:`);
    const line = start === -1 ? undefined : /^\d+/.exec(stack.slice(start + name.length + 1))?.[0];
    if (line !== undefined) return `${path}:${line}`;
  }
  return path;
}
