import test from 'ava';
import { isProblem } from '../../../reports/expectations/check.ts';
import { evaluateCheck } from '../../../reports/expectations/evaluate.ts';
import { parseCheck } from '../../../reports/expectations/parse-check.ts';
import { skippedCell } from '../../../reports/measure.ts';
import type { CellSummary, SiteSummary, Verdict } from '../../../reports/summary.ts';
import { cellAt } from '../../support/summary-cells.ts';

function verdictOf(text: string, cells: CellSummary[]): Verdict {
  const check = parseCheck(text);
  if (isProblem(check)) throw new Error(`${text}: ${JSON.stringify(check)}`);
  return evaluateCheck(check, { cells });
}

/** '<verdict>: <measured>' of a check over cells. */
function judge(text: string, cells: CellSummary[]): string {
  const { verdict, measured } = verdictOf(text, cells);
  return `${verdict}: ${measured}`;
}

const judges = test.macro<[cells: CellSummary[], checks: [text: string, expected: string][]]>((t, cells, checks) => {
  for (const [text, expected] of checks) t.is(judge(text, cells), expected, text);
});

const failed = (level: number, changes: Partial<CellSummary> = {}): CellSummary =>
  cellAt(level, 0.5, { state: 'failed', reason: 'Refused.', recoveryMs: null, hung: true, ...changes });

/** 1 Hz for every 40 clients up to 90; hung at 110; never run at 130. */
const linear = [
  ...[10, 30, 50, 70, 90].map((level) => cellAt(level, level / 40, { hung: false, recoveryMs: level * 10 })),
  failed(110),
  skippedCell(cellAt(130, 1), 'The service did not recover.'),
];

test('a curve has a slope, a spread and a limit between two levels', judges, linear, [
  ['slope from level 10 to level 90 = 0.025 Hz/client ± 3 %', 'met: 0.025 Hz/client'],
  ['slope > 0.03 Hz/client', 'not met: 0.025 Hz/client over 5 of 7 levels'],
  ['r2 from level 10 to level 90 > 0.99', 'met: 1.0000'],
  ['limit >= 80', 'met: limit: between 90 and 110 clients'],
  ['limit > 90', 'not met: limit: between 90 and 110 clients'],
  ['first bad level = 110', 'met: first bad level: 110 clients'],
  ['limit from level 110 > 10', 'not measured: limit: below 110 clients'],
  ['limit from level 110 > 110', 'not met: limit: below 110 clients'],
  ['limit from level 110 < 120', 'met: limit: below 110 clients'],
  ['limit from level 130 > 10', 'not measured: The service did not recover.'],
  ['highest rate from level 110 > 1 Hz', 'not measured: 0 of 2 levels measured and ok, 1 are needed'],
  ['spread from level 70 to level 90 < 10 %', 'not met: 28.6 %'],
  [
    'highest rate from level 10 to level 90 = 9 * lowest rate from level 10 to level 90 ± 1 %',
    'met: 2.25 Hz against 2.25 Hz',
  ],
  ['limit from level 200 > 10', 'not measured: the campaign has no such cell'],
]);

test('a limit that no level reached is known from one side', judges, linear.slice(0, 5), [
  ['limit >= 80', 'met: limit: no level failed up to 90 clients'],
  ['limit >= 100', 'not measured: limit: no level failed up to 90 clients'],
  ['limit <= 80', 'not met: limit: no level failed up to 90 clients'],
  ['limit <= 200', 'not measured: limit: no level failed up to 90 clients'],
  ['limit = 80', 'not met: limit: no level failed up to 90 clients'],
  ['limit = 90', 'not measured: limit: no level failed up to 90 clients'],
  ['limit = 85 ± 10 %', 'not measured: limit: no level failed up to 90 clients'],
  ['limit * 2 > 100', 'met: at least 180 clients'],
  ['200 - limit < 120', 'met: at most 110 clients'],
  ['100 clients / limit < 2', 'met: at most 1.11'],
  ['limit - limit < 10', 'not measured: a figure of it is known from one side only'],
  ['limit * slope < 10 Hz', 'not measured: at least 2.25 Hz'],
]);

