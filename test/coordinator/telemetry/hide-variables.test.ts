import test from 'ava';
import { hideVariables } from '../../../coordinator/telemetry/hide-variables.ts';

const variables = () => ({ OTEL_A: '1', OTEL_B: '', OTHER: 'x' });

function fail(): never {
  throw new Error('no');
}

test('variables are hidden while something is made, and back afterwards', (t) => {
  const environment = variables();
  t.deepEqual(
    hideVariables('OTEL_', environment, () => ({ ...environment })),
    { OTHER: 'x' } as never,
  );
  t.deepEqual(environment, variables());
});

test('they come back, too, when it throws', (t) => {
  const environment = variables();
  t.throws(() => hideVariables('OTEL_', environment, fail), { message: 'no' });
  t.deepEqual(environment, variables());
});
