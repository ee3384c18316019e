/** Which figures of a pilot's health can be read on its host: one that can't be is missing from the evidence of every cell. */

import type { HostCapacity } from '../../foundation/host-capacity.ts';
import type { Finding } from './finding.ts';
import type { Scene } from './scene.ts';

const FIGURES: Record<keyof HostCapacity['health'], string> = {
  runQueue: 'waits for a core (schedstat)',
  throttling: 'throttling (cgroup cpu.stat)',
  pressure: 'pressure (PSI)',
  steal: 'stolen time (/proc/stat)',
  tcp: 'retransmissions and listen overflows (/proc/net)',
};

export function judgeHealth({ places }: Scene): Finding[] {
  return places.map(({ site, host }): Finding => {
    const missing = listMissing(host);
    const needs = Object.keys(FIGURES).length;
    return {
      resource: 'health',
      where: site.site,
      has: needs - missing.length,
      needs,
      verdict: missing.length === 0 ? 'fits' : 'tight',
      says: describeHealth(missing),
      fix: null,
    };
  });
}

/** The figures that can't be read, in words. */
export function listMissing({ health }: Pick<HostCapacity, 'health'>): string[] {
  return Object.entries(FIGURES).flatMap(([name, words]) => (health[name as keyof typeof health] ? [] : [words]));
}

export function describeHealth(missing: readonly string[]): string {
  return missing.length === 0
    ? 'every figure of the health of pilots can be read'
    : `not readable there: ${missing.join(', ')}`;
}
