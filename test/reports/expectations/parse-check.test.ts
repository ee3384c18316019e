import { readFile } from 'node:fs/promises';
import test from 'ava';
import * as fc from 'fast-check';
import {
  type Check,
  type Expression,
  type Quantity,
  type Selectors,
  isProblem,
  namesIn,
  printCheck,
} from '../../../reports/expectations/check.ts';
import { parseCheck } from '../../../reports/expectations/parse-check.ts';
import { UNIT_NAMES, type Unit, dimensionOf } from '../../../reports/expectations/units.ts';
import { MEASURE_NAMES, type MeasureName, PREDICATES, factsOf } from '../../../reports/expectations/vocabulary.ts';

function parsed(text: string): Check {
  const check = parseCheck(text);
  if (isProblem(check)) throw new Error(`${text}: ${JSON.stringify(check)}`);
  return check;
}

/** What is written, and how it is written in the usual form. */
const READ: [text: string, usual: string][] = [
  ['rate at level 1000 >= 40 Hz', 'rate at level 1000 >= 40 Hz'],
  ['p99 at level 800<2s', 'p99 at level 800 < 2 s'],
  ['failed < 0.1 %', 'failed < 0.1 %'],
  ['  not   hung from level 2', 'not hung from level 2'],
  ['recovered', 'recovered'],
  ['limit >= 2000', 'limit >= 2000 clients'],
  ['limit = 80', 'limit = 80 clients'],
  ['call-outs / operations = 2', 'call-outs / operations = 2'],
  ['rate > 0', 'rate > 0 Hz'],
  ['slope from level 10 to 80 = .025 Hz/client +- 3%', 'slope from level 10 to level 80 = 0.025 Hz/client ± 3 %'],
  ['crossing at 1 file of a and "b c" = 40 ± 4', 'crossing of a and "b c" at 1 file = 40 clients ± 4 clients'],
  ['p99-p50 < 5ms', 'p99 - p50 < 5 ms'],
  ['first  byte in run 2 of "a.b-c" < 1 min', 'first byte of a.b-c in run 2 < 1 min'],
  ['rate - (rate - 1 Hz) - 2 Hz < 3 Hz', 'rate - (rate - 1 Hz) - 2 Hz < 3 Hz'],
  ['(rate * 2) / (1 + 1) >= (3 Hz)', 'rate * 2 / (1 + 1) >= 3 Hz'],
  ['p50 at site far - p50 at site near = 100 ms ± 10 %', 'p50 at site far - p50 at site near = 100 ms ± 10 %'],
];

for (const [text, usual] of READ) {
  test(`'${text}' is read`, (t) => {
    t.is(printCheck(parsed(text)), usual);
    t.deepEqual(parsed(usual), parsed(text));
  });
}

test('a check is data', (t) => {
  t.deepEqual(parsed('rate of a at 20 files from level 8 = 2 Hz ± 10 %'), {
    kind: 'comparison',
    left: {
      kind: 'measure',
      name: 'rate',
      selectors: {
        target: 'a',
        against: null,
        directorySize: 20,
        levels: { from: 8, to: null },
        site: null,
        run: null,
      },
    },
    comparator: '=',
    right: { kind: 'number', value: 2, unit: 'Hz' },
    tolerance: { value: 10, unit: '%' },
  });
});

test('the names in a check are told, each once', (t) => {
  const text =
    'crossing of a and b from level 4 > rate of a at level 8 in run 1 / rate at site far at level 8 at 20 files * limit of c';
  t.deepEqual(namesIn(parsed(text)), {
    targets: ['a', 'b', 'c'],
    directorySizes: [20],
    levels: [8],
    levelRanges: [{ from: 4, to: null }],
    sites: ['far'],
    runs: [1],
  });
  t.deepEqual(namesIn(parsed('recovered at level 3')).levels, [3]);
});

