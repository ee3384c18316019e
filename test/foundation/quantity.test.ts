import test from 'ava';
import * as fc from 'fast-check';
import { formatDuration, formatShare, parseDurationMs, parseShare } from '../../foundation/quantity.ts';

const parsesTo = test.macro<[(text: string) => number | undefined, string, number | undefined]>({
  exec(t, parse, text, expected) {
    t.is(parse(text), expected);
  },
  title: (_, parse, text, expected) => `${parse.name} of '${text}' is ${expected}`,
});

test(parsesTo, parseDurationMs, '300ms', 300);
test(parsesTo, parseDurationMs, '1.5s', 1500);
test(parsesTo, parseDurationMs, '5min', 300_000);
test(parsesTo, parseDurationMs, '8 h', 28_800_000);
test(parsesTo, parseDurationMs, '0s', 0);
test(parsesTo, parseDurationMs, '5', undefined);
test(parsesTo, parseDurationMs, '-5s', undefined);
test(parsesTo, parseDurationMs, '1e3ms', undefined);
test(parsesTo, parseDurationMs, '5 minutes', undefined);
test(parsesTo, parseDurationMs, ' 5s', undefined);
test(parsesTo, parseDurationMs, '', undefined);
test(parsesTo, parseShare, '98%', 0.98);
test(parsesTo, parseShare, '0.5 %', 0.005);
test(parsesTo, parseShare, '98', undefined);
test(parsesTo, parseShare, '-1%', undefined);

const isShownAs = test.macro<[number, string]>({
  exec(t, ms, expected) {
    t.is(formatDuration(ms), expected);
  },
  title: (_, ms, expected) => `${ms} ms are shown as '${expected}'`,
});

test(isShownAs, 0.25, '0.25 ms');
test(isShownAs, 1.25, '1.3 ms');
test(isShownAs, 12, '12 ms');
test(isShownAs, 4200, '4.2 s');
test(isShownAs, 42_000, '42 s');
test(isShownAs, 185_000, '3:05');
test(isShownAs, 17_400_000, '4 h 50 min');
test(isShownAs, 17_990_000, '5 h 0 min');
test(isShownAs, 3_599_700, '1 h 0 min');

test('a shown span never has sixty of the smaller unit', (t) => {
  fc.assert(
    fc.property(fc.double({ min: 60_000, max: 1e9, noNaN: true }), (ms) => !/60 min|:60/.test(formatDuration(ms))),
  );
  t.pass();
});

test('a shown span is off by no more than its last digit', (t) => {
  const unitMs = { ms: 1, s: 1000, min: 60_000 } as const;
  fc.assert(
    fc.property(fc.double({ min: 1, max: 59_000, noNaN: true }), (ms) => {
      const [number, unit] = formatDuration(ms).split(' ') as [string, keyof typeof unitMs];
      const digit = number.includes('.') ? 0.1 : 1;
      return Math.abs(Number(number) * unitMs[unit] - ms) <= (digit / 2) * unitMs[unit] + 1e-9;
    }),
  );
  t.pass();
});

test('shares are shown with a digit after the point only below ten percent', (t) => {
  t.deepEqual([0, 0.002, 0.0999, 0.44, 1].map(formatShare), ['0 %', '0.2 %', '10.0 %', '44 %', '100 %']);
  t.deepEqual([0.0001, 0.9999, 0.995, 1.004].map(formatShare), ['< 0.1 %', '99.9 %', '99.5 %', '100 %']);
});
