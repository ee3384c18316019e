/** Scenarios are checked where they come in, once; all that carries them out trusts them. */

import type { z } from 'zod';
import { GlideTesterError } from '../foundation/error.ts';
import { type HttpGetSpec, HttpGetSpecSchema } from './http-get-spec.ts';
import { type SrmLsSpec, SrmLsSpecSchema } from './srm-ls-spec.ts';

/** A frozen scenario that is known to be one. */
export type Scenario = SrmLsSpec | HttpGetSpec;

/** @throws GT_SCENARIO_INVALID when the kind is unknown or the rest does not fit it */
export function checkScenario(spec: { kind: string }): Scenario {
  switch (spec.kind) {
    case 'srm-ls':
      return parseSpec(SrmLsSpecSchema, spec);
    case 'http-get':
      return parseSpec(HttpGetSpecSchema, spec);
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