test('predicates hold in every run that is selected, with not in none', judges, linear, [
  ['recovered from level 10 to level 90', 'met: recovered after 900 ms at worst (level 90)'],
  ['recovered at level 10', 'met: recovered after 100 ms'],
  ['recovered', 'not met: hung, not recovered (level 110)'],
  ['hung at level 110', 'met: hung, not recovered'],
  ['not recovered at level 110', 'met: hung, not recovered'],
  ['not hung from level 10 to 90', 'met: recovered after 900 ms at worst (level 90)'],
  ['hung at level 90', 'not met: recovered after 900 ms'],
  ['ok', 'not met: failed: Refused. (level 110)'],
  ['ok from level 10 to level 90', 'met: ok (level 90)'],
  ['recovered at level 130', 'not measured: The service did not recover.'],
  ['recovered at level 5', 'not measured: the campaign has no such cell'],
  ['recovery from level 10 to level 90 < 1 s', 'met: 900 ms (level 90)'],
  ['recovery at level 110 < 1 h', 'not met: never'],
]);

test(
  'what was not tried is not measured',
  judges,
  [cellAt(4, 1, { recoveryMs: null }), failed(8, { hung: false })],
  [
    ['recovered at level 4', 'not measured: whether it recovers was not tried'],
    ['recovery at level 4 < 1 s', 'not measured: whether it recovers was not tried'],
    ['recovered', 'not met: not recovered (level 8)'],
    ['frontend cpu < 60 %', 'not measured: the service does not tell (level 4)'],
    ['rate at site far > 1 Hz', 'not measured: nothing is known of site far apart (level 4)'],
  ],
);

const many = [20, 100].flatMap((directorySize) =>
  ['bestman', 'bestman2'].flatMap((target) =>
    [10, 40].map((level) =>
      cellAt(level, level * (target === 'bestman' ? 1 : 1.5) - directorySize / 20, { target, directorySize }),
    ),
  ),
);

test('what is not named is run through, and the farthest from holding is shown', judges, many, [
  ['rate at level 40 >= 30 Hz', 'met: 35 Hz (bestman, 100 files)'],
  ['rate of bestman2 >= 10 Hz', 'met: 10 Hz (100 files, level 10)'],
  ['rate >= 9 Hz', 'not met: 5 Hz (bestman, 100 files, level 10)'],
  ['rate of bestman2 at 20 files at level 40 > 1 Hz', 'met: 59 Hz'],
  ['rate of bestman2 > rate of bestman', 'met: 59 Hz against 39 Hz (20 files, level 40)'],
  ['rate of bestman2 / rate of bestman > 140 %', 'met: 151 % (20 files, level 40)'],
  ['rate at 100 files >= rate at 20 files - 5 Hz', 'met: 55 Hz against 54 Hz (bestman2, level 40)'],
  ['rate of nobody > 1 Hz', 'not measured: the campaign has no such cell'],
  ['rate from level 20 > 1 Hz', 'met: 35 Hz (bestman, 100 files)'],
  ['rate from level 20 >= 3 * rate at level 10', 'met: 59 Hz against 42 Hz (bestman2, 20 files)'],
]);

test(
  'met in some places and not measured in others is not measured; not met anywhere is not met',
  judges,
  [cellAt(4, 10), skippedCell(cellAt(8, 1), 'Stopped.')],
  [
    ['rate > 5 Hz', 'not measured: Stopped. (level 8)'],
    ['rate > 50 Hz', 'not met: 10 Hz (level 4)'],
    ['ok', 'not measured: Stopped. (level 8)'],
    ['not ok', 'not met: ok (level 4)'],
  ],
);

const service = (callOuts: number, cpuShare: number): CellSummary['service'] => ({
  cpuShare,
  callOuts,
  waitedForThread: 2,
  exhausted: { queue: 1, heap: 2, descriptors: 3 },
});
const runs = [
  cellAt(4, 10, {
    p50: 10,
    inWindow: { ok: 99, failed: 1, local: 0 },
    service: service(2000, 0.2),
    generatorCpuShare: 0.3,
  }),
  cellAt(4, 20, {
    run: 2,
    p50: 30,
    inWindow: { ok: 90, failed: 9, local: 1 },
    service: service(2001, 0.5),
    generatorCpuShare: 0.1,
  }),
  cellAt(4, 12, {
    run: 3,
    p50: 12,
    inWindow: { ok: 0, failed: 0, local: 0 },
    phasesMs: { connect: 1, handshake: 7, firstByte: 2, rest: 0.5 },
  }),
];

