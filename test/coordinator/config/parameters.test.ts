import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { type ConfigReading, readConfig } from '../../../coordinator/config/load-config.ts';
import { readFlags } from '../../../coordinator/config/overrides.ts';
import type { Parameters } from '../../../coordinator/config/parameters.ts';
import { keepParameters, setParameters } from '../../../coordinator/config/set-parameters.ts';
import { defineConfig } from '../../../coordinator/glidetester.ts';
import { GlideTesterError } from '../../../foundation/error.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { SAMPLE } from './sample-config.ts';

const IMPORT = `import { defineConfig, embedded, local, srmLs } from 'glidetester';\n`;
const FUNCTION = `({ scale, host, quick }) => ({
  name: host,
  target: embedded({ root: { make: [20] } }),
  scenario: srmLs({ directories: { 20: '/d20' } }),
  load: { levels: [250, 500].map((level) => level / scale), runs: quick ? 1 : 2 },
  pools: [local({ pilots: 4, slotsPerPilot: 250 })],
})`;
const PARAMETERISED = `${IMPORT}export default defineConfig({ scale: 25, host: 'desk', quick: false }, ${FUNCTION});\n`;

type Request = { file?: string; environment?: Record<string, string>; set?: string[] };

function read(folder: string, { file, environment = {}, set = [] }: Request = {}): Promise<ConfigReading> {
  return readConfig({ folder, path: file, environment, set });
}

/** What is made of a config with parameters in a folder of its own. */
async function readParameterised(t: ExecutionContext, request: Request, text = PARAMETERISED): Promise<ConfigReading> {
  return read(await makeTemporaryFolder(t, { 'glidetester.config.ts': text }), request);
}

const FILES: [name: string, text: string][] = [
  ['glidetester.config.ts', PARAMETERISED],
  ['glidetester.config.mjs', PARAMETERISED],
  ['glidetester.config.js', PARAMETERISED.replace('export default', 'export default () =>')],
  ['glidetester.config.mts', PARAMETERISED.replace('export default', 'export default async (_env: object) =>')],
  ['promised.ts', PARAMETERISED.replace('export default', 'export default Promise.resolve(').replace(/;\n$/, ');\n')],
  ['slow.ts', PARAMETERISED.replace('({ scale,', 'async ({ scale,')],
];

for (const [name, text] of FILES) {
  test(`${name} is made with its defaults, or with what is set`, async (t) => {
    const folder = await makeTemporaryFolder(t, { [name]: text });
    const file = name.startsWith('glidetester') ? {} : { file: name };
    const plain = await read(folder, file);
    t.deepEqual(plain.problems, []);
    t.like(plain.config, { name: 'desk', load: { levels: [10, 20], runs: 2 } });
    t.deepEqual(plain.config?.parameters, { scale: 25, host: 'desk', quick: false });
    t.true(Object.isFrozen(plain.config?.parameters));

    const set = await read(folder, { ...file, set: ['parameters.scale=1', 'parameters.quick=true'] });
    t.deepEqual(set.problems, []);
    t.like(set.config, { name: 'desk', load: { levels: [250, 500], runs: 1 } });
    t.deepEqual(set.config?.parameters, { scale: 1, host: 'desk', quick: true });
  });
}

test('parameters go by flag before environment before default, and keys of the config are laid over what was made', async (t) => {
  const environment = {
    GLIDETESTER_PARAMETERS__SCALE: '5',
    GLIDETESTER_PARAMETERS__HOST: '2024',
    GLIDETESTER_LOAD__RUNS: '7',
  };
  const { config, problems } = await readParameterised(t, { environment, set: ['parameters.scale=50', 'load.seed=3'] });
  t.deepEqual(problems, []);
  t.like(config, { name: '2024', load: { levels: [5, 10], runs: 7, seed: 3 } });
  t.deepEqual(config?.parameters, { scale: 50, host: '2024', quick: false });
});

test('all parameters can be set at once as JSON', async (t) => {
  const { config } = await readParameterised(t, { set: ['parameters={"scale":10,"host":"lab"}'] });
  t.deepEqual(config?.parameters, { scale: 10, host: 'lab', quick: false });
});

type Refused = [set: string, path: string, expected: string, came: string, fix: string];

