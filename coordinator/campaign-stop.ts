/** Why a campaign ends before its last cell, and what makes it: the user's Ctrl-C, or a threshold that says so. */

/** Why the campaign ends here, with the exit code that says so. */
export type CampaignStop = { exitCode: 99 | 105 | 119 | 120 | 121 | 123; reason: string };

export const INTERRUPTED: CampaignStop = { exitCode: 105, reason: 'interrupted' };

/** First Ctrl-C: end the cell in order and stop; second: stop now. */
export type UserInterrupt = { drain: AbortSignal; now: AbortSignal };

export type Interruption = UserInterrupt & {
  /** Stops the campaign now, as a second Ctrl-C does, but for this reason; the first reason stays. */
  abort(stop: CampaignStop): void;
  /** What the campaign is stopped for, once `drain` is aborted. */
  stop(): CampaignStop;
};

export function createInterruption(user: UserInterrupt): Interruption {
  const own = new AbortController();
  let reason: CampaignStop | null = null;
  return {
    drain: AbortSignal.any([user.drain, own.signal]),
    now: AbortSignal.any([user.now, own.signal]),
    abort(stop) {
      if (user.drain.aborted) return;
      reason ??= stop;
      own.abort();
    },
    stop: () => reason ?? INTERRUPTED,
  };
}
