import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type ConfigReading, loadConfig, readConfig } from '../../../coordinator/config/load-config.ts';
import { GlideTesterError } from '../../../foundation/error.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { SAMPLE } from './sample-config.ts';

const JSON_SAMPLE = JSON.stringify(SAMPLE);
const HELPED = `defineConfig({
  name: 'sample',
  target: embedded({ root: { make: [20] } }),
  scenario: srmLs({ directories: { 20: '/d20' } }),
  load: { levels: [1] },
  pools: [local({ pilots: 1, slotsPerPilot: 1 })],
})`;
const IMPORT = `import { defineConfig, embedded, local, srmLs } from 'glidetester';\n`;

type Request = { file?: string; environment?: Record<string, string>; set?: string[] };

function read(folder: string, { file, environment = {}, set = [] }: Request = {}): Promise<ConfigReading> {
  return readConfig({ folder, path: file, environment, set });
}

const FILES: [name: string, text: string][] = [
  ['glidetester.config.ts', `${IMPORT}const config: unknown = ${HELPED};\nexport default config;\n`],
  ['glidetester.config.mts', `${IMPORT}export default ${HELPED};\n`],
  ['glidetester.config.js', `${IMPORT}export default ${HELPED};\n`],
  ['glidetester.config.mjs', `${IMPORT}export default () => ${HELPED};\n`],
  ['glidetester.config.json', `{ "$schema": "docs/config.schema.json", ${JSON_SAMPLE.slice(1)}`],
  [
    'other.config.ts',
    `${IMPORT}export default async (env: Record<string, string>) => { void env.PATH; return ${HELPED}; };\n`,
  ],
  ['promised.ts', `${IMPORT}export default Promise.resolve(${HELPED});\n`],
  ['later.ts', `${IMPORT}export default Promise.resolve(() => ${HELPED});\n`],
];

for (const [name, text] of FILES) {
  test(`reads ${name} from a folder without any package, whatever the package.json there says`, async (t) => {
    const folder = await makeTemporaryFolder(t, { [name]: text, 'package.json': '{ "type": "commonjs" }' });
    const { config, problems, source } = await read(folder, name.startsWith('glidetester') ? {} : { file: name });
    t.deepEqual(problems, []);
    t.is(config?.name, 'sample');
    t.is(config?.timing.drain, '30s');
    t.deepEqual(source, { path: join(folder, name), sha256: createHash('sha256').update(text).digest('hex') });
  });
}

test('a config may import its own neighbours, and they the helpers', async (t) => {
  const folder = await makeTemporaryFolder(t, {
    'glidetester.config.ts': `export { config as default } from './shared.mts';\n`,
    'shared.mts': `${IMPORT}export const config = ${HELPED};\n`,
  });
  t.is((await read(folder)).config?.name, 'sample');
});

test('the checked config is frozen to its leaves', async (t) => {
  const folder = await makeTemporaryFolder(t, { 'glidetester.config.json': JSON_SAMPLE });
  const { config } = await read(folder);
  t.true(Object.isFrozen(config));
  t.true(Object.isFrozen(config?.load.levels));
  t.true(Object.isFrozen(config?.target?.timeouts));
});

test('flags go before the environment, the environment before the file, the file before defaults', async (t) => {
  const folder = await makeTemporaryFolder(t, { 'glidetester.config.json': JSON_SAMPLE });
  const environment = { GLIDETESTER_LOAD__RUNS: '5', GLIDETESTER_LOAD__SEED: '6' };
  const { config } = await read(folder, { environment, set: ['load.runs=7'] });
  t.like(config?.load, { runs: 7, seed: 6, levels: SAMPLE.load.levels, order: 'run-major' });
});

test('each problem names the source of its value: file, environment or flag', async (t) => {
  const folder = await makeTemporaryFolder(t, {
    'glidetester.config.json': JSON.stringify({ ...SAMPLE, name: 'a b' }),
  });
  const environment = { GLIDETESTER_TIMING__DRAIN: '7' };
  const { config, problems } = await read(folder, { environment, set: ['load.levels=1,99,x', 'nonsense'] });
  t.is(config, null);
  t.deepEqual(
    problems.map(({ path, source }) => [path, source]),
    [
      ['', '--set nonsense'],
      ['name', 'glidetester.config.json'],
      ['load.levels.2', '--set load.levels=1,99,x'],
      ['timing.drain', 'GLIDETESTER_TIMING__DRAIN in the environment'],
    ],
  );
});

