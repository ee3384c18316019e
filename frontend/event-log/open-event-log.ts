/** Opens the event log of a frontend that is to have one; what tells of its failures is loaded for it only. */

import { type CallLog, type EventLogOptions, openCallLog } from './call-log.ts';

/** Null: nothing is to be written. @throws GlideTesterError GT_FRONTEND_EVENT_LOG */
export async function openEventLog(options: EventLogOptions | null): Promise<CallLog | null> {
  if (options === null || options.level === 'off') return null;
  const { destination, pino } = await import('pino');
  const log = pino({ base: { part: 'frontend' } }, destination({ dest: 2, sync: true }));
  return openCallLog(options, (text) => log.warn(text));
}
