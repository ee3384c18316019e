/** Rules about threads and the addresses that connections start from. */

import { isIP, isIPv4 } from 'node:net';
import { durationMs } from '../../plan.ts';
import { readTargetUrl } from '../../target/target-url.ts';
import type { Finding } from '../problem.ts';
import type { LocalPool, TargetConfig } from '../schema.ts';
import { type Rule, defineRule, defineTargetRule, findRepeated, listWords } from './rule.ts';
import { isLoopbackHost } from './target-rules.ts';

export const addressRules: Rule[] = [
  defineRule(['pools'], ({ pools }) =>
    pools.flatMap((pool, index) => [
      ...checkThreads(pool, `pools.${index}.threads`),
      ...checkSources(pool, `pools.${index}.sourceAddresses`),
    ]),
  ),
  defineTargetRule(['pools'], (target, { pools }) => pools.flatMap((pool, index) => checkReached(pool, index, target))),
];

function checkThreads({ threads, slotsPerPilot }: LocalPool, path: string): Finding[] {
  if (threads <= slotsPerPilot) return [];
  return [
    {
      path,
      expected: `at most slotsPerPilot, ${slotsPerPilot}`,
      came: String(threads),
      fix: 'lower it: a thread without a client does nothing',
    },
  ];
}

function checkSources({ sourceAddresses }: LocalPool, path: string): Finding[] {
  const families = new Set(sourceAddresses.map(isIP));
  return [
    ...findRepeated(sourceAddresses).map((address) => ({
      path,
      expected: 'each address once',
      came: `${address} more than once`,
      fix: 'write it once: clients take turns in the list',
    })),
    ...(families.size < 2
      ? []
      : [
          {
            path,
            expected: 'addresses of one family, that of the target',
            came: listWords(sourceAddresses),
            fix: 'keep those of version 4 or those of version 6',
          },
        ]),
  ];
}

/** Whether connections from these addresses can come to the target, as far as the config knows where it is. */
function checkReached(pool: LocalPool, index: number, target: TargetConfig): Finding[] {
  const { sourceAddresses } = pool;
  const path = `pools.${index}.sourceAddresses`;
  const came = listWords(sourceAddresses);
  if (sourceAddresses.length === 0) return [];
  const isFar = durationMs(pool.roundTrip) > 0 || (target.kind === 'embedded' && durationMs(target.roundTrip) > 0);
  if (isFar) {
    const fix = 'remove roundTrip or sourceAddresses: the connections to the service start from the relay in between';
    return [{ path, expected: 'no roundTrip where source addresses are given', came, fix }];
  }
  const host = target.kind === 'embedded' ? '127.0.0.1' : readTargetUrl(target.url).host;
  const family = isIP(host) || (target.kind === 'url' ? target.addresses.family : undefined);
  if (family !== undefined && sourceAddresses.some((address) => isIP(address) !== family)) {
    return [{ path, expected: `addresses of version ${family}, as the target's`, came, fix: 'correct the addresses' }];
  }
  if (isIP(host) === 0 || isLoopbackHost(host) || !sourceAddresses.some(isLoopback)) return [];
  const fix = 'give addresses of a network that leads there';
  return [{ path, expected: `addresses off loopback, as ${host} is`, came, fix }];
}

function isLoopback(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}
