/** The scenarios by their kind: the one place that knows them all. */

import { GlideTesterError } from '../foundation/error.ts';
import type { ClientContext, ScenarioClient } from './scenario.ts';
import { createSrmLsClient, SrmLsSpecSchema } from './srm-ls.ts';

/**
 * A client of the scenario that `spec` describes.
 *
 * @throws GT_SCENARIO_INVALID when the kind is unknown or the rest does not fit it
 */
export function createScenarioClient(spec: { kind: string }, context: ClientContext): ScenarioClient {
  switch (spec.kind) {
    case 'srm-ls': {
      const parsed = SrmLsSpecSchema.safeParse(spec);
      if (!parsed.success)
        throw invalid(
          `${spec.kind}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
        );
      return createSrmLsClient(parsed.data, context);
    }
    default:
      throw invalid(`expected one of srm-ls, got ${JSON.stringify(spec.kind)}`);
  }
}

function invalid(what: string): GlideTesterError {
  return new GlideTesterError('GT_SCENARIO_INVALID', `scenario ${what}`, {
    hint: 'coordinator and pilot must be of the same version; otherwise this is a bug',
  });
}
