import test from 'ava';
import { checkScenario } from '../../scenarios/check-scenario.ts';
import { prepareScenario } from '../../scenarios/registry.ts';
import { loopbackTarget } from '../support/loopback-server.ts';
import { clientContext } from './http/perform.ts';

const context = clientContext(loopbackTarget(1));
const spec = { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: null };

test('a scenario is found by its kind', (t) => {
  t.notThrows(() => prepareScenario(checkScenario(spec))(context));
});

const isInvalid = test.macro<[{ kind: string }, RegExp]>({
  exec(t, wrong, message) {
    t.throws(() => checkScenario(wrong), { code: 'GT_SCENARIO_INVALID', message });
  },
  title: (_, wrong) => `${JSON.stringify(wrong)} is no scenario`,
});
test(isInvalid, { kind: 'srm-rm' }, /expected one of srm-ls, http-get, got "srm-rm"/);
test(isInvalid, { kind: 'srm-ls' }, /directory: .*; .*detail: /);
test(isInvalid, { ...spec, directory: 'd' } as never, /directory/);
test(isInvalid, { ...spec, more: 1 } as never, /more/);
