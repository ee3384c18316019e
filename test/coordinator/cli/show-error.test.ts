import test from 'ava';
import { EXIT, describeExit } from '../../../coordinator/cli/exit-code.ts';
import { describeError, exitCodeOf } from '../../../coordinator/cli/show-error.ts';
import { GlideTesterError } from '../../../foundation/error.ts';

test('the exit codes are those of the contract', (t) => {
  t.deepEqual(Object.values(EXIT), [0, 1, 99, 104, 105, 107, 119, 120, 121, 122, 123]);
  for (const code of Object.values(EXIT)) t.not(describeExit(code), 'unknown');
});

test('an error of ours is told with its hint and its code, without a stack', (t) => {
  const error = new GlideTesterError('GT_CONFIG_NOT_FOUND', 'expected a config, found none', { hint: 'write one' });
  t.is(
    describeError(error),
    'error: expected a config, found none\n\nhint: write one\nGT_CONFIG_NOT_FOUND in docs/errors.md tells more',
  );
  t.is(exitCodeOf(error), 104);
});

test('anything else is a bug of ours, told with its stack and its cause', (t) => {
  const text = describeError(new TypeError('oops', { cause: new Error('deep') }));
  for (const word of ['TypeError: oops', 'show-error.test.ts', 'deep', 'this is a bug in glidetester']) {
    t.true(text.includes(word), word);
  }
  t.is(exitCodeOf(new TypeError('oops')), 1);
  t.is(exitCodeOf('a string'), 1);
});