test(
  'a level over its runs: medians, counts added, shares of all together, processor time at its highest',
  judges,
  runs,
  [
    ['rate = 12 Hz ± 1 %', 'met: 12 Hz'],
    ['completed rate in run 2 > 19 Hz', 'met: 20 Hz'],
    ['p50 = 12 ms ± 0.1 ms', 'met: 12 ms'],
    ['p95 < 1 min', 'met: 30 ms'],
    ['failed <= 5 %', 'met: 5 %'],
    ['failed in run 3 < 5 %', 'not measured: no operation ended in the window'],
    ['call-outs = 4001', 'met: 4,001'],
    ['call-outs in run 1 / operations in run 1 = 2', 'met: 2'],
    ['waited for thread + queue refusals + heap refusals + descriptor refusals = 16', 'met: 16'],
    ['frontend cpu < 60 %', 'met: 50 %'],
    ['generator cpu < 25 %', 'not met: 30 %'],
    ['handshake + connect + first byte + rest < 11 ms', 'met: 10.5 ms'],
    ['connect in run 1 < 1 s', 'not measured: no operation had that phase'],
    ['held = in flight ± 1 %', 'met: 4 clients against 4 clients'],
    ['start skew < 100 ms', 'met: 2 ms'],
    ['rate * p50 = 0.144 ± 1 %', 'met: 0.144'],
    ['rate / p50 * 1 s > 3 Hz', 'met: 1,000 Hz'],
  ],
);

test('a quotient without a divisor is not measured', (t) => {
  t.is(judge('(rate - rate) / (rate - rate) < 1', runs), 'not measured: 0 / 0 is no number');
});

const site = (name: string, p50: number): SiteSummary => ({
  site: name,
  clients: 2,
  ratePerS: 1000 / p50,
  serviceTimeMs: { count: 900, mean: p50, p50, p90: p50, p95: p50, p99: null, max: p50 },
  phasesMs: { connect: 1, handshake: 2, firstByte: p50 - 4, rest: 1 },
});

test(
  'sites are taken apart where they are named',
  judges,
  [cellAt(4, 50, { sites: [site('near', 10), site('far', 110)] })],
  [
    ['p50 at site far - p50 at site near = 100 ms ± 10 %', 'met: 100 ms'],
    ['rate at site near > 99 Hz', 'met: 100 Hz'],
    ['mean at site far + p90 at site far + p95 at site far + max at site far = 440 ms ± 1 %', 'met: 440 ms'],
    [
      'connect at site far + handshake at site far + first byte at site far + rest at site far = p50 at site far ± 1 %',
      'met: 110 ms against 110 ms',
    ],
    ['p99 at site far < 1 s', 'not measured: too few operations succeeded there for it'],
  ],
);

const sized = [20, 100, 200, 500].map((directorySize) =>
  cellAt(8, 10, { directorySize, p50: 5 + directorySize / 10 + (directorySize === 500 ? 11 : 0) }),
);

test('mean service times lie on a line over the directory sizes, or say which lies off', judges, sized, [
  ['line deviation at level 8 < 15 %', 'not met: 34.3 % at worst, at 20 files'],
  ['line deviation <= 50 %', 'met: 34.3 % at worst, at 20 files'],
]);

test(
  'a line over fewer than four sizes is no evidence',
  judges,
  [...sized.slice(0, 3), skippedCell(sized[3]!, 'Stopped.')],
  [
    ['line deviation at level 8 < 15 %', 'not measured: 3 directory sizes measured, 4 are needed for a line'],
    ['line deviation at level 9 < 15 %', 'not measured: the campaign has no such cell'],
  ],
);

test('the verdict carries the check in its usual form', (t) => {
  t.deepEqual(verdictOf('limit>=80', linear), {
    check: 'limit >= 80 clients',
    verdict: 'met',
    measured: 'limit: between 90 and 110 clients',
  });
});
