/** One listing thread: lists, writes the XML, hands the bytes over; nothing of it waits for the network. */

import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../foundation/error.ts';
import { openEntryLog } from '../event-log/entry-log.ts';
import type { ListingJob, ListingResult, ThreadData } from './listing-pool.ts';
import { listSurls } from './listing.ts';
import { prepareLsAnswer } from '../requests/ls-answer.ts';

const { entryFile = null, ...tree } = workerData as ThreadData;
const entryLog = entryFile === null ? null : openEntryLog(entryFile);
const encoder = new TextEncoder();

function answer(job: ListingJob): ListingResult {
  let outOfDescriptors = 0;
  const ranOut = (): void => {
    outOfDescriptors += 1;
  };
  const listed = listSurls(job, tree, { ranOut, entryLog });
  const { xml, ...turn } = prepareLsAnswer(listed, job.style);
  return { body: encoder.encode(xml), ...turn, outOfDescriptors };
}

parentPort?.on('message', (job: ListingJob) => {
  try {
    const result = answer(job);
    parentPort?.postMessage(result, 'body' in result ? [result.body.buffer] : []);
  } catch (error) {
    parentPort?.postMessage({ failure: messageOf(error) } satisfies ListingResult);
  }
});
parentPort?.postMessage('ready');
