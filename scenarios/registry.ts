/** The scenarios by their kind: the one place that knows them all. */

import type { z } from 'zod';
import { GlideTesterError } from '../foundation/error.ts';
import { HttpGetSpecSchema } from './http-get-spec.ts';
import { prepareHttpGet } from './http-get.ts';
import type { ClientContext, ScenarioClient } from './scenario.ts';
import { SrmLsSpecSchema, prepareSrmLs } from './srm-ls.ts';

/** Makes the clients of one frozen scenario; they share what does not differ from client to client. */
export type PreparedScenario = (context: ClientContext) => ScenarioClient;

/**
 * The scenario that `spec` describes, for all the clients of a thread.
 *
 * @throws GT_SCENARIO_INVALID when the kind is unknown or the rest does not fit it
 */
export function prepareScenario(spec: { kind: string }): PreparedScenario {
  switch (spec.kind) {
    case 'srm-ls':
      return prepareSrmLs(parseSpec(SrmLsSpecSchema, spec));
    case 'http-get':
      return prepareHttpGet(parseSpec(HttpGetSpecSchema, spec));
    default:
      throw invalid(`expected one of srm-ls, http-get, got ${JSON.stringify(spec.kind)}`);
  }
}

function parseSpec<Schema extends z.ZodType>(schema: Schema, spec: { kind: string }): z.output<Schema> {
  const parsed = schema.safeParse(spec);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw invalid(`${spec.kind}: ${wrong.join('; ')}`);
}

function invalid(what: string): GlideTesterError {
  return new GlideTesterError('GT_SCENARIO_INVALID', `scenario ${what}`, {
    hint: 'coordinator and pilot must be of the same version; otherwise this is a bug',
  });
}
