import test from 'ava';
import * as fc from 'fast-check';
import { applyOverrides, parseText, readEnvironment, readFlags } from '../../../coordinator/config/overrides.ts';
import { replaceValue } from './replace-value.ts';
import { SAMPLE, changeSample } from './sample-config.ts';

function applyFlags(...flags: string[]): unknown {
  return applyOverrides(SAMPLE, readFlags(flags).overrides).config;
}

type Case = [flag: string, path: string, value: unknown];

const FLAGS: Case[] = [
  ['load.runs=3', 'load.runs', 3],
  ['load.levels=1,2,4', 'load.levels', [1, 2, 4]],
  ['load.levels=1, 2', 'load.levels', [1, 2]],
  ['load.levels=8', 'load.levels', [8]],
  ['load.levels=[1,2]', 'load.levels', [1, 2]],
  ['load.levels.1=7', 'load.levels.1', 7],
  ['load.levels.3=8', 'load.levels.3', 8],
  ['name=2024', 'name', '2024'],
  ['name="x"', 'name', 'x'],
  ['name=a=b', 'name', 'a=b'],
  ['timing.drain=5s', 'timing.drain', '5s'],
  ['target.labelled=false', 'target.labelled', false],
  ['target.root=/srv', 'target.root', '/srv'],
  ['target.root={"make":[1]}', 'target.root', { make: [1] }],
  ['pools.0.launchWith=taskset,-c,1', 'pools.0.launchWith', ['taskset', '-c', '1']],
  ['scenario.directories.200=/d200', 'scenario.directories.200', '/d200'],
  ['LOAD.Runs=3', 'load.runs', 3],
];

for (const [flag, path, value] of FLAGS) {
  test(`--set ${flag}`, (t) => {
    t.deepEqual(applyFlags(flag), replaceValue(SAMPLE, path, value));
  });
}

test('a whole pool is appended by the index after the last', (t) => {
  const pool = { kind: 'local', site: 'b', pilots: 1, slotsPerPilot: 1 };
  t.deepEqual(applyFlags(`pools.1=${JSON.stringify(pool)}`), changeSample({ 'pools.1': pool }));
  t.deepEqual(applyFlags(`pools=${JSON.stringify(pool)}`), changeSample({ pools: [pool] }));
});

const REFUSED: [flag: string, path: string][] = [
  ['load.runs', ''],
  ['=3', ''],
  ['load..runs=3', 'load.'],
  ['name.x=1', 'name.x'],
  ['pools.5.pilots=1', 'pools.5'],
  ['pools.first.pilots=1', 'pools.first'],
];

for (const [flag, path] of REFUSED) {
  test(`--set ${flag} is refused with a reason`, (t) => {
    const { overrides, problems } = readFlags([flag]);
    const applied = applyOverrides(SAMPLE, overrides);
    const all = [...problems, ...applied.problems];
    t.deepEqual(
      all.map((problem) => ({ path: problem.path, source: problem.source })),
      [{ path, source: `--set ${flag}` }],
    );
    t.deepEqual(applied.config, SAMPLE);
  });
}

test('the environment names keys in any case, a key before the keys below it', (t) => {
  const overrides = readEnvironment({
    GLIDETESTER_TIMING__WARMUP__ATMOST: '9s',
    GLIDETESTER_POOLS__0__SLOTSPERPILOT: '7',
    GLIDETESTER_LOAD__RUNS: '5',
    GLIDETESTER_LOAD: '{"levels":[1]}',
    OTHER: 'x',
    GLIDETESTER_NAME: undefined,
  });
  t.deepEqual(
    overrides.map(({ source }) => source.split(' ')[0]),
    [
      'GLIDETESTER_LOAD',
      'GLIDETESTER_LOAD__RUNS',
      'GLIDETESTER_POOLS__0__SLOTSPERPILOT',
      'GLIDETESTER_TIMING__WARMUP__ATMOST',
    ],
  );
  t.deepEqual(
    applyOverrides(SAMPLE, overrides).config,
    changeSample({ load: { levels: [1], runs: 5 }, 'pools.0.slotsPerPilot': 7, 'timing.warmUp.atMost': '9s' }),
  );
});

test('the last override of a key wins, and the config itself is left as it was', (t) => {
  const before = structuredClone(SAMPLE);
  t.deepEqual(applyFlags('load.runs=3', 'load.runs=4'), changeSample({ 'load.runs': 4 }));
  t.deepEqual(SAMPLE, before);
});

test('no path reaches the prototype of anything', (t) => {
  const config = applyFlags('__proto__.polluted=1', 'constructor.prototype.polluted=1') as object;
  t.is(({} as Record<string, unknown>)['polluted'], undefined);
  t.is(Object.getPrototypeOf(config), Object.prototype);
});

const key = fc.stringMatching(/^[a-z]{1,8}$/);
const tree = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, fc.integer(), fc.string(), fc.dictionary(key, tie('tree'), { maxKeys: 4 })),
})).tree;

const withoutX = (config: unknown): unknown => replaceValue(config, 'x', undefined);

test('any JSON value set at any path is found there, and nothing else has changed', (t) => {
  fc.assert(
    fc.property(
      fc.dictionary(key, tree),
      fc.array(key, { minLength: 1, maxLength: 4 }),
      fc.jsonValue(),
      (config, path, value) => {
        const { config: changed, problems } = applyOverrides(config, [
          { path: ['x', ...path], text: JSON.stringify(value), source: '' },
        ]);
        if (problems.length > 0) return t.deepEqual(changed, config);
        const found = ['x', ...path].reduce<unknown>(
          (holder, name) => (holder as Record<string, unknown>)[name],
          changed,
        );
        // JSON has no -0.
        t.deepEqual(found, JSON.parse(JSON.stringify(value)));
        return t.deepEqual(withoutX(changed), withoutX(config));
      },
    ),
  );
});

test('any list of whole numbers survives as a comma list', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (numbers) =>
      t.deepEqual(parseText(numbers.join(','), [{ type: 'array', items: { type: 'integer' } }]), numbers),
    ),
  );
});

test('any text survives where only a text is wanted', (t) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      t.is(parseText(JSON.stringify(text), [{ type: 'string' }]), text);
      if (!text.startsWith('"')) t.is(parseText(text, [{ type: 'string' }]), text);
    }),
  );
});
