/**
 * Gauges of one thread: how many of its clients are in flight, turning round, pausing, integrated over time. They are fed by
 * the loop at each change of state, apart from the rows, so that the two can be held against each other.
 */

/** The states in which a client is counted; before its first operation is due it is in none. */
export type ClientState = 'inFlight' | 'turning' | 'pausing';

export type GaugeShipment = {
  /** Number of the first grid point. */
  firstSample: number;
  samples: number;
  /** Three integrals a point (in flight, turning, pausing) in client-milliseconds since T0. */
  integrals: Float64Array;
};

export type Gauges = {
  /** One client goes from one state to another at this instant (ms since T0); null: not counted. */
  move(nowMs: number, from: ClientState | null, to: ClientState | null): void;
  /** The grid points up to this instant that were not shipped yet. */
  ship(nowMs: number): GaugeShipment;
};

const INDEX: Readonly<Record<ClientState, number>> = { inFlight: 0, turning: 1, pausing: 2 };
const FIRST_CAPACITY = 256;

/** Between two moves the counts are constant, so the integral at any grid point in between is exact. */
export function createGauges(everyMs: number): Gauges {
  const counts = new Float64Array(3);
  const integrals = new Float64Array(3);
  let lastMs = 0;
  let nextPoint = 0;
  let firstUnshipped = 0;
  let unshipped = new Float64Array(FIRST_CAPACITY * 3);

  const integrateTo = (instantMs: number): void => {
    const spanMs = instantMs - lastMs;
    if (spanMs <= 0) return;
    for (let state = 0; state < 3; state += 1) {
      integrals[state] = (integrals[state] as number) + (counts[state] as number) * spanMs;
    }
    lastMs = instantMs;
  };
  const keepPoint = (): void => {
    const offset = (nextPoint - firstUnshipped) * 3;
    if (offset + 3 > unshipped.length) {
      const larger = new Float64Array(unshipped.length * 2);
      larger.set(unshipped);
      unshipped = larger;
    }
    unshipped.set(integrals, offset);
    nextPoint += 1;
  };
  const advance = (nowMs: number): void => {
    for (let pointMs = nextPoint * everyMs; pointMs <= nowMs; pointMs = nextPoint * everyMs) {
      integrateTo(pointMs);
      keepPoint();
    }
    integrateTo(nowMs);
  };

  return {
    move(nowMs, from, to) {
      advance(nowMs);
      if (from !== null) counts[INDEX[from]] = (counts[INDEX[from]] as number) - 1;
      if (to !== null) counts[INDEX[to]] = (counts[INDEX[to]] as number) + 1;
    },
    ship(nowMs) {
      advance(nowMs);
      const samples = nextPoint - firstUnshipped;
      const shipment = { firstSample: firstUnshipped, samples, integrals: unshipped.slice(0, samples * 3) };
      firstUnshipped = nextPoint;
      return shipment;
    },
  };
}
