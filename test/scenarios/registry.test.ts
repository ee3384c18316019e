import test from 'ava';
import { createConnectionCounts } from '../../foundation/connection-counts.ts';
import { createScenarioClient } from '../../scenarios/registry.ts';
import type { ClientContext } from '../../scenarios/scenario.ts';
import { loopbackTarget } from '../support/loopback-server.ts';

const context: ClientContext = {
  target: loopbackTarget(1),
  labels: null,
  client: 0,
  credential: null,
  connections: createConnectionCounts(),
};
const spec = { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: null };

test('a scenario is found by its kind', (t) => {
  t.notThrows(() => createScenarioClient(spec, context));
});

const isInvalid = test.macro<[{ kind: string }, RegExp]>({
  exec(t, wrong, message) {
    t.throws(() => createScenarioClient(wrong, context), { code: 'GT_SCENARIO_INVALID', message });
  },
  title: (_, wrong) => `${JSON.stringify(wrong)} is no scenario`,
});
test(isInvalid, { kind: 'srm-rm' }, /expected one of srm-ls, got "srm-rm"/);
test(isInvalid, { kind: 'srm-ls' }, /directory: .*; .*detail: /);
test(isInvalid, { ...spec, directory: 'd' } as never, /directory/);
test(isInvalid, { ...spec, more: 1 } as never, /more/);

test('a target without an address is a bug', (t) => {
  const target = loopbackTarget(1, { addresses: [] });
  t.throws(() => createScenarioClient(spec, { ...context, target }), { instanceOf: RangeError });
});
