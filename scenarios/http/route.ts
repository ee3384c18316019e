/** Which addresses the connections of a client go between: pure, so that pilots need not agree on anything. */

import type { ClientFacts, ResolvedTarget } from '../scenario.ts';

type RouteFacts = Pick<ClientFacts, 'target' | 'sourceAddresses' | 'client'>;

export type Route = {
  /** Address of this host; null: the system chooses. */
  source: string | null;
  to: ResolvedTarget['addresses'][number];
};

/**
 * The route of a client. Clients whose numbers follow each other take turns in the pairs of source and target address: among
 * any of them, any two pairs have the same number of clients or differ by one, so do any two target addresses, and any two
 * sources differ by at most two. Both addresses change from one client to the next; where their numbers have a common divisor,
 * that alone would leave pairs out, so the sources skip one each time that both are at their beginning again.
 *
 * @returns for a client with a name in place of a number, the first pair
 * @throws RangeError when the target has no address (a bug of the caller)
 */
export function routeOf({ target, sourceAddresses, client }: RouteFacts): Route {
  const targets = target.addresses.length;
  const sources = sourceAddresses.length;
  const number = typeof client === 'number' ? client : 0;
  const to = target.addresses[number % targets];
  if (to === undefined) throw new RangeError(`target ${target.origin} has no address`);
  if (sources === 0) return { source: null, to };
  const pair = number % (sources * targets);
  const skipped = Math.floor(pair / leastCommonMultiple(sources, targets));
  return { source: sourceAddresses[(pair + skipped) % sources] as string, to };
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
