/** The gauges of a running cell, thread by thread, and their sum at the grid points that everybody has told. */

import type { RowsFrame } from '../../agent/protocol.ts';
import type { GaugeSeries } from '../../reports/evidence.ts';

/** Integrals of one thread at the grid points 0, 1, 2, … */
type ThreadGauges = { points: number; inFlight: number[]; turning: number[]; pausing: number[] };
type GaugeName = 'inFlight' | 'turning' | 'pausing';

export type GaugeCollector = {
  /** @throws RangeError when the pilot has no part in the cell, or samples are missing before the frame's first */
  keep(pilot: string, frame: RowsFrame): void;
  /** How many grid points every thread of these pilots has told. */
  pointsKnown(pilots: Iterable<string>): number;
  /** Clients in flight, averaged over the last `spanMs` that these pilots have told. */
  recentInFlight(pilots: Iterable<string>, spanMs: number): number;
  /** All threads together. A lost pilot's integral stays at its last value: it holds nothing any more. */
  series(points: number): GaugeSeries;
};

export function createGaugeCollector(pilots: readonly string[], gridMs: number): GaugeCollector {
  const threads = new Map<string, Map<number, ThreadGauges>>(pilots.map((pilot) => [pilot, new Map()]));
  /** How many threads each pilot has, by its own word; what they know is known once all have told. */
  const threadsThere = new Map<string, number>();
  const threadsOf = (asked: Iterable<string>): ThreadGauges[] =>
    [...asked].flatMap((pilot) => [...(threads.get(pilot)?.values() ?? [])]);

  const pointsKnown = (asked: Iterable<string>): number => {
    const points = [...asked].flatMap((pilot) => {
      const told = threadsOf([pilot]).map((thread) => thread.points);
      return told.length === 0 || told.length < (threadsThere.get(pilot) ?? 1) ? [0] : told;
    });
    return points.length === 0 ? 0 : Math.min(...points);
  };
  const sumAt = (name: GaugeName, point: number): number =>
    threadsOf(threads.keys()).reduce((sum, thread) => sum + (thread[name][Math.min(point, thread.points - 1)] ?? 0), 0);

  return {
    keep(pilot, { header, gauges }) {
      const ofPilot = threads.get(pilot);
      if (ofPilot === undefined) throw new RangeError(`pilot ${pilot} has no part in this cell`);
      const thread = ofPilot.get(header.thread) ?? { points: 0, inFlight: [], turning: [], pausing: [] };
      // What is known is known up to here: a gap would pass for knowledge.
      if (header.firstSample > thread.points)
        throw new RangeError(`gauge sample ${header.firstSample} came where ${thread.points} was due`);
      ofPilot.set(header.thread, thread);
      threadsThere.set(pilot, header.threads);
      for (let sample = 0; sample < header.samples; sample += 1) {
        const point = header.firstSample + sample;
        thread.inFlight[point] = gauges[sample * 3] as number;
        thread.turning[point] = gauges[sample * 3 + 1] as number;
        thread.pausing[point] = gauges[sample * 3 + 2] as number;
        thread.points = Math.max(thread.points, point + 1);
      }
    },
    pointsKnown,
    recentInFlight(asked, spanMs) {
      const pilotsAsked = [...asked];
      const last = pointsKnown(pilotsAsked) - 1;
      const first = Math.max(0, last - Math.max(1, Math.round(spanMs / gridMs)));
      if (last <= first) return 0;
      let clientMs = 0;
      for (const { inFlight } of threadsOf(pilotsAsked))
        clientMs += (inFlight[last] as number) - (inFlight[first] as number);
      return clientMs / ((last - first) * gridMs);
    },
    series(points) {
      const at = (name: GaugeName): number[] => Array.from({ length: points }, (_, point) => sumAt(name, point));
      return { everyMs: gridMs, inFlight: at('inFlight'), turning: at('turning'), pausing: at('pausing') };
    },
  };
}
