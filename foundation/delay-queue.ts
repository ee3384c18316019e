/**
 * Everything that is put in is done a fixed time later, in the order in which it was put in: what lies on a cable, what a slow
 * service has been asked. As all delays are the same, one alarm for the head is enough, however many wait.
 */

import type { Alarm } from './alarm.ts';

export type DelayQueue = {
  /** Done once, never before its time; what is put in later is done later. */
  push(deed: () => void): void;
};

export type DelayQueueOptions = { delayMs: number; nowMs(): number; alarm: Alarm };

/** Deeds done are let go of in one go, when they are this many and more than those that wait. */
const LET_GO_FROM = 1024;

export function createDelayQueue({ delayMs, nowMs, alarm }: DelayQueueOptions): DelayQueue {
  /** Both ascending and of equal length; those before `head` are done. */
  let duesMs: number[] = [];
  let deeds: ((() => void) | undefined)[] = [];
  let head = 0;
  let isAlarmSet = false;

  /** An alarm may come early: then it is set again. */
  const wake = (): void => {
    isAlarmSet = false;
    const now = nowMs();
    while (head < deeds.length && (duesMs[head] as number) <= now) {
      const deed = deeds[head] as () => void;
      deeds[head] = undefined;
      head += 1;
      deed();
    }
    letGo();
    setAlarm();
  };
  const letGo = (): void => {
    if (head < LET_GO_FROM || head * 2 < deeds.length) return;
    duesMs = duesMs.slice(head);
    deeds = deeds.slice(head);
    head = 0;
  };
  const setAlarm = (): void => {
    if (isAlarmSet || head === deeds.length) return;
    isAlarmSet = true;
    alarm(duesMs[head] as number, wake);
  };

  return {
    push(deed) {
      duesMs.push(nowMs() + delayMs);
      deeds.push(deed);
      setAlarm();
    },
  };
}
