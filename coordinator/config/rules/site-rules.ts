/** Rules about where clients come from: pools, their sites, the spread over them, the barrier, and addresses to dial. */

import { durationMs, shareOf } from '../../plan.ts';
import { type Finding, describeValue } from '../problem.ts';
import type { Config } from '../schema.ts';
import { type Rule, defineRule, findRepeated } from './rule.ts';

/** Shares are decimal fractions: their sum may miss 1 by rounding. */
const ROUNDING = 1e-9;
const HIGHEST_PORT = 65_535;

export const siteRules: Rule[] = [
  defineRule(['pools', 'load'], checkSlots),
  defineRule(['pools'], ({ pools }) => [...checkNames(pools), ...pools.flatMap(checkReach)]),
  defineRule(['pools', 'spread'], checkSpread),
  defineRule(['pools', 'spread', 'load'], checkSiteSlots),
  defineRule(['barrier'], ({ barrier }) => checkBarrier(barrier)),
  defineRule(['coordinator'], ({ coordinator }) => checkPort('coordinator.listen', coordinator.listen, 0)),
];

function slotsOf({ pilots, slotsPerPilot }: Config['pools'][number]): number {
  return pilots * slotsPerPilot;
}

function checkSlots({ pools, load }: Pick<Config, 'pools' | 'load'>): Finding[] {
  const slots = pools.reduce((sum, pool) => sum + slotsOf(pool), 0);
  const highestLevel = Math.max(...load.levels);
  if (slots >= highestLevel) return [];
  const sum = pools.map(({ pilots, slotsPerPilot }) => `${pilots} x ${slotsPerPilot}`).join(' + ');
  return [
    {
      path: 'pools',
      expected: `slots for the highest level, ${highestLevel} clients`,
      came: `${slots} slots (${sum})`,
      fix: `raise pilots or slotsPerPilot, or drop the levels above ${slots}`,
    },
  ];
}

function checkNames(pools: Config['pools']): Finding[] {
  return findRepeated(pools.map((pool) => pool.site)).map((site) => ({
    path: 'pools',
    expected: 'a site name of its own for each pool',
    came: `${describeValue(site)} more than once`,
    fix: "give each pool its site, such as local({ site: 'desk', … })",
  }));
}

function checkReach(pool: Config['pools'][number], index: number): Finding[] {
  return pool.reach === undefined ? [] : checkPort(`pools.${index}.reach`, pool.reach, 1);
}

function checkPort(path: string, address: string, lowest: number): Finding[] {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  if (port >= lowest && port <= HIGHEST_PORT) return [];
  return [
    {
      path,
      expected: `a port from ${lowest} to ${HIGHEST_PORT}`,
      came: describeValue(address),
      fix: 'correct the number after the colon',
    },
  ];
}

function checkSpread({ pools, spread }: Pick<Config, 'pools' | 'spread'>): Finding[] {
  if (spread === undefined) return [];
  const sites = pools.map((pool) => pool.site);
  const unknown = Object.keys(spread).filter((site) => !sites.includes(site));
  const missing = sites.filter((site) => !Object.hasOwn(spread, site));
  const total = Object.values(spread).reduce((sum, share) => sum + shareOf(share), 0);
  const findings: Finding[] = [
    ...unknown.map((site) => ({
      path: `spread.${site}`,
      expected: `the name of a site: ${sites.join(', ')}`,
      came: describeValue(site),
      fix: 'correct the name, or add a pool with this site',
    })),
    ...missing.map((site) => ({
      path: `spread.${site}`,
      expected: 'a share for each site',
      came: 'nothing',
      fix: `add it ('0%' keeps the site out), or remove its pool`,
    })),
  ];
  if (Math.abs(total - 1) > ROUNDING) {
    findings.push({
      path: 'spread',
      expected: 'shares that add up to 100 %',
      came: `${Number((total * 100).toFixed(6))} % (${Object.values(spread).join(' + ')})`,
      fix: 'correct the shares, or remove spread: clients then go by the slots of each site',
    });
  }
  return findings;
}

function checkSiteSlots({ pools, spread, load }: Pick<Config, 'pools' | 'spread' | 'load'>): Finding[] {
  if (spread === undefined) return [];
  const highestLevel = Math.max(...load.levels);
  return pools.flatMap((pool, index) => {
    const share = spread[pool.site];
    // Rounded down: the largest remainder may give the last client to another site.
    const clients = share === undefined ? 0 : Math.floor(shareOf(share) * highestLevel + ROUNDING);
    if (clients <= slotsOf(pool)) return [];
    return [
      {
        path: `pools.${index}`,
        expected: `slots for ${share} of the highest level at ${pool.site}: ${clients} of ${highestLevel} clients`,
        came: `${slotsOf(pool)} slots (${pool.pilots} x ${pool.slotsPerPilot})`,
        fix: 'raise pilots or slotsPerPilot there, or lower its share',
      },
    ];
  });
}

function checkBarrier(barrier: Config['barrier']): Finding[] {
  const findings: Finding[] = [];
  if (durationMs(barrier.within) === 0) {
    findings.push({
      path: 'barrier.within',
      expected: 'more than 0',
      came: describeValue(barrier.within),
      fix: 'give the pilots a time in which they can come',
    });
  }
  if (shareOf(barrier.atLeast) > 1 || shareOf(barrier.atLeast) === 0) {
    findings.push({
      path: 'barrier.atLeast',
      expected: 'more than 0 % and at most 100 %',
      came: describeValue(barrier.atLeast),
      fix: 'name the smallest share of a level that is still worth firing',
    });
  }
  return findings;
}