/** A text, the column of its problem, and what the problem says. */
const REFUSED: [text: string, column: number, expected: RegExp, fix: RegExp][] = [
  ['', 1, /a measure/, /use one of: rate/],
  ['rate < 2 s', 8, /a rate \(Hz\) on both sides/, /one dimension/],
  ['p99 < 2', 7, /a time .* on both sides/, /its unit/],
  ['rate + 2 s < 3 Hz', 8, /a rate \(Hz\) around \+/, /one dimension/],
  ['rate * in flight > 3 Hz', 20, /something in s\^-1 clients on both/, /one dimension/],
  ['raet < 2 Hz', 1, /a measure/, /did you mean 'rate'\?/],
  ['first bad levl > 3', 1, /a measure/, /did you mean 'first bad level'\?/],
  ['not recoverd', 5, /a predicate/, /did you mean 'recovered'\?/],
  ['recoverred at level 4', 1, /a measure/, /did you mean 'recovered'\?/],
  ['p99 < 2 sec', 9, /a unit/, /ms, s, min, h/],
  ['p99 < 2 mss', 9, /a unit/, /did you mean 'ms'\?/],
  ['limit >= 2,000', 10, /one number/, /2000/],
  ['rate < 1e999 Hz', 8, /a number/, /smaller/],
  ['rate', 4, /a comparator/, /write </],
  ['rate == 2 Hz', 6, /a comparator/, /write </],
  ['rate = 2 Hz', 11, /a tolerance/, /± 10 %/],
  ['rate = 2 Hz ±', 13, /a tolerance/, /± 10 %/],
  ['rate = 2 Hz ± 5 ms', 15, /a rate \(Hz\) or a share/, /unit of the right side/],
  ['rate < 2 Hz ± 1 %', 13, /no tolerance after </, /remove it/],
  ['1 < 2', 1, /a measure/, /such as rate/],
  ['rate < 3 Hz at level 5', 13, /the end/, /right after its measure/],
  ['failed = 1 % ± 1 % 2', 20, /the end/, /remove it/],
  ['(rate < 3 Hz', 7, /'\)'/, /close/],
  [`${'('.repeat(30)}rate`, 21, /at most 20 brackets/, /more simply/],
  ['rate of < 3 Hz', 9, /the name of a target/, /"…"/],
  ['rate of a of b < 3 Hz', 11, /one target/, /remove/],
  ['rate at level 4 from level 5 < 3 Hz', 17, /one level/, /remove/],
  ['rate at level 0 < 3 Hz', 15, /a level, a whole number/, /without a sign/],
  ['rate at level 1.5 < 3 Hz', 15, /a level, a whole number/, /without a sign/],
  ['rate from level 8 to level 4 < 3 Hz', 28, /at least 8/, /lower level first/],
  ['rate at 20 fils < 3 Hz', 12, /'files'/, /at <n> files/],
  ['rate at noon < 3 Hz', 9, /'level', 'site' or a number/, /at level/],
  ['in flight at site here > 3', 11, /no site for in flight/, /remove it/],
  ['recovered at site here', 11, /no site for recovered/, /remove it/],
  ['slope at level 5 > 0', 7, /several levels/, /from level/],
  ['slope from level 5 to 5 > 0', 23, /several levels/, /from level/],
  ['line deviation at 20 files < 1 %', 16, /no directory size/, /remove it/],
  ['crossing > 4', 10, /two targets/, /of <target> and <target>/],
  ['crossing of a > 4', 15, /'and'/, /of <target> and <target>/],
  ['crossing of a and > 4', 19, /the second target/, /"…"/],
  [`rate < 1 Hz ${' '.repeat(500)}`, 1, /at most 500/, /several/],
];

for (const [text, column, expected, fix] of REFUSED) {
  test(`'${text.slice(0, 60)}' is refused at column ${column}`, (t) => {
    const problem = parseCheck(text);
    t.true(isProblem(problem));
    if (!isProblem(problem)) return;
    t.is(problem.column, column);
    t.regex(problem.expected, expected);
    t.regex(problem.fix, fix);
    t.not(problem.came, '');
  });
}

const whole = fc.integer({ min: 1, max: 999_000_000 });
const name = fc.oneof(
  fc.stringMatching(/^[\w.-]+$/),
  fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('"')),
);
const levels = fc
  .record({ from: whole, more: fc.option(fc.nat(1000)) })
  .map(({ from, more }) => ({ from, to: more === null ? null : from + more }));

function selectorsOf(measure: MeasureName | null): fc.Arbitrary<Selectors> {
  const { scope, bySite } = measure === null ? { scope: 'cell', bySite: false } : factsOf(measure);
  const isOne = scope === 'cell' || scope === 'sizes';
  return fc.record({
    target: scope === 'crossing' ? name : fc.option(name),
    against: scope === 'crossing' ? name : fc.constant(null),
    directorySize: scope === 'sizes' ? fc.constant(null) : fc.option(whole),
    levels: fc.option(isOne ? levels : levels.filter(({ from, to }) => from !== to)),
    site: bySite ? fc.option(name) : fc.constant(null),
    run: fc.option(whole),
  });
}

const measure: fc.Arbitrary<Expression> = fc
  .constantFrom(...MEASURE_NAMES)
  .chain((each) => selectorsOf(each).map((selectors) => ({ kind: 'measure', name: each, selectors })));
