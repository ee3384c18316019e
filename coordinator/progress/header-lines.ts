/** What is said before the first cell: what will be measured, by whose leave, and how one operation went. */

import { formatDuration } from '../../foundation/quantity.ts';
import { formatLife } from './text.ts';
import type { CampaignEvent, TargetFacts, TelemetryFacts, TriedOperation } from '../campaign-event.ts';

type Started = Extract<CampaignEvent, { type: 'campaign-started' }>;

/** Lines about the campaign as a whole. */
export function describeCampaign(event: Started, version: string): string[] {
  const { targets } = event;
  const hasSeveral = targets.length > 1;
  return [
    `glidetester ${version}  ${event.name}   ${event.directory}`,
    ...targets.flatMap((target) => describeTarget(target, hasSeveral)),
    `plan      ${describePlan(event.cells, event.expectedMs)}`,
  ];
}

function describeTarget(target: TargetFacts, isNamed: boolean): string[] {
  const addresses = target.addresses.length === 0 ? '' : `  -> ${target.addresses.join(', ')}`;
  const permission = target.permissionBy === null ? '' : `   permission: ${target.permissionBy}`;
  const { connect, handshake, answer } = target.timeouts;
  return [
    `target    ${isNamed ? `${target.name}  ` : ''}${target.url}${addresses}${permission}`,
    ...describeClients(target),
    `timeouts  connect ${connect}  handshake ${handshake}  answer ${answer}   (they decide where a limit is found)`,
  ];
}

/** Who the clients are and how their connections are secured; no line for a plain target. */
function describeClients({ clients }: TargetFacts): string[] {
  if (clients === null) return [];
  const { users, validForMs, gsi, authorities, tlsVersions } = clients;
  const identities = users === 1 ? '1 identity' : `${users} identities`;
  const trusted = authorities === 1 ? '1 authority trusted' : `${authorities} authorities trusted`;
  const secured = [...(gsi ? ['GSI'] : []), tlsVersions.join(' to '), trusted].join(', ');
  return [`clients   ${identities}, valid ${formatLife(validForMs)}   ${secured}`];
}

/** Where live metrics can be had. */
export function describeTelemetry({ prometheusUrl, otlp }: TelemetryFacts): string[] {
  const places = [
    ...(prometheusUrl === null ? [] : [`${prometheusUrl} (Prometheus)`]),
    ...(otlp === null ? [] : [`to ${otlp.url} every ${formatDuration(otlp.everyMs)} (OTLP)`]),
  ];
  return [`metrics   ${places.join('   ')}`];
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
