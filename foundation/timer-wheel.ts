/**
 * Many timers behind one tick: each waits in the slot of its instant on a wheel, as in Varghese and Lauck's hashed timing wheels.
 * Setting a timer later than it stands, or putting it off for good, is one write: where it waits is put right when its slot
 * comes round. So the deadline of an operation, which is set anew for each and hardly ever passes, costs next to nothing.
 */

/** Slots of the wheel: with ticks of 5 ms, a round takes 20 s. */
const SLOTS = 4096;
const NONE = -1;

export type TimerWheel = {
  /**
   * Timer `timer` goes off at the first `advance` past `atMs`, or at the next one if that is less than a tick later; Infinity: it
   * doesn't. A later call replaces an earlier one.
   */
  set(timer: number, atMs: number): void;
  /** Lets all timers go off whose instant has come, in no particular order. One that is set by another waits for the next call. */
  advance(nowMs: number): void;
};

/**
 * @param timers how many there are, numbered from 0; 20 bytes each
 * @param tickMs width of a slot
 * @param startMs the instant of the first tick, on the clock of all others
 * @param due called for each timer that goes off, which is then not set any more
 */
export function createTimerWheel(
  { timers, tickMs, startMs }: { timers: number; tickMs: number; startMs: number },
  due: (timer: number) => void,
): TimerWheel {
  const atMsOf = new Float64Array(timers).fill(Infinity);
  /** The tick in whose slot a timer waits; it is never later than the timer's own. NONE: it waits in none. */
  const tickOf = new Int32Array(timers).fill(NONE);
  /** Doubly linked lists, one a slot. */
  const nextOf = new Int32Array(timers).fill(NONE);
  const previousOf = new Int32Array(timers).fill(NONE);
  const firstOf = new Int32Array(SLOTS).fill(NONE);
  /** All slots up to this tick are done with. */
  let doneTick = -1;

  const tickAt = (atMs: number): number => Math.max(doneTick + 1, Math.ceil((atMs - startMs) / tickMs));

  function unlink(timer: number): void {
    const next = nextOf[timer] as number;
    const previous = previousOf[timer] as number;
    if (next !== NONE) previousOf[next] = previous;
    if (previous === NONE) firstOf[(tickOf[timer] as number) % SLOTS] = next;
    else nextOf[previous] = next;
    tickOf[timer] = NONE;
  }

  function link(timer: number, tick: number): void {
    const slot = tick % SLOTS;
    const next = firstOf[slot] as number;
    tickOf[timer] = tick;
    nextOf[timer] = next;
    previousOf[timer] = NONE;
    if (next !== NONE) previousOf[next] = timer;
    firstOf[slot] = timer;
  }

  /** Those that go off now; kept, so that an advance allocates nothing. */
  const gone: number[] = [];

  /** What waits in the slot of a tick that has come: it goes off, waits on elsewhere, or is forgotten. */
  function visit(tick: number, nowMs: number): void {
    let next = NONE;
    for (let timer = firstOf[tick % SLOTS] as number; timer !== NONE; timer = next) {
      next = nextOf[timer] as number;
      if ((tickOf[timer] as number) > tick) continue; // a later round of the wheel
      unlink(timer);
      const atMs = atMsOf[timer] as number;
      if (atMs === Infinity) continue;
      if (atMs > nowMs) {
        link(timer, Math.max(tick + 1, tickAt(atMs)));
        continue;
      }
      gone.push(timer);
    }
  }

  return {
    set(timer, atMs) {
      atMsOf[timer] = atMs;
      const waitsFor = tickOf[timer] as number;
      if (atMs === Infinity) return; // it stays where it waits, and is forgotten there
      if (waitsFor === NONE) return link(timer, tickAt(atMs));
      const tick = tickAt(atMs);
      if (tick >= waitsFor) return; // put right when its slot comes
      unlink(timer);
      link(timer, tick);
    },
    advance(nowMs) {
      const nowTick = Math.floor((nowMs - startMs) / tickMs);
      // After a long pause every slot is visited once: the wheel has no more of them.
      const firstTick = Math.max(doneTick + 1, nowTick - SLOTS + 1);
      for (let tick = firstTick; tick <= nowTick; tick += 1) {
        doneTick = tick;
        visit(tick, nowMs);
      }
      for (const timer of gone) {
        // One that went off before it may have put it off.
        if ((atMsOf[timer] as number) > nowMs) continue;
        atMsOf[timer] = Infinity;
        due(timer);
      }
      gone.length = 0;
    },
  };
}
