import test from 'ava';
import { createDeliveryWatch } from '../../../coordinator/telemetry/delivery-watch.ts';

const says = test.macro<[steps: string, expected: RegExp[]]>((t, steps, expected) => {
  const told: string[] = [];
  const watch = createDeliveryWatch('http://127.0.0.1:1/v1/metrics', (text) => told.push(text));
  for (const step of steps) {
    if (step === '+') watch.arrived();
    else watch.failed(`refused\n\u001B[2J${'x'.repeat(1000)}`);
  }
  watch.end();
  t.is(told.length, expected.length, told.join('\n'));
  for (const [index, words] of expected.entries()) t.regex(told[index] as string, words);
  t.true(
    told.every((text) => text.length < 500 && !/\p{Cc}/u.test(text)),
    'fit for one line of a terminal',
  );
});

const WARNING = /do not arrive at http:.*: refused .*correct telemetry\.otlp\.url/;
const MISSING = /the final metrics have not arrived/;

test('nothing to say of what arrives', says, '++', []);
test('said once, however often', says, '---', [WARNING]);
test('a receiver that comes late', says, '--+++', [WARNING]);
test('one that goes away and comes back', says, '++--+', [WARNING]);
test('the last one failed, as those before', says, '+--', [WARNING]);
test('back, and gone again at the end', says, '-+--', [WARNING, MISSING]);
test('back, gone, and back', says, '-+-+', [WARNING]);
