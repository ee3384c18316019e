/** Whether a request is served: as BeStMan does it, the identity is mapped anew at every place that wants the local user. */

import type { Authorizer } from './authorizer.ts';

/** How an SRM request is told that it isn't served. */
export type Refusal = { status: string; explanation: string };

export const NO_CREDENTIAL: Refusal = { status: 'SRM_FAILURE', explanation: 'no credential found.' };

/**
 * Null: it is served. An identity of which it can't be found out is refused like one that isn't mapped, which is all that
 * BeStMan makes of it; only the explanation tells.
 *
 * @param mappings how often the identity is mapped, one after the other; the first that fails decides
 */
export async function findRefusal(authorizer: Authorizer, identity: string, mappings: number): Promise<Refusal | null> {
  for (let done = 0; done < mappings; done += 1) {
    const mapping = await authorizer.map(identity);
    if (mapping.kind === 'mapped') continue;
    const why = mapping.kind === 'failed' ? ` (the mapping failed: ${mapping.reason})` : '';
    return { status: 'SRM_AUTHORIZATION_FAILURE', explanation: `not mapped.${identity}${why}` };
  }
  return null;
}
