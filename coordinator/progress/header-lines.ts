/** What is said before the first cell: what will be measured, by whose leave, and how one operation went. */

import { formatDuration } from '../../foundation/quantity.ts';
import { formatLife } from './text.ts';
import type { CampaignEvent, TriedOperation } from '../campaign-event.ts';

type Started = Extract<CampaignEvent, { type: 'campaign-started' }>;

/** Lines about the campaign as a whole. */
export function describeCampaign(event: Started, version: string): string[] {
  const addresses = event.addresses.length === 0 ? '' : `  -> ${event.addresses.join(', ')}`;
  const permission = event.permissionBy === null ? '' : `   permission: ${event.permissionBy}`;
  const { connect, handshake, answer } = event.timeouts;
  return [
    `glidetester ${version}  ${event.name}   ${event.directory}`,
    `target    ${event.target}${addresses}${permission}`,
    ...describeClients(event),
    `timeouts  connect ${connect}  handshake ${handshake}  answer ${answer}   (they decide where a limit is found)`,
    `plan      ${describePlan(event.cells, event.expectedMs)}`,
  ];
}

/** Who the clients are and how their connections are secured; no line for a plain target. */
function describeClients({ clients }: Started): string[] {
  if (clients === null) return [];
  const { users, validForMs, gsi, authorities, tlsVersions } = clients;
  const identities = users === 1 ? '1 identity' : `${users} identities`;
  const trusted = authorities === 1 ? '1 authority trusted' : `${authorities} authorities trusted`;
  const secured = [...(gsi ? ['GSI'] : []), tlsVersions.join(' to '), trusted].join(', ');
  return [`clients   ${identities}, valid ${formatLife(validForMs)}   ${secured}`];
}

/** `48 cells   1:02 at least, 9:36 at most`. */
export function describePlan(cells: number, expectedMs: { least: number; most: number }): string {
  const count = cells === 1 ? '1 cell' : `${cells} cells`;
  return `${count}   ${formatDuration(expectedMs.least)} at least, ${formatDuration(expectedMs.most)} at most`;
}

/** The line about the one operation that a site has tried. */
export function describeTried(tried: TriedOperation): string {
  const phases = (
    [
      ['connect', tried.connectMs],
      ['handshake', tried.handshakeMs],
      ['first byte', tried.firstByteMs],
      ['rest', tried.restMs],
    ] as const
  ).flatMap(([name, spanMs]) => (spanMs === null ? [] : [`${name} ${formatDuration(spanMs)}`]));
  const bytes = `${tried.answerBytes.toLocaleString('en')} bytes`;
  return [`one op    ${tried.operation}  ${tried.outcome}`, bytes, ...phases, `(from ${tried.site})`].join('  ');
}
