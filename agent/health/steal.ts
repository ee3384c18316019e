/** What the hypervisor gave of this machine's cores to others: /proc/stat. */

import { readText } from './read-text.ts';

/** Ticks of all cores since boot. */
export type CoreTicks = { stolen: number; all: number };

export function readCoreTicks(): CoreTicks | null {
  return parseCoreTicks(readText('/proc/stat') ?? '');
}

/** `cpu user nice system idle iowait irq softirq steal guest guest_nice`; guest time is in user and nice already. Null without steal. */
export function parseCoreTicks(text: string): CoreTicks | null {
  const fields = /^cpu +(.+)$/m.exec(text)?.[1]?.trim().split(/\s+/).map(Number).slice(0, 8) ?? [];
  const stolen = fields[7];
  return stolen === undefined ? null : { stolen, all: fields.reduce((sum, ticks) => sum + ticks, 0) };
}

/** Stolen share of the cores' time in between, 0 … 1; null when one reading is missing. */
export function stolenShareBetween(before: CoreTicks | null, after: CoreTicks | null): number | null {
  if (before === null || after === null) return null;
  const passed = after.all - before.all;
  return passed <= 0 ? 0 : Math.max(0, (after.stolen - before.stolen) / passed);
}
