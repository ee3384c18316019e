/** What arrives while a cell runs: rows go to disk and are acknowledged; what the window rule must know is kept. */

import type { RowsFrame } from '../agent/protocol.ts';
import type { GaugeSeries } from '../reports/evidence.ts';
import type { CellKnowledge } from './window.ts';

/** A pilot's part in the cell. */
export type CellShare = { pilot: string; site: string; firstClient: number; clients: number };

/** Where rows go; `append` resolves when they are written. */
export type RowSink = { append(block: RowsFrame['block']): Promise<void> | void };

/** An operation that we ended: where the service may have counted one that we did not. */
export type CutOperation = { client: number; sequence: number };

export type CellCollector = {
  /** Writes the rows, then calls `written`. Frames of one cell are written one after the other. */
  take(pilot: string, frame: RowsFrame, written: () => void): void;
  /** From now on the pilot's clients are not waited for. */
  lose(pilot: string): void;
  knowledge(): CellKnowledge;
  /** Operations since T0 that ended neither ok nor cut. */
  failed(): number;
  /** Successful operations that ended in the last `spanMs` before the horizon, per second. */
  recentRatePerS(spanMs: number): number;
  /** Clients in flight at the horizon, averaged over the last `spanMs`. */
  recentInFlight(spanMs: number): number;
  rowsStored(pilot: string): number;
  cutOperations(): readonly CutOperation[];
  okCount(): number;
  /** The gauges of all threads together, from T0 to the last point that every living pilot has told. */
  gauges(): GaugeSeries;
  /** Resolves when all rows taken so far are written. @throws what the sink threw */
  settled(): Promise<void>;
};

type ThreadGauges = { points: number; inFlight: number[]; turning: number[]; pausing: number[] };

