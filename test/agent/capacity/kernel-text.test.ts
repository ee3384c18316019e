import test from 'ava';
import * as fc from 'fast-check';
import {
  mayRaiseLimits,
  parseMemoryLine,
  parseOpenFiles,
  parsePorts,
  parseWhole,
  parseWholes,
} from '../../../agent/capacity/kernel-text.ts';

const wholes = test.macro({
  exec: (t, text: string | null, expected: number | null) => t.is(parseWhole(text), expected),
  title: (_, text) => `one whole number: ${JSON.stringify(text)}`,
});
test(wholes, '4096\n', 4096);
test(wholes, '0', 0);
test(wholes, '9223372036854775807\n', Number.MAX_SAFE_INTEGER);
test(wholes, '-1\n', null);
test(wholes, 'max\n', null);
test(wholes, '', null);
test(wholes, '12 13\n', null);
test(wholes, null, null);

test('several numbers of a line are all there or none', (t) => {
  t.deepEqual(parseWholes('288459\t384612\t576918\n', 3), [288_459, 384_612, 576_918]);
  t.is(parseWholes('288459\t384612\n', 3), null);
  t.is(parseWholes('1 2 x', 3), null);
  t.is(parseWholes(null, 1), null);
});

test('the limits of open files', (t) => {
  const limits = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max processes             96551                96551                processes ',
    'Max open files            1024                 524288               files     ',
  ].join('\n');
  t.deepEqual(parseOpenFiles(limits), { soft: 1024, hard: 524_288 });
  t.deepEqual(parseOpenFiles('Max open files            unlimited            unlimited            files'), {
    soft: null,
    hard: null,
  });
  t.deepEqual(parseOpenFiles(null), { soft: null, hard: null });
});

test('memory is told in units of 1024 bytes', (t) => {
  const meminfo = 'MemTotal:       24731708 kB\nMemFree:        24199632 kB\nMemAvailable:   24300268 kB\n';
  t.is(parseMemoryLine(meminfo, 'MemAvailable'), 24_300_268 * 1024);
  t.is(parseMemoryLine('MemTotal: 5 kB\n', 'MemAvailable'), null); // kernels before 3.14
  t.is(parseMemoryLine(null, 'MemTotal'), null);
});

test('who may raise a hard limit has the 24th capability', (t) => {
  t.true(mayRaiseLimits('Name:\tnode\nCapEff:\t000001ffffffffff\n'));
  t.false(mayRaiseLimits('Name:\tnode\nCapEff:\t000001fffeffffff\n'));
  t.false(mayRaiseLimits('CapEff:\t0000000000000000\n'));
  t.is(mayRaiseLimits('Name:\tnode\n'), null);
  t.is(mayRaiseLimits(null), null);
});

const ports = test.macro({
  exec(t, range: string | null, reserved: string | null, expected: ReturnType<typeof parsePorts>) {
    t.deepEqual(parsePorts(range, reserved), expected);
  },
  title: (_, range, reserved) => `ports ${JSON.stringify(range)} without ${JSON.stringify(reserved)}`,
});
const USUAL = { lowest: 32_768, highest: 60_999 };
test(ports, '32768\t60999\n', '\n', { ...USUAL, reserved: 0 });
test(ports, '32768\t60999\n', null, { ...USUAL, reserved: 0 });
test(ports, '32768\t60999\n', '8080,40000-40009,60999-61010\n', { ...USUAL, reserved: 11 });
test(ports, '32768\t60999\n', 'many\n', null);
test(ports, '60999\t32768\n', '\n', null);
test(ports, '32768\n', '\n', null);
test(ports, null, null, null);

test('reserved ports are those that lie within the range, whatever lies around them', (t) => {
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(fc.tuple(port, port), fc.uniqueArray(port, { maxLength: 20 }), ([a, b], list) => {
      const [lowest, highest] = [Math.min(a, b), Math.max(a, b)];
      const within = list.filter((each) => each >= lowest && each <= highest);
      t.is(parsePorts(`${lowest} ${highest}`, list.join(','))?.reserved, within.length);
    }),
  );
});
