import test from 'ava';
import { type Config, type ConfigInput, ConfigSchema } from '../../coordinator/config/schema.ts';
import { targetsOf } from '../../coordinator/config/targets.ts';
import { durationMs, expectDuration, planCells, shareOf } from '../../coordinator/plan.ts';

const makeConfig = (changes: Partial<ConfigInput> = {}): Config =>
  ConfigSchema.parse({
    name: 'plan',
    target: { kind: 'embedded', root: { make: [20, 100] } },
    scenario: { kind: 'srm-ls', directories: { 100: '/d100', 20: '/d20' } },
    load: { levels: [4, 1], runs: 2 },
    pools: [{ kind: 'local', pilots: 1, slotsPerPilot: 4 }],
    ...changes,
  } satisfies ConfigInput);

const idsOf = (config: Config): string[] => planCells(config).map(({ id }) => id);

test('run-major measures the whole chain, then all of it again; sizes ascend, levels stand as given', (t) => {
  t.deepEqual(idsOf(makeConfig()), [
    '001-d20-l4-r1',
    '002-d20-l1-r1',
    '003-d100-l4-r1',
    '004-d100-l1-r1',
    '005-d20-l4-r2',
    '006-d20-l1-r2',
    '007-d100-l4-r2',
    '008-d100-l1-r2',
  ]);
});

test('cell-major measures each cell as often as there are runs before the next', (t) => {
  const ids = idsOf(makeConfig({ load: { levels: [4, 1], runs: 2, order: 'cell-major' } }));
  t.deepEqual(ids.slice(0, 3), ['001-d20-l4-r1', '002-d20-l4-r2', '003-d20-l1-r1']);
});

test('ids sort in the order of measuring, however many cells there are', (t) => {
  const ids = idsOf(makeConfig({ load: { levels: Array.from({ length: 300 }, (_, index) => index + 1), runs: 2 } }));
  t.is(ids.length, 1200);
  t.is(ids[0], '0001-d20-l1-r1');
  t.deepEqual(ids.toSorted(), ids);
});

test('a cell has the directory size, where there are directories', (t) => {
  const common = { target: 'embedded', level: 4, run: 1 };
  t.deepEqual(planCells(makeConfig())[0], {
    ...common,
    id: '001-d20-l4-r1',
    scenario: 'srm-ls',
    directorySize: 20,
  });
  t.deepEqual(planCells(makeConfig({ scenario: { kind: 'http-get' } }))[0], {
    ...common,
    id: '001-l4-r1',
    scenario: 'http-get',
    directorySize: null,
  });
});

test('without directories there are levels and runs, of several targets each', (t) => {
  const scenario = { kind: 'http-get' } as const;
  t.deepEqual(idsOf(makeConfig({ scenario })), ['001-l4-r1', '002-l1-r1', '003-l4-r2', '004-l1-r2']);
  const targets = { old: DOOR, new: DOOR };
  t.deepEqual(idsOf(makeConfig({ scenario, target: undefined, targets, load: { levels: [8] } })), [
    '001-old-l8-r1',
    '002-new-l8-r1',
  ]);
});

const nameOf = (changes: Partial<ConfigInput>): string[] => targetsOf(makeConfig(changes)).map(({ name }) => name);
const DOOR = { kind: 'url', url: 'http://srm.example.org:8443/srm/v2' } as const;
const EMBEDDED = { kind: 'embedded', root: '/' } as const;

test('a single target is named by host and port, or as embedded; several by their keys', (t) => {
  t.deepEqual(nameOf({}), ['embedded']);
  t.deepEqual(nameOf({ target: DOOR }), ['srm.example.org:8443']);
  t.deepEqual(nameOf({ target: undefined, targets: { old: DOOR, new: EMBEDDED } }), ['old', 'new']);
});

test('of several targets each has all cells, one target after the other, and its name in their ids', (t) => {
  const targets = { old: DOOR, new: EMBEDDED };
  const config = makeConfig({ target: undefined, targets, load: { levels: [4, 8], runs: 2 } });
  const ids = idsOf(config);
  t.is(ids.length, 4 * idsOf(makeConfig({ load: { levels: [4], runs: 1 } })).length * 2);
  t.is(ids[0], '001-old-d20-l4-r1');
  const inFirstRun = planCells(config).filter(({ run }) => run === 1);
  t.deepEqual(
    inFirstRun.map(({ target }) => target),
    [...inFirstRun.keys()].map((index) => (index < inFirstRun.length / 2 ? 'old' : 'new')),
  );
});

test('a campaign takes at least its shortest phases and at most all their limits', (t) => {
  const config = makeConfig({
    timing: {
      warmUp: { atLeast: '1s', atMost: '2s' },
      window: { atLeast: '3s', atMost: '4s' },
      drain: '5s',
      recovery: { within: '6s' },
    },
    barrier: { within: '7s' },
  });
  t.deepEqual(expectDuration(config, 10), { least: 40_000, most: 240_000 });
});

test('what the schema has not checked is a bug', (t) => {
  t.throws(() => durationMs('soon'), { instanceOf: TypeError });
  t.throws(() => shareOf('some'), { instanceOf: TypeError });
});
