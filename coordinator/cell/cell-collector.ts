/** What arrives while a cell runs: rows go to disk and are acknowledged; what the window rule must know is kept. */

import type { RowsFrame } from '../../agent/protocol.ts';
import type { OutcomeCounts } from '../../foundation/outcome.ts';
import type { GaugeSeries } from '../../reports/evidence.ts';
import { createGaugeCollector } from './gauge-collector.ts';
import { type CutOperation, createOperationTally } from './operation-tally.ts';
import type { CellKnowledge } from './window.ts';

/** A pilot's part in the cell. */
export type CellShare = { pilot: string; firstClient: number; clients: number };

/** Where rows go; `append` resolves when they are written. */
export type RowSink = { append(block: RowsFrame['block']): Promise<void> | void };

export type CellCollector = {
  /**
   * Keeps and writes the rows, then calls `written`. Frames of one cell are written one after the other. Resolves when the rows
   * are not held any more: written, or given up since the disk refuses.
   */
  take(pilot: string, frame: RowsFrame, written: () => void): Promise<void>;
  /** From now on the pilot's clients are not waited for. */
  lose(pilot: string): void;
  knowledge(): CellKnowledge;
  /** Over the last `spanMs` that is known: successful operations per second, and clients in flight. */
  recent(spanMs: number): { ratePerS: number; inFlight: number };
  failed(): number;
  /** All operations whose rows have come, by how they ended. */
  operations(): OutcomeCounts;
  rowsStored(pilot: string): number;
  cutOperations(): readonly CutOperation[];
  /** The gauges of all threads together, from T0 to the last point that every living pilot has told. */
  gauges(): GaugeSeries;
  /** Whether rows could not be written: settled() says why. */
  isBroken(): boolean;
  /** Resolves when all rows taken so far are written. @throws what the sink threw */
  settled(): Promise<void>;
};

export function createCellCollector(shares: readonly CellShare[], gridMs: number, sink: RowSink): CellCollector {
  const living = new Map(shares.map((share) => [share.pilot, share]));
  const stored = new Map<string, number>(shares.map(({ pilot }) => [pilot, 0]));
  const clientsOf = (those: Iterable<CellShare>): number => [...those].reduce((sum, { clients }) => sum + clients, 0);
  const tally = createOperationTally(clientsOf(shares), gridMs);
  const gauges = createGaugeCollector(
    shares.map(({ pilot }) => pilot),
    gridMs,
  );
  let writing: Promise<void> = Promise.resolve();
  let isBroken = false;

  const horizonMs = (): number => Math.max(0, (gauges.pointsKnown(living.keys()) - 1) * gridMs);
  // Asked after every frame: once known it stays, as long as the same pilots are alive.
  let allEndedMs: number | null = null;
  const everyClientEndedMs = (): number | null => {
    if (allEndedMs !== null) return allEndedMs;
    let latestMs = 0;
    for (const { firstClient, clients } of living.values()) {
      for (let client = firstClient; client < firstClient + clients; client += 1) {
        latestMs = Math.max(latestMs, tally.firstEndMs(client));
        if (latestMs === Infinity) return null;
      }
    }
    allEndedMs = latestMs;
    return latestMs;
  };

  return {
    take(pilot, frame, written) {
      const { block } = frame;
      gauges.keep(pilot, frame);
      tally.count(block);
      stored.set(pilot, (stored.get(pilot) ?? 0) + block.rows);
      writing = writing.then(() => (block.rows > 0 ? sink.append(block) : undefined)).then(written);
      return writing.catch(() => {
        isBroken = true; // settled() tells why
      });
    },
    lose(pilot) {
      living.delete(pilot);
      allEndedMs = null;
    },
    knowledge: () => ({
      horizonMs: horizonMs(),
      clients: clientsOf(living.values()),
      everyClientEndedMs: everyClientEndedMs(),
      endedBetween: tally.endedBetween,
      gridMs,
    }),
    recent(spanMs) {
      const untilMs = horizonMs();
      const fromMs = Math.max(0, untilMs - Math.max(1, Math.round(spanMs / gridMs)) * gridMs);
      return {
        ratePerS: untilMs === fromMs ? 0 : (tally.okBetween(fromMs, untilMs) * 1000) / (untilMs - fromMs),
        inFlight: gauges.recentInFlight(living.keys(), spanMs),
      };
    },
    failed: tally.failed,
    operations: () => ({ ...tally.byClass() }),
    rowsStored: (pilot) => stored.get(pilot) ?? 0,
    cutOperations: tally.cut,
    gauges: () => gauges.series(gauges.pointsKnown(living.keys())),
    isBroken: () => isBroken,
    settled: () => writing,
  };
}
