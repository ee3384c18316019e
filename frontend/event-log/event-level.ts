/**
 * What is written into the event log. What it costs, in CPU time of the frontend for a listing (`bench/frontend-listing.ts`, on two
 * busy cores): INFO 10 to 20 us a call; DEBUG 60 us for 10 entries and 440 us for 100, some 2 us a line, where a listing without
 * the log takes 120 and 550 us; ERROR nothing that could be seen, as long as nothing fails.
 */

/** ERROR: calls that failed; INFO: every call, as it came and as it ended; DEBUG: two lines more for each entry that is listed. */
export const EVENT_LOG_LEVELS = ['DEBUG', 'INFO', 'ERROR', 'off'] as const;

export type EventLogLevel = (typeof EVENT_LOG_LEVELS)[number];

/** A level that is a line's own. */
export type LineLevel = Exclude<EventLogLevel, 'off'>;

/** Whether lines of `line` are written at `level`. */
export function isWritten(line: LineLevel, level: EventLogLevel): boolean {
  return level !== 'off' && EVENT_LOG_LEVELS.indexOf(line) >= EVENT_LOG_LEVELS.indexOf(level);
}
