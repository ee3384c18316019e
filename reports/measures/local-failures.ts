/** What failed on our own side: never charged to the service, and the load was less than the config asks for. */

import { outcomeClassOf } from '../../foundation/outcome.ts';
import { formatCount, formatQuantity } from '../format-number.ts';
import type { CellSummary, Mark } from '../summary.ts';

/** What helps, by what there was none of. */
const ADVICE: Readonly<Record<string, string>> = {
  'local/no-port':
    "Ports ran out: end connections by a reset (target.connection.close: 'reset'), give pools more sourceAddresses, or widen net.ipv4.ip_local_port_range.",
  'local/no-descriptor': 'Open files ran out: raise the limit of the pilots (ulimit -n).',
  'local/source-address': 'Connections can not start from an address of sourceAddresses: correct it.',
  'local/no-memory': 'Memory ran out where the pilots run: spread the clients over more hosts.',
  'local/no-route': 'No route leads to the target from where the pilots run.',
  'local/credential-expired': 'An identity was over: renew it.',
};

type Outcomes = CellSummary['operations']['byOutcome'];

/** The outcomes of our own side, most frequent first. */
export function listLocal(byOutcome: Outcomes): [outcome: string, count: number][] {
  return Object.entries(byOutcome)
    .filter(([outcome]) => outcomeClassOf(outcome) === 'local')
    .toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}

/** What helps against each of them, in one line; empty: nothing is known to. */
export function adviseAgainst(failures: readonly (readonly [outcome: string, count: number])[]): string {
  return failures.flatMap(([outcome]) => ADVICE[outcome] ?? []).join(' ');
}

/** `local-failures`: from T0 to the end of the cell there was at least one. */
export function markLocalFailures({ operations }: Pick<CellSummary, 'operations'>): Mark | null {
  const failures = listLocal(operations.byOutcome);
  const value = failures.reduce((sum, [, count]) => sum + count, 0);
  if (value === 0) return null;
  const which = failures.map(([outcome, count]) => `${formatCount(count)} ${outcome}`).join(', ');
  const all = operations.ok + operations.failed + operations.cut;
  const text =
    `${formatCount(value)} of ${formatQuantity(all, 'operation')} failed on our own side (${which}; limit 0): the service felt ` +
    `less load than the level asks for. ${adviseAgainst(failures)}`;
  return { code: 'local-failures', value, limit: 0, text: text.trimEnd() };
}
