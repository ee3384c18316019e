import test from 'ava';
import { compareResults } from '../../../reports/compare/compare-results.ts';
import type { Comparison } from '../../../reports/compare/comparison.ts';
import { judgeFailIf } from '../../../reports/compare/judge-fail-if.ts';
import { type FailIf, parseFailIf, readExpressions } from '../../../reports/compare/parse-fail-if.ts';
import type { CheckProblem } from '../../../reports/expectations/check.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';

const anywhere = { target: null, against: null, directorySize: null, levels: null, site: null, run: null };

const READ: [text: string, is: Omit<FailIf, 'text'>][] = [
  ['rate < -5%', { figure: 'rate', selectors: anywhere, comparator: '<', limit: -0.05 }],
  ['rate<-5%', { figure: 'rate', selectors: anywhere, comparator: '<', limit: -0.05 }],
  ['  p50  >=  + 2.5 % ', { figure: 'p50', selectors: anywhere, comparator: '>=', limit: 0.025 }],
  ['p95 > 10%', { figure: 'p95', selectors: anywhere, comparator: '>', limit: 0.1 }],
  ['rate <= −0%', { figure: 'rate', selectors: anywhere, comparator: '<=', limit: 0 }],
  [
    'failed at level 40 at 20 files > .5%',
    {
      figure: 'failed',
      selectors: { ...anywhere, directorySize: 20, levels: { from: 40, to: 40 } },
      comparator: '>',
      limit: 0.005,
    },
  ],
  [
    'rate of "http://a b" from level 2 to 8 < -1%',
    {
      figure: 'rate',
      selectors: { ...anywhere, target: 'http://a b', levels: { from: 2, to: 8 } },
      comparator: '<',
      limit: -0.01,
    },
  ],
];

for (const [text, is] of READ) {
  test(`read: ${text}`, (t) => {
    const { text: own, ...parsed } = parseFailIf(text) as FailIf;
    t.is(own, text);
    t.deepEqual(parsed, is);
  });
}

const REFUSED: [text: string, column: number, expected: RegExp][] = [
  ['', 1, /a figure/],
  ['rates < -5%', 1, /a figure/],
  ['p99 > 5%', 1, /a figure/],
  ['rate -5%', 6, /a comparator/],
  ['rate = -5%', 6, /a comparator/],
  ['rate < -5', 9, /'%'/],
  ['rate < -5 Hz', 11, /'%'/],
  ['rate < fast', 8, /a limit in per cent/],
  ['rate < 5%', 8, /a limit of 0 or less/],
  ['p50 > -5%', 7, /a limit of 0 or more/],
  ['rate < -5% at level 4', 12, /the end/],
  ['rate < -5% and p50 > 5%', 12, /the end/],
  ['rate at site here < -5%', 6, /no site/],
  ['rate in run 2 < -5%', 6, /no run/],
  ['rate at level -1 < -5%', 15, /a level, a whole number/],
  ['rate < -1e3%', 9, /a limit in per cent/],
];

for (const [text, column, expected] of REFUSED) {
  test(`refused: ${text}`, (t) => {
    const problem = parseFailIf(text) as CheckProblem;
    t.is(problem.column, column);
    t.regex(problem.expected, expected);
  });
}

test('all problems are told at once, one too long among them', (t) => {
  const texts = ['rate < -5%', 'speed < -5%', `rate ${'at level 1 '.repeat(100)}< -5%`];
  const error = t.throws(() => readExpressions(texts), { message: /'speed < -5%'.*\n.*at most 500 characters/ });
  t.is((error as Error & { code?: string }).code, 'GT_COMPARE_EXPRESSION');
});

/** Level 4 a fifth slower, level 8 the same, level 16 with two runs in B; a third result that is like the first. */
function compareThree(): Comparison {
  const levels: [level: number, rates: number[]][] = [
    [4, [100, 101, 99, 100]],
    [8, [200, 202, 198, 201]],
    [16, [300, 301, 299, 300]],
  ];
  const result = (path: string, change: (level: number, rates: number[]) => number[]) => ({
    path,
    record: null,
    summary: summaryOf(
      ...levels.flatMap(([level, rates]) => change(level, rates).map((rate, run) => cellAt(level, rate, { run }))),
    ),
  });
  const slowed = result('b', (level, rates) => {
    if (level === 4) return rates.map((rate) => rate * 0.8);
    return level === 16 ? rates.slice(2) : rates;
  });
  return compareResults(
    result('a', (_, rates) => rates),
    [slowed, result('c', (_, rates) => rates)],
  );
}

const JUDGED: [text: string, verdict: string, reasons: RegExp[]][] = [
  [
    'rate < -5%',
    'holds',
    [
      /^B, level 4: rate -20\.0 % \(-2.* %\): 100 Hz in A, 80 Hz in B$/,
      /^B, level 16: not enough runs: 4 in A, 2 in B; 4 are needed$/,
    ],
  ],
  ['rate < -25%', 'not enough runs', [/^B, level 16: /]],
  ['rate at level 4 < -25%', 'does not hold', []],
  ['rate from level 4 to 8 <= -19%', 'holds', [/^B, level 4/]],
  ['rate at level 8 < 0%', 'does not hold', []],
  ['rate > 0%', 'not enough runs', [/^B, level 16/]],
  ['p95 at level 16 > 5%', 'not enough runs', [/2 in B; 4 with a p95 are needed$/]],
  ['rate at level 5 < -5%', 'not enough runs', [/^B: not enough runs: no such cell/, /^C: not enough runs/]],
  ['rate of other < -5%', 'not enough runs', [/^B: /, /^C: /]],
  ['rate at 20 files at level 4 < -5%', 'holds', [/^B, level 4/]],
  ['failed at level 4 > 0%', 'does not hold', []],
];

for (const [text, verdict, reasons] of JUDGED) {
  test(`judged: ${text} ${verdict}`, (t) => {
    const outcome = judgeFailIf(readExpressions([text])[0] as FailIf, compareThree());
    t.is(outcome.verdict, verdict as typeof outcome.verdict);
    t.is(outcome.reasons.length, reasons.length, outcome.reasons.join('\n'));
    outcome.reasons.forEach((reason, index) => t.regex(reason, reasons[index] as RegExp));
  });
}
