import test from 'ava';
import { OUTCOME_CLASSES, type OutcomeClass, outcomeClassOf } from '../../foundation/outcome.ts';

const isOfClass = test.macro<[string, OutcomeClass]>({
  exec(t, outcome, expected) {
    t.is(outcomeClassOf(outcome), expected);
  },
  title: (_, outcome, expected) => `${outcome} is of class ${expected}`,
});

test(isOfClass, 'ok', 'ok');
test(isOfClass, 'status/SRM_INVALID_PATH', 'status');
test(isOfClass, 'status/http-503', 'status');
test(isOfClass, 'local/no-port', 'local');
test(isOfClass, 'connect-timeout', 'connect-timeout');
test(isOfClass, 'status/a/b', 'status');

test('every class is its own class', (t) => {
  t.deepEqual(OUTCOME_CLASSES.map(outcomeClassOf), [...OUTCOME_CLASSES]);
});