export function createCellCollector(shares: readonly CellShare[], gridMs: number, sink: RowSink): CellCollector {
  const firstEndMs = new Float64Array(shares.reduce((sum, { clients }) => sum + clients, 0)).fill(Infinity);
  const living = new Map(shares.map((share) => [share.pilot, share]));
  const threads = new Map<string, Map<number, ThreadGauges>>(shares.map(({ pilot }) => [pilot, new Map()]));
  const stored = new Map<string, number>(shares.map(({ pilot }) => [pilot, 0]));
  const endedInBin = createBins();
  const okInBin = createBins();
  const cut: CutOperation[] = [];
  let ok = 0;
  let failed = 0;
  let writing: Promise<void> = Promise.resolve();

  const countRows = ({ block }: RowsFrame): void => {
    const okIndex = block.outcomes.indexOf('ok');
    const cutIndex = block.outcomes.indexOf('cut');
    for (let row = 0; row < block.rows; row += 1) {
      const client = block.client[row] as number;
      const outcome = block.outcome[row];
      if (outcome === cutIndex) {
        cut.push({ client, sequence: block.sequence[row] as number });
        continue;
      }
      const endMs = ((block.startUs[row] as number) + (block.durationUs[row] as number)) / 1000;
      // A pilot's clock may be off by its error, so an end just before T0 is possible: it belongs to the first bin.
      const bin = Math.max(0, Math.ceil(endMs / gridMs) - 1);
      endedInBin.add(bin);
      if (outcome === okIndex) {
        ok += 1;
        okInBin.add(bin);
      } else failed += 1;
      if (endMs < (firstEndMs[client] as number)) firstEndMs[client] = endMs;
    }
  };
  const keepGauges = (pilot: string, { header, gauges }: RowsFrame): void => {
    const ofPilot = threads.get(pilot) as Map<number, ThreadGauges>;
    const thread = ofPilot.get(header.thread) ?? { points: 0, inFlight: [], turning: [], pausing: [] };
    ofPilot.set(header.thread, thread);
    for (let sample = 0; sample < header.samples; sample += 1) {
      const point = header.firstSample + sample;
      thread.inFlight[point] = gauges[sample * 3] as number;
      thread.turning[point] = gauges[sample * 3 + 1] as number;
      thread.pausing[point] = gauges[sample * 3 + 2] as number;
      thread.points = point + 1;
    }
  };
  /** Grid points that every living pilot has told. */
  const pointsKnown = (): number => {
    let fewest = Infinity;
    for (const pilot of living.keys()) {
      const ofPilot = threads.get(pilot) as Map<number, ThreadGauges>;
      if (ofPilot.size === 0) return 0;
      for (const { points } of ofPilot.values()) fewest = Math.min(fewest, points);
    }
    return fewest === Infinity ? 0 : fewest;
  };
  const horizonMs = (): number => Math.max(0, (pointsKnown() - 1) * gridMs);
  const everyClientEndedMs = (): number | null => {
    let latestMs = 0;
    for (const { firstClient, clients } of living.values()) {
      for (let client = firstClient; client < firstClient + clients; client += 1) {
        const endMs = firstEndMs[client] as number;
        if (endMs === Infinity) return null;
        if (endMs > latestMs) latestMs = endMs;
      }
    }
    return latestMs;
  };
  const sumGauge = (name: 'inFlight' | 'turning' | 'pausing', points: number): number[] => {
    const total = Array.from<number>({ length: points }).fill(0);
    for (const ofPilot of threads.values()) {
      for (const thread of ofPilot.values()) {
        // A lost pilot's integral stays at its last value: it holds nothing any more.
        for (let point = 0; point < points; point += 1) {
          total[point] =
            (total[point] as number) + ((thread[name][Math.min(point, thread.points - 1)] as number | undefined) ?? 0);
        }
      }
    }
    return total;
  };

  return {
    take(pilot, frame, written) {
      keepGauges(pilot, frame);
      countRows(frame);
      stored.set(pilot, (stored.get(pilot) ?? 0) + frame.block.rows);
      writing = writing.then(() => (frame.block.rows > 0 ? sink.append(frame.block) : undefined)).then(written);
      writing.catch(() => {}); // settled() tells; until then it must not count as unhandled
    },
    lose(pilot) {
      living.delete(pilot);
    },
    knowledge: () => ({
      horizonMs: horizonMs(),
      clients: [...living.values()].reduce((sum, { clients }) => sum + clients, 0),
      everyClientEndedMs: everyClientEndedMs(),
      endedBetween: (fromMs, toMs) => endedInBin.between(Math.round(fromMs / gridMs), Math.round(toMs / gridMs)),
      gridMs,
    }),
    failed: () => failed,
    okCount: () => ok,
    recentRatePerS(spanMs) {
      const bins = Math.max(1, Math.round(spanMs / gridMs));
      const last = Math.round(horizonMs() / gridMs);
      const first = Math.max(0, last - bins);
      return last === first ? 0 : okInBin.between(first, last) / (((last - first) * gridMs) / 1000);
    },
    recentInFlight(spanMs) {
      const last = pointsKnown() - 1;
      const first = Math.max(0, last - Math.max(1, Math.round(spanMs / gridMs)));
      if (last <= first) return 0;
      let difference = 0;
      for (const pilot of living.keys()) {
        for (const { inFlight } of (threads.get(pilot) as Map<number, ThreadGauges>).values()) {
          difference += (inFlight[last] as number) - (inFlight[first] as number);
        }
      }
      return difference / ((last - first) * gridMs);
    },
    rowsStored: (pilot) => stored.get(pilot) ?? 0,
    cutOperations: () => cut,
    gauges() {
      const points = pointsKnown();
      return {
        everyMs: gridMs,
        inFlight: sumGauge('inFlight', points),
        turning: sumGauge('turning', points),
        pausing: sumGauge('pausing', points),
      };
    },
    settled: () => writing,
  };
}

/** Counts per grid interval; bin n covers (n, n + 1] grid steps. Sums over any range cost one subtraction. */
function createBins(): { add(bin: number): void; between(fromPoint: number, toPoint: number): number } {
  const counts: number[] = [];
  const sums: number[] = [0];
  return {
    add(bin) {
      counts[bin] = (counts[bin] ?? 0) + 1;
      if (bin + 1 < sums.length) sums.length = bin + 1;
    },
    between(fromPoint, toPoint) {
      for (let point = sums.length; point <= toPoint; point += 1) {
        sums[point] = (sums[point - 1] as number) + (counts[point - 1] ?? 0);
      }
      return (sums[toPoint] as number) - (sums[fromPoint] as number);
    },
  };
}
