import test from 'ava';
import { type Phase, outcomeOfFailure, outcomeOfTimeout } from '../../../scenarios/http/failure.ts';

const isOutcome = test.macro<[string, Phase, string | null]>({
  exec(t, code, phase, outcome) {
    t.is(outcomeOfFailure(Object.assign(new Error('it broke'), { code }), phase), outcome);
  },
  title: (_, code, phase, outcome) => `${code} while ${phase} is ${outcome ?? 'a bug'}`,
});

test(isOutcome, 'ECONNREFUSED', 'connecting', 'refused');
test(isOutcome, 'EHOSTUNREACH', 'connecting', 'refused/unreachable');
test(isOutcome, 'ETIMEDOUT', 'connecting', 'connect-timeout');
test(isOutcome, 'ECONNRESET', 'connecting', 'reset');
test(isOutcome, 'ECONNRESET', 'answering', 'reset');
test(isOutcome, 'EPIPE', 'answering', 'reset');
test(isOutcome, 'ETIMEDOUT', 'reading', 'reset');
for (const phase of ['queued', 'connecting', 'answering', 'reading'] as const) {
  test(isOutcome, 'EMFILE', phase, 'local/no-descriptor');
  test(isOutcome, 'EADDRNOTAVAIL', phase, 'local/no-port');
  test(isOutcome, 'ENOMEM', phase, 'local/no-memory');
}

const isOutcomeOfCall = test.macro<[string, string, string]>({
  exec(t, code, syscall, outcome) {
    t.is(outcomeOfFailure(Object.assign(new Error('it broke'), { code, syscall }), 'connecting'), outcome);
  },
  title: (_, code, syscall, outcome) => `${code} of ${syscall}() is ${outcome}`,
});
test(isOutcomeOfCall, 'EADDRNOTAVAIL', 'bind', 'local/source-address');
test(isOutcomeOfCall, 'EINVAL', 'bind', 'local/source-address');
test(isOutcomeOfCall, 'EINVAL', 'connect', 'local/source-address');
test(isOutcomeOfCall, 'EADDRNOTAVAIL', 'connect', 'local/no-port');
test(isOutcomeOfCall, 'EADDRINUSE', 'bind', 'local/no-port');
test(isOutcomeOfCall, 'EADDRINUSE', 'connect', 'local/no-port');
test(isOutcome, 'ENETUNREACH', 'connecting', 'local/no-route');
test(isOutcome, 'EPERM', 'connecting', 'local/forbidden');
test(isOutcome, 'UND_ERR_INVALID_ARG', 'queued', null);
test(isOutcome, 'ERR_ASSERTION', 'answering', null);

test('an error without a code is a bug', (t) => {
  t.is(outcomeOfFailure(new TypeError('x is not a function'), 'answering'), null);
  t.is(outcomeOfFailure(null, 'answering'), null);
});

const isTimeout = test.macro<[Phase, string]>({
  exec(t, phase, outcome) {
    t.is(outcomeOfTimeout(phase), outcome);
  },
  title: (_, phase, outcome) => `a deadline while ${phase} is ${outcome}`,
});
test(isTimeout, 'connecting', 'connect-timeout');
test(isTimeout, 'securing', 'handshake-timeout');
test(isTimeout, 'answering', 'answer-timeout');
test(isTimeout, 'reading', 'answer-timeout');
