/** Waiting for a condition over shared state, without polling: whoever changes the state says so. */

import type { Clock } from './clock.ts';

/** How a wait ended. */
export type WaitEnd = 'met' | 'deadline' | 'aborted';

export type WaitLimit = {
  /** Instant on the clock after which the wait gives up. */
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
};

/** A bell that is rung after every change of the state it belongs to. */
export type Changes = {
  notify(): void;
  /** Resolves once `isMet()` holds, checked at once and after every change; `met` wins where several apply. */
  until(isMet: () => boolean, limit?: WaitLimit): Promise<WaitEnd>;
};

export function createChanges(clock: Clock): Changes {
  const waiters = new Set<() => void>();
  return {
    notify() {
      for (const check of waiters) check();
    },
    until(isMet, { deadlineMs, signal } = {}) {
      return new Promise((resolve, reject) => {
        const stopWaiting = (): void => {
          waiters.delete(check);
          cancelDeadline?.();
          signal?.removeEventListener('abort', abort);
        };
        const settle = (end: WaitEnd): void => {
          stopWaiting();
          resolve(end);
        };
        const check = (): void => {
          try {
            if (isMet()) settle('met');
          } catch (thrown) {
            stopWaiting();
            reject(thrown);
          }
        };
        const abort = (): void => settle('aborted');
        const giveUp = (): void => {
          check();
          if (waiters.has(check)) settle('deadline');
        };
        const cancelDeadline = deadlineMs === undefined ? undefined : clock.after(deadlineMs - clock.nowMs(), giveUp);
        waiters.add(check);
        check();
        if (!waiters.has(check)) return;
        if (signal?.aborted === true) abort();
        else signal?.addEventListener('abort', abort, { once: true });
      });
    },
  };
}
