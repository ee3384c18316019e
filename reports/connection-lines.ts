/** How the clients of a campaign reached each target, in a line: connections, ciphers, sessions resumed, identities, further requests. */

import type { ConnectionCounts } from '../foundation/connection-counts.ts';
import { formatShare } from '../foundation/quantity.ts';
import { formatCount, formatQuantity } from './format-number.ts';
import { sumConnections } from './measures/connections.ts';
import { putOnOneLine } from './plain-text.ts';
import type { CellSummary, Summary } from './summary.ts';

/** More targets than this are told together: the table and the summary have each. */
const MOST_LINES = 4;

/** A line a target of which something is known; it names its target where there are several. Plain text. */
export function describeConnections({ cells }: Summary): string[] {
  const targets = new Set(cells.map(({ target }) => target)).size;
  const byTarget =
    targets > MOST_LINES
      ? new Map([[`${targets} targets together`, [...cells]]])
      : Map.groupBy(cells, ({ target }) => target);
  return [...byTarget].flatMap(([target, there]) => {
    const parts = [...describeCounts(sumConnections(there)), ...describeIdentities(there), ...describeFollowUps(there)];
    if (parts.length === 0) return [];
    return [putOnOneLine(`${targets === 1 ? '' : `${target}: `}${parts.join(', ')}`)];
  });
}

/** The most that any cell had: '20 identities at most'; nothing when clients showed no certificate. */
export function describeIdentities(cells: readonly CellSummary[]): string[] {
  const most = Math.max(0, ...cells.map(({ identities }) => identities));
  return most === 0 ? [] : [`${formatCount(most)} ${most === 1 ? 'identity' : 'identities'} at most`];
}

function describeCounts(counts: ConnectionCounts | null): string[] {
  if (counts === null) return [];
  const { opened, secured, resumed } = counts;
  const connections = [formatQuantity(opened, 'connection'), ...describeCarriers(counts)];
  if (secured === 0) return connections;
  const handshakes = formatQuantity(secured, 'TLS handshake');
  return [...connections, `${handshakes} (${describeCiphers(counts)}; ${formatCount(resumed)} resumed)`];
}

/** Which transport ran; nothing for a result from before that was kept. */
function describeCarriers({ carriedBy: { direct, undici } }: ConnectionCounts): string[] {
  if (direct + undici === 0) return [];
  if (undici === 0) return ['direct transport'];
  return direct === 0
    ? ['transport undici']
    : [`direct transport, but undici for ${formatQuantity(undici, 'operation')}`];
}

/** Most frequent first, each with its share where there are several. */
function describeCiphers({ byCipher, secured }: ConnectionCounts): string {
  const ciphers = Object.entries(byCipher).toSorted(([, a], [, b]) => b - a);
  return ciphers
    .map(([cipher, count]) => (ciphers.length === 1 ? cipher : `${cipher} ${formatShare(count / secured)}`))
    .join(', ');
}

function describeFollowUps(cells: readonly CellSummary[]): string[] {
  const sum = (kind: 'polls' | 'pages'): number => cells.reduce((all, { followUps }) => all + followUps[kind], 0);
  const [polls, pages] = [sum('polls'), sum('pages')];
  return [
    ...(polls === 0 ? [] : [formatQuantity(polls, 'poll')]),
    ...(pages === 0 ? [] : [formatQuantity(pages, 'further page')]),
  ];
}
