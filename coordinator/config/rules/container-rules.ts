/** Rules about the containers of an embedded service, and about the distance that relays stand for. */

import { durationMs } from '../../plan.ts';
import { LONGEST_ROUND_TRIP_MS } from '../../relay/relay-limits.ts';
import { readTargetUrl } from '../../target/target-url.ts';
import { type Finding, describeValue } from '../problem.ts';
import type { Config, TargetConfig } from '../schema.ts';
import { type EmbeddedTarget, EmbeddedTargetSchema } from '../target-schema.ts';
import { type Rule, defineTargetRule } from './rule.ts';
import { isLoopbackHost } from './target-rules.ts';

export const containerRules: Rule[] = [
  defineTargetRule([], (target) => (target.kind === 'embedded' ? checkContainer(target) : [])),
  defineTargetRule(['pools'], checkDistance),
];

/** What only one of the containers has. */
const OF_CONTAINER = {
  maxContainerThreads: ['bestman', 'bestman2'],
  connectorQueueSize: ['bestman2'],
  whenQueueFull: ['bestman2'],
  nestedAuthorization: ['bestman'],
  lockOverCallOut: ['bestman2'],
  maxJavaHeap: ['bestman', 'bestman2'],
} as const satisfies Partial<Record<keyof EmbeddedTarget, readonly string[]>>;

const DEFAULTS = EmbeddedTargetSchema.parse({ kind: 'embedded', root: '/' });

function checkContainer(target: EmbeddedTarget): Finding[] {
  const { container, httpg, whenQueueFull, connectorQueueSize } = target;
  if (container !== undefined && !httpg) {
    return [
      {
        path: 'target.container',
        expected: 'a container only with target.httpg: true',
        came: describeValue(container),
        fix: 'set target.httpg to true: a container thread is held through the handshake and the authorization, which plain http has not',
      },
    ];
  }
  const idle = Object.entries(OF_CONTAINER).filter(([key, containers]) => {
    const isDefault = target[key as keyof typeof OF_CONTAINER] === DEFAULTS[key as keyof typeof OF_CONTAINER];
    return !isDefault && !(containers as readonly (string | undefined)[]).includes(container);
  });
  const findings = idle.map(([key, containers]) => ({
    path: `target.${key}`,
    expected: `nothing here unless target.container is ${containers.map((name) => `'${name}'`).join(' or ')}`,
    came: describeValue(target[key as keyof typeof OF_CONTAINER]),
    fix: 'remove it, or name the container that has it',
  }));
  if (findings.length === 0 && whenQueueFull === 'refuse' && connectorQueueSize === undefined) {
    findings.push({
      path: 'target.whenQueueFull',
      expected: 'a target.connectorQueueSize beside it: a queue without limit is never full',
      came: describeValue(whenQueueFull),
      fix: 'set target.connectorQueueSize to the connections that may wait, or remove whenQueueFull',
    });
  }
  return findings;
}

/** A relay dials addresses of this machine only, and reaches so far. */
function checkDistance(target: TargetConfig, { pools }: Pick<Config, 'pools'>): Finding[] {
  const ownMs = target.kind === 'embedded' ? durationMs(target.roundTrip) : 0;
  const tooFar = pools.flatMap(({ roundTrip }, index) => {
    const wholeMs = ownMs + durationMs(roundTrip);
    if (wholeMs <= LONGEST_ROUND_TRIP_MS) return [];
    return [
      {
        path: ownMs > LONGEST_ROUND_TRIP_MS ? 'target.roundTrip' : `pools.${index}.roundTrip`,
        expected: `at most ${LONGEST_ROUND_TRIP_MS / 1000} s from clients to service`,
        came: `${wholeMs / 1000} s`,
        fix: 'lower it, here or at the other end',
      },
    ];
  });
  return [...tooFar.slice(0, 1), ...checkIsHere(target, pools)];
}

function checkIsHere(target: TargetConfig, pools: Config['pools']): Finding[] {
  if (target.kind === 'embedded' || isLoopbackHost(readTargetUrl(target.url).host)) return [];
  return pools.flatMap(({ roundTrip }, index) =>
    durationMs(roundTrip) === 0
      ? []
      : [
          {
            path: `pools.${index}.roundTrip`,
            expected: 'nothing here with a target off this machine: its distance is what it is',
            came: describeValue(roundTrip),
            fix: 'remove it, or measure a service on loopback',
          },
        ],
  );
}