const REFUSED: Refused[] = [
  [
    'parameters.scala=1',
    'parameters.scala',
    'a parameter of this config: scale, host, quick',
    "'scala'",
    'did you mean parameters.scale?',
  ],
  ['parameters.x.y=1', 'parameters.x.y', 'a parameter of this config: scale, host, quick', "'x.y'", 'correct the name'],
  ['parameters=5', 'parameters', 'a parameter of this config: scale, host, quick', "'5'", 'correct the name'],
  ['parameters.scale=x', 'parameters.scale', 'a number, as its default 25 is', "'x'", 'give it a value of that kind'],
  ['parameters.scale=', 'parameters.scale', 'a number, as its default 25 is', "''", 'give it a value of that kind'],
  [
    'parameters.scale="1"',
    'parameters.scale',
    'a number, as its default 25 is',
    `'"1"'`,
    'give it a value of that kind',
  ],
  [
    'parameters.scale=1e999',
    'parameters.scale',
    'a number, as its default 25 is',
    "'1e999'",
    'give it a value of that kind',
  ],
  [
    'parameters.quick=1',
    'parameters.quick',
    'true or false, as its default false is',
    "'1'",
    'give it a value of that kind',
  ],
  [
    'parameters.__proto__=1',
    'parameters.__proto__',
    'a parameter of this config: scale, host, quick',
    "'__proto__'",
    'correct the name',
  ],
];

for (const [set, path, expected, came, fix] of REFUSED) {
  test(`refused, with the names that exist: --set ${set}`, async (t) => {
    const { config, problems } = await readParameterised(t, { set: [set] });
    t.is(config, null);
    t.deepEqual(problems, [{ path, expected, came, fix, source: `--set ${set}` }]);
  });
}

test('a problem with a parameter hides no problem of the config, which names what it was made with', async (t) => {
  const environment = { GLIDETESTER_PARAMETERS__SCALE: '1000', GLIDETESTER_PARAMETERS__QICK: 'true' };
  const { problems } = await readParameterised(t, { environment, set: ['parameters.host=a b'] });
  t.deepEqual(
    problems.map(({ path, source }) => [path, source]),
    [
      ['parameters.QICK', 'GLIDETESTER_PARAMETERS__QICK in the environment'],
      ['name', "glidetester.config.ts, made with scale = 1000, host = 'a b', quick = false"],
      ['load.levels.0', "glidetester.config.ts, made with scale = 1000, host = 'a b', quick = false"],
      ['load.levels.1', "glidetester.config.ts, made with scale = 1000, host = 'a b', quick = false"],
    ],
  );
});

const WITHOUT: [name: string, text: string][] = [
  ['glidetester.config.json', JSON.stringify(SAMPLE)],
  ['glidetester.config.ts', `${IMPORT}export default defineConfig(${JSON.stringify(SAMPLE)});\n`],
];

for (const [name, text] of WITHOUT) {
  test(`${name} without parameters says so when one is set`, async (t) => {
    const folder = await makeTemporaryFolder(t, { [name]: text });
    const { problems } = await read(folder, { environment: { GLIDETESTER_PARAMETERS__SCALE: '1' } });
    t.deepEqual(problems, [
      {
        path: 'parameters.SCALE',
        expected: 'no parameter: this config is not a function of any',
        came: "'1'",
        fix: 'leave it out, or give the config parameters (in TypeScript or JavaScript): defineConfig({ scale: 25 }, ({ scale }) => ({ … }))',
        source: 'GLIDETESTER_PARAMETERS__SCALE in the environment',
      },
    ]);
  });
}

test('a config does not write down parameters that it was not made with', async (t) => {
  const folder = await makeTemporaryFolder(t, {
    'glidetester.config.json': JSON.stringify({ ...SAMPLE, parameters: { scale: 1 } }),
  });
  const { problems } = await read(folder);
  t.deepEqual(
    problems.map(({ path, came }) => [path, came]),
    [['parameters', '{ scale: 1 }']],
  );
});

type Throwing = [title: string, text: string, set: string[], message: RegExp];

