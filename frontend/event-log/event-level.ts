/** What is written into the event log. */

/** ERROR: calls that failed; INFO: every call, as it came and as it ended; DEBUG: two lines more for each entry that is listed. */
export const EVENT_LOG_LEVELS = ['DEBUG', 'INFO', 'ERROR', 'off'] as const;

export type EventLogLevel = (typeof EVENT_LOG_LEVELS)[number];

/** A level that is a line's own. */
export type LineLevel = Exclude<EventLogLevel, 'off'>;

/** Whether lines of `line` are written at `level`. */
export function isWritten(line: LineLevel, level: EventLogLevel): boolean {
  return level !== 'off' && EVENT_LOG_LEVELS.indexOf(line) >= EVENT_LOG_LEVELS.indexOf(level);
}
