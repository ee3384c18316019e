/** Entry of a worker thread: a thread of the pilot behind a message port. */

import { parentPort } from 'node:worker_threads';
import { machineClock } from '../foundation/clock.ts';
import { shareAuthorities } from '../scenarios/http/shared-authorities.ts';
import { createThread } from './thread.ts';
import type { ThreadOrder, ThreadReport } from './thread-message.ts';

const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a worker thread only');
shareAuthorities(); // only clients run here, and the link's own trust is the main thread's

const thread = createThread(machineClock, (report: ThreadReport) => {
  if (report.type !== 'rows') return port.postMessage(report);
  // The bytes change hands instead of being copied.
  port.postMessage(report, [report.block.buffer as ArrayBuffer, report.gauges.integrals.buffer as ArrayBuffer]);
});
port.on('message', (order: ThreadOrder) => thread.take(order));