const THROWING: Throwing[] = [
  [
    'with the values of the parameters',
    `export default defineConfig({ scale: 25, host: 'desk' }, ({ scale }) => {\n  throw new RangeError(\`no \${scale}\`);\n});\n`,
    ['parameters.scale=3'],
    /config\.ts:3: no 3 \(made with scale = 3, host = 'desk'\)$/,
  ],
  [
    'without any',
    `export default defineConfig({}, () => {\n  throw new Error('boom');\n});\n`,
    [],
    /config\.ts:3: boom$/,
  ],
  [
    'a second argument that is no function',
    `export default defineConfig({ scale: 1 }, { name: 'x' } as never);\n`,
    [],
    /config\.ts:2: expected a function of the parameters as the second argument of defineConfig$/,
  ],
];

for (const [title, text, set, message] of THROWING) {
  test(`a function that throws is told with its place: ${title}`, async (t) => {
    await t.throwsAsync(readParameterised(t, { set }, `${IMPORT}${text}`), {
      instanceOf: GlideTesterError,
      code: 'GT_CONFIG_THROWS',
      message,
    });
  });
}

test('a function that throws because its parameters are wrong leaves these to be corrected first', async (t) => {
  const text = `${IMPORT}export default defineConfig({ scale: [1] } as never, ({ scale }) => ({ name: scale.toFixed(1) }) as never);\n`;
  const { config, problems } = await readParameterised(t, {}, text);
  t.is(config, null);
  t.deepEqual(
    problems.map(({ path, expected, came, source }) => ({ path, expected, came, source })),
    [
      {
        path: 'parameters.scale',
        expected: 'a number, a text, or true or false as its default',
        came: '[ 1 ]',
        source: 'glidetester.config.ts',
      },
    ],
  );
});

for (const name of ['a.b', 'a__b', '', '1st', 'a b']) {
  test(`a parameter that could not be set from outside is refused: '${name}'`, (t) => {
    const { values, problems } = setParameters({ [name]: 1 }, [], 'file');
    t.deepEqual(values, {});
    t.deepEqual(
      problems.map(({ path, source }) => [path, source]),
      [[`parameters.${name}`, 'file']],
    );
  });
}

test('only an object can hold parameters, and only an object takes them', (t) => {
  t.deepEqual(
    setParameters('scale', [], 'file').problems.map(({ path, came }) => [path, came]),
    [['parameters', "'scale'"]],
  );
  t.deepEqual(keepParameters('config', { scale: 1 }), { config: 'config', findings: [] });
});

test('the types of parameters are those of their defaults', (t) => {
  defineConfig({ scale: 25, host: 'desk', quick: false }, ({ scale, host, quick }) => {
    // As wide as what may be set: these would not compile if the defaults were kept as literals.
    const others: [number, string, boolean] = [scale, host, quick];
    const isOther: boolean = scale === 1 || host === 'x' || quick;
    // @ts-expect-error a text is no number
    const wrong: number = host;
    return { ...SAMPLE, name: [...others, isOther, wrong].join('') };
  });
  // @ts-expect-error a default must be a number, a text or a boolean
  t.truthy(defineConfig({ scale: [1] }, () => SAMPLE));
});

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), fc.boolean());

test('any value of the same kind can be set, and nothing else changes', (t) => {
  fc.assert(
    fc.property(fc.dictionary(name, fc.tuple(value, value), { minKeys: 1 }), fc.nat(), (pairs, choice) => {
      const entries = Object.entries(pairs);
      const defaults = Object.fromEntries(entries.map(([each, [first]]) => [each, first])) as Parameters;
      const [chosen, [present, wanted]] = entries[choice % entries.length] as (typeof entries)[number];
      const { overrides } = readFlags([`parameters.${chosen}=${JSON.stringify(wanted)}`]);
      const { values, problems } = setParameters(defaults, overrides, 'file');
      // A text takes anything, as it is written.
      const isFitting = typeof wanted === typeof present || typeof present === 'string';
      const written = typeof wanted === 'string' ? wanted : JSON.stringify(wanted);
      const expected = typeof present === 'string' ? written : JSON.parse(JSON.stringify(wanted));
      t.is(problems.length, isFitting ? 0 : 1);
      t.deepEqual(values, isFitting ? { ...defaults, [chosen]: expected as string } : defaults);
    }),
  );
});
