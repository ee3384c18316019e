/** The scenarios by their kind: the one place that knows them all. */

import type { Scenario } from './check-scenario.ts';
import { prepareHttpGet } from './http-get.ts';
import type { PreparedScenario } from './scenario.ts';
import { prepareSrmLs } from './srm-ls.ts';

/** For all the clients of a thread. */
export function prepareScenario(scenario: Scenario): PreparedScenario {
  return scenario.kind === 'srm-ls' ? prepareSrmLs(scenario) : prepareHttpGet(scenario);
}
