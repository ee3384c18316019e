/** One listing thread: lists, writes the XML, hands the bytes over; nothing of it waits for the network. */

import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../foundation/error.ts';
import { decideLsOutcome } from '../scenarios/srm/ls-answer.ts';
import { summariseLsReply, writeLsAnswer } from '../scenarios/srm/write-answer.ts';
import type { ListingResult } from './listing-pool.ts';
import { type ListingRequest, type Tree, listSurls } from './listing.ts';

const tree = workerData as Tree;
const encoder = new TextEncoder();

function answer(request: ListingRequest): ListingResult {
  const reply = listSurls(request, tree);
  return {
    body: encoder.encode(writeLsAnswer(reply)),
    outcome: decideLsOutcome(summariseLsReply(reply), { expectEntries: null }),
  };
}

parentPort?.on('message', (request: ListingRequest) => {
  try {
    const result = answer(request);
    parentPort?.postMessage(result, 'body' in result ? [result.body.buffer] : []);
  } catch (error) {
    parentPort?.postMessage({ failure: messageOf(error) } satisfies ListingResult);
  }
});
parentPort?.postMessage('ready');
