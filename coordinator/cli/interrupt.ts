/**
 * Ctrl-C and SIGTERM as two requests to the campaign.
 *
 * | signal | effect |
 * | --- | --- |
 * | first | `drain`: the cell under way ends with its drain, then the campaign stops |
 * | second | `now`: everything stops, operations under way are cut |
 * | third | the system's own: the process ends at once |
 */

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export type Interrupt = {
  drain: AbortSignal;
  now: AbortSignal;
  /** Gives the signals back to the system. */
  release: () => void;
};

/** @param say called with what a signal has brought about */
export function listenForInterrupt(say: (line: string) => void): Interrupt {
  const drain = new AbortController();
  const now = new AbortController();
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, receive);
  };
  const receive = (): void => {
    if (!drain.signal.aborted) {
      say('stopping once this cell is drained; once more: stop now');
      drain.abort();
      return;
    }
    say('stopping now; once more: end at once, without tidying up');
    release();
    now.abort();
  };
  for (const signal of SIGNALS) process.on(signal, receive);
  return { drain: drain.signal, now: now.signal, release };
}
