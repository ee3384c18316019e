/** The scenarios by their kind: the one place that knows them all. */

import type { Scenario } from './check-scenario.ts';
import { prepareHttpGet } from './http-get.ts';
import type { ClientContext, ScenarioClient } from './scenario.ts';
import { prepareSrmLs } from './srm-ls.ts';

/** Makes the clients of one frozen scenario; they share what does not differ from client to client. */
export type PreparedScenario = (context: ClientContext) => ScenarioClient;

/** For all the clients of a thread. */
export function prepareScenario(scenario: Scenario): PreparedScenario {
  return scenario.kind === 'srm-ls' ? prepareSrmLs(scenario) : prepareHttpGet(scenario);
}
