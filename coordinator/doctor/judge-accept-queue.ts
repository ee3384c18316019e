/** Connections that wait to be accepted: with a common start and a connection per operation, all of a level come at once. */

import { formatCount, formatQuantity } from '../../reports/format-number.ts';
import type { Finding } from './finding.ts';
import type { Scene } from './scene.ts';

/** About services and relays of this machine, which ask for as long a queue as the kernel allows. */
export function judgeAcceptQueue({ demand, own }: Scene): Finding[] {
  const here = demand.targets.filter(({ embedded, perOperation }) => embedded !== null && perOperation);
  if (here.length === 0 || !demand.startsTogether) return [];
  const has = own.acceptQueue;
  const needs = demand.sites.reduce((sum, { clients }) => sum + clients, 0);
  const isTight = has !== null && needs > has;
  const room = has === null ? 'how many may wait can not be read' : `${formatCount(has)} may wait (somaxconn)`;
  const late = isTight ? ', the others try again after a second' : '';
  return [
    {
      resource: 'accept-queue',
      where: 'target',
      has,
      needs,
      verdict: has === null ? 'unknown' : isTight ? 'tight' : 'fits',
      says: `${formatQuantity(needs, 'client')} connect at one instant; ${room}${late}`,
      fix: isTight ? `sysctl -w net.core.somaxconn=${needs}` : null,
    },
  ];
}