const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

/** Any expression with the dimension of its first leaf: sums of like things, products with plain numbers. */
function grow(leaf: Expression, depth: number): fc.Arbitrary<Expression> {
  if (depth === 0) return fc.constant(leaf);
  const inner = grow(leaf, depth - 1);
  const scaled = fc.record({
    kind: fc.constant('operation' as const),
    operator: fc.constantFrom('*' as const, '/' as const),
    left: inner,
    right: amount.map((value): Expression => ({ kind: 'number', value, unit: null })),
  });
  const summed = fc.record({
    kind: fc.constant('operation' as const),
    operator: fc.constantFrom('+' as const, '-' as const),
    left: inner,
    right: inner,
  });
  return fc.oneof(inner, scaled, summed);
}

const comparison: fc.Arbitrary<Check> = measure.chain((leaf) =>
  fc
    .record({
      left: grow(leaf, 2),
      right: grow(leaf, 1),
      comparator: fc.constantFrom('<', '<=', '>', '>=', '='),
      tolerance: amount.map((value): Quantity => ({ value, unit: '%' })),
    })
    .map((sides) => ({ kind: 'comparison', ...sides, tolerance: sides.comparator === '=' ? sides.tolerance : null })),
);
const predicate: fc.Arbitrary<Check> = fc.record({
  kind: fc.constant('predicate'),
  isNegated: fc.boolean(),
  predicate: fc.constantFrom(...PREDICATES),
  selectors: selectorsOf(null),
});

test('any check that is printed is read as the same check', (t) => {
  fc.assert(
    fc.property(fc.oneof(comparison, predicate), (check) => {
      const text = printCheck(check);
      fc.pre(text.length <= 500);
      t.deepEqual(parseCheck(text), check);
    }),
    { numRuns: 500 },
  );
});

const piece = fc.oneof(
  fc.constantFrom(...MEASURE_NAMES, ...PREDICATES, ...UNIT_NAMES),
  fc.constantFrom(
    'of',
    'at',
    'at level',
    'from level',
    'to',
    'in run',
    'files',
    'and',
    'not',
    '(',
    ')',
    '"',
    '±',
    '+-',
  ),
  fc.constantFrom('<', '<=', '>=', '=', '+', '-', '*', '/', '2', '0.5', 'x'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' ')),
);

test('any text is a check or has a problem with a column inside the text', (t) => {
  fc.assert(
    fc.property(anyText, (text) => {
      const check = parseCheck(text);
      if (!isProblem(check)) return t.deepEqual(parseCheck(printCheck(check)), check);
      return t.true(check.column >= 1 && check.column <= Math.max(1, text.length) && check.fix !== '');
    }),
    { numRuns: 2000 },
  );
});

function namesOf(row: string): string[] {
  return [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, each]) => each ?? '');
}

/** What the guide's column 'in' says, as a unit; the others are plain numbers. */
const UNIT_OF: Record<string, Unit> = { Hz: 'Hz', time: 's', clients: 'clients', 'Hz/client': 'Hz/client' };

test('the guide has a row for every measure and predicate, and no other', async (t) => {
  const guide = await readFile(new URL('../../../docs/expectations.md', import.meta.url), 'utf8');
  const rowsUnder = (heading: string): string[] =>
    [...guide.matchAll(new RegExp(`^\\| ${heading} \\|.*\\n\\|[- |]+\\n((?:\\|.*\\n)+)`, 'gm'))].flatMap(([, rows]) =>
      (rows ?? '').trim().split('\n'),
    );
  t.deepEqual(rowsUnder('measure').flatMap(namesOf).toSorted(), MEASURE_NAMES.toSorted());
  t.deepEqual(rowsUnder('predicate').flatMap(namesOf).toSorted(), PREDICATES.toSorted());
  for (const each of rowsUnder('measure').flatMap(namesOf)) {
    const text = each === 'crossing' ? 'crossing of a and b' : each;
    t.false(isProblem(parseCheck(`${text} > 0`)), each);
  }
  for (const row of rowsUnder('measure')) {
    const unit = UNIT_OF[row.split('|')[2]?.trim() ?? ''];
    for (const each of namesOf(row))
      t.deepEqual(factsOf(each as MeasureName).dimension, dimensionOf(unit ?? null), each);
  }
  for (const [, config] of guide.matchAll(/check: '([^']+)'/g)) t.false(isProblem(parseCheck(config ?? '')), config);
  for (const unit of UNIT_NAMES) t.true(guide.includes(`\`${unit}\``), unit);
});
