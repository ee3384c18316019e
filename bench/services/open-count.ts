/** How many requests are open at the same moment over several processes: their arrivals and ends, merged in the order of time. */

/** What one process has seen since its last report; times on the machine's monotonic clock in ms, in any order. */
export type OpenReport = {
  /** It has told of everything up to this instant. */
  upToMs: number;
  arrivedMs: readonly number[];
  endedMs: readonly number[];
};

export type OpenCount = {
  add(process: number, report: OpenReport): void;
  /** As of the instant up to which all processes have told. At equal times ends go before arrivals, so `most` is no overcount. */
  read(): { open: number; most: number; arrived: number; ended: number };
};

export function createOpenCount(processes: number): OpenCount {
  const upToMs = Array.from({ length: processes }, () => -Infinity);
  let events: { atMs: number; change: 1 | -1 }[] = [];
  const count = { open: 0, most: 0, arrived: 0, ended: 0 };

  const advance = (): void => {
    const horizonMs = Math.min(...upToMs);
    const known = events.filter(({ atMs }) => atMs <= horizonMs);
    events = events.filter(({ atMs }) => atMs > horizonMs);
    known.sort((one, other) => one.atMs - other.atMs || one.change - other.change);
    for (const { change } of known) {
      count.open += change;
      if (change === 1) count.arrived += 1;
      else count.ended += 1;
      count.most = Math.max(count.most, count.open);
    }
  };
  return {
    add(process, { upToMs: told, arrivedMs, endedMs }) {
      for (const atMs of arrivedMs) events.push({ atMs, change: 1 });
      for (const atMs of endedMs) events.push({ atMs, change: -1 });
      upToMs[process] = told;
      advance();
    },
    read: () => ({ ...count }),
  };
}