test('an invalid config is refused with all its problems in one error', async (t) => {
  const folder = await makeTemporaryFolder(t, { 'glidetester.config.json': '{ "name": "x y" }' });
  const error = await t.throwsAsync(loadConfig({ folder, path: undefined, environment: {}, set: [] }), {
    instanceOf: GlideTesterError,
    code: 'GT_CONFIG_INVALID',
  });
  for (const word of ['5 problems', 'name', 'target', 'scenario', 'load', 'pools', 'glidetester.config.json']) {
    t.true(error.message.includes(word), word);
  }
});

type Failure = [title: string, files: Record<string, string>, file: string | undefined, code: string, message: RegExp];

const FAILURES: Failure[] = [
  ['no config in the folder', {}, undefined, 'GT_CONFIG_NOT_FOUND', /glidetester\.config\.ts.*found none/],
  ['no config at the path', {}, 'x.ts', 'GT_CONFIG_NOT_FOUND', /x\.ts, found none/],
  [
    'two configs in the folder',
    { 'glidetester.config.ts': '', 'glidetester.config.json': '' },
    undefined,
    'GT_CONFIG_AMBIGUOUS',
    /config\.ts and .*config\.json/,
  ],
  [
    'a throw',
    { 'a.ts': `const n: number = 1;\nthrow new Error('boom');\n` },
    'a.ts',
    'GT_CONFIG_THROWS',
    /a\.ts:2: boom$/,
  ],
  ['a throw of no error', { 'a.mjs': `throw 'boom';\n` }, 'a.mjs', 'GT_CONFIG_THROWS', /a\.mjs: boom$/],
  [
    'a function that throws',
    { 'a.js': `export default () => {\n\n  throw new TypeError('boom');\n};\n` },
    'a.js',
    'GT_CONFIG_THROWS',
    /a\.js:3: boom$/,
  ],
  [
    'a rejected promise',
    { 'a.ts': `export default Promise.reject(new Error('no'));\n` },
    'a.ts',
    'GT_CONFIG_THROWS',
    /a\.ts:1: no$/,
  ],
  [
    'a syntax error',
    { 'a.js': `const a = 1;\nconst b = {;\n` },
    'a.js',
    'GT_CONFIG_THROWS',
    /a\.js:2: Unexpected token/,
  ],
  ['an enum', { 'a.ts': `\nenum A { B }\nexport default {};\n` }, 'a.ts', 'GT_CONFIG_THROWS', /a\.ts:2: .*enum/],
  [
    'a helper that does not exist',
    { 'a.ts': `import { nope } from 'glidetester';\nexport default nope;\n` },
    'a.ts',
    'GT_CONFIG_THROWS',
    /a\.ts:1: .*nope/,
  ],
  ['a module that does not exist', { 'a.ts': `import './b.ts';\n` }, 'a.ts', 'GT_CONFIG_THROWS', /a\.ts: .*b\.ts/],
  [
    'no default export',
    { 'a.ts': `export const config = {};\n` },
    'a.ts',
    'GT_CONFIG_NO_DEFAULT_EXPORT',
    /only config$/,
  ],
  ['no export at all', { 'a.ts': '' }, 'a.ts', 'GT_CONFIG_NO_DEFAULT_EXPORT', /no export at all$/],
  ['broken JSON', { 'a.json': `{\n  "name": }\n` }, 'a.json', 'GT_CONFIG_THROWS', /a\.json(:2)?: /],
];

for (const [title, files, file, code, message] of FAILURES) {
  test(`refused with file and line where there is one: ${title}`, async (t: ExecutionContext) => {
    const folder = await makeTemporaryFolder(t, files);
    await t.throwsAsync(read(folder, file === undefined ? {} : { file }), {
      instanceOf: GlideTesterError,
      code,
      message,
    });
  });
}
