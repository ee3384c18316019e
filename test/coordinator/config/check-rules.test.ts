import test from 'ava';
import { checkAcrossKeys, checkConfig } from '../../../coordinator/config/check-config.ts';
import { readConfig } from '../../../coordinator/config/load-config.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { SAMPLE, changeSample, sampleConfig } from './sample-config.ts';

const TWO_TARGETS = {
  target: undefined,
  targets: {
    old: { kind: 'embedded', root: { make: [20, 100] } },
    'new.one': { kind: 'embedded', root: { make: [20, 100] } },
  },
};

const TEXTS = [
  'failed < 0.1 %',
  'rate of embedded at 20 files at level 4 in run 2 >= 3 Hz',
  'slope from level 2 to level 4 = 1 Hz/client ± 10 %',
  'p99 at site local < 2 s',
  'limit from level 3 >= 4',
  'not hung at 100 files',
];

test('checks that name what is in the campaign pass, in both places', (t) => {
  const expect = { findings: TEXTS.map((check) => ({ says: 'as expected', check })) };
  const thresholds = Object.fromEntries(TEXTS.map((text) => [text, 'fail']));
  t.deepEqual(checkAcrossKeys(sampleConfig({ expect, thresholds: undefined })), []);
  const { config, findings } = checkConfig({ ...SAMPLE, thresholds });
  t.deepEqual(findings, []);
  t.deepEqual(config?.thresholds, thresholds);
  const several = {
    ...TWO_TARGETS,
    expect: { findings: [{ says: 'they cross', check: 'crossing of old and new.one > 2' }] },
  };
  t.deepEqual(checkAcrossKeys(sampleConfig(several)), []);
});

type Case = [check: string, changes: Record<string, unknown>, expected: string, came: string];

const CASES: Case[] = [
  ['p99 < 2', {}, "a time (ms, s, min, h) on both sides at column 7 of 'p99 < 2'", 'a plain number, share or count'],
  ['failed <', {}, "a measure, a number or ( at column 8 of 'failed <'", 'the end'],
  ['rate at level 800 > 1 Hz', {}, "one of the levels 1, 2, 4 at column 15 of 'rate at level 800 > 1 Hz'", 'level 800'],
  [
    'limit from level 5 > 8',
    {},
    "a range with at least one of the levels 1, 2, 4 at column 18 of 'limit from level 5 > 8'",
    'from level 5',
  ],
  [
    'limit from level 5  to level 7 > 8',
    {},
    "a range with at least one of the levels 1, 2, 4 at column 18 of 'limit from level 5  to level 7 > 8'",
    'from level 5 to level 7',
  ],
  ['failed in run 3 < 1 %', {}, "a run from 1 to 2 at column 15 of 'failed in run 3 < 1 %'", 'run 3'],
  ['failed in run 2 < 1 %', { 'load.runs': 1 }, "run 1, the only one at column 15 of 'failed in run 2 < 1 %'", 'run 2'],
  ['ok at 50 files', {}, "one of the directory sizes 20, 100 at column 7 of 'ok at 50 files'", '50 files'],
  ['ok at 1 file', {}, "one of the directory sizes 20, 100 at column 7 of 'ok at 1 file'", '1 file'],
  ['p50 at site moon < 1 s', {}, "one of the sites local at column 13 of 'p50 at site moon < 1 s'", "'moon'"],
  ['p50 at site "a b" < 1 s', {}, 'one of the sites local at column 13 of \'p50 at site "a b" < 1 s\'', "'a b'"],
  ['p50 of door < 1 s', {}, "one of the targets embedded at column 8 of 'p50 of door < 1 s'", "'door'"],
  [
    'crossing of old and newXone > 2',
    TWO_TARGETS,
    "one of the targets old, new.one at column 21 of 'crossing of old and newXone > 2'",
    "'newXone'",
  ],
];

for (const [text, changes, expected, came] of CASES) {
  test(`told with its place in the config and in the text: ${text}`, (t) => {
    const expecting = {
      expect: {
        findings: [
          { says: 'good', check: 'ok' },
          { says: 'bad', check: text },
        ],
      },
    };
    const inExpect = checkAcrossKeys(sampleConfig({ ...changes, ...expecting }));
    t.like(inExpect, { length: 1, 0: { path: 'expect.findings.1.check', expected, came } });
    const { findings } = checkConfig({
      ...(changeSample(changes) as object),
      thresholds: { ok: 'fail', [text]: 'abort' },
    });
    t.like(findings, { length: 1, 0: { path: `thresholds.${text}`, expected, came } });
    t.true(findings.every(({ fix }) => fix !== ''));
  });
}

test('what is wrong elsewhere hides nothing, and is not told again as a name that is missing', (t) => {
  const { findings } = checkConfig(
    changeSample({
      'target.root': 7,
      'load.levels': [],
      thresholds: { 'rate of x at level 9 > 1 Hz': 'fail', 'failed at 50 files < 1 %': 'abort', ratee: 'fail' },
    }),
  );
  t.deepEqual(
    findings.map(({ path }) => path),
    ['target.root', 'load.levels', 'thresholds.ratee', 'thresholds.failed at 50 files < 1 %'],
  );
});

test('a check with a typing error in a file, or set from outside, names that source', async (t) => {
  const folder = await makeTemporaryFolder(t, {
    'glidetester.config.json': JSON.stringify({
      ...SAMPLE,
      expect: { findings: [{ says: 'fast', check: 'rat > 1 Hz' }] },
    }),
  });
  const set = ['thresholds={"failed < 1 s":"abort"}'];
  const { config, problems } = await readConfig({ folder, path: undefined, environment: {}, set });
  t.is(config, null);
  t.deepEqual(problems, [
    {
      path: 'expect.findings.0.check',
      expected: "a measure, a number or ( at column 1 of 'rat > 1 Hz'",
      came: "'rat'",
      fix: "did you mean 'rate'?",
      source: 'glidetester.config.json',
    },
    {
      path: 'thresholds.failed < 1 s',
      expected: "a plain number, share or count on both sides at column 10 of 'failed < 1 s'",
      came: 'a time (ms, s, min, h)',
      fix: 'compare, add and subtract only what has one dimension; a quotient of two such is a plain number',
      source: `--set ${set[0]}`,
    },
  ]);
});
