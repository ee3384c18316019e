/** Whole operations as our client does them, without the waits between polls. */

import type { Outcome } from '../../foundation/outcome.ts';
import { OPERATION_HEADER, operationHeader } from '../../scenarios/operation-header.ts';
import { prepareLsConversations } from '../../scenarios/srm/ls-conversation.ts';
import { postSoap, readLs } from './soap-client.ts';

export type Conversed = { outcome: Outcome; polls: number; pages: number };

export type Conversation = {
  path: string;
  /** `<campaign>/<cell>/<attempt>/<client>/`. */
  prefix: string;
  sequence: number;
  expectEntries?: number;
  /** The client leaves when it would ask for the so-many-th time; left out: never. */
  leaveAt?: number;
};

/** `left`: the outcome of an operation whose client has left. */
export async function converse(url: string, conversation: Conversation): Promise<Conversed> {
  const { path, prefix, sequence, expectEntries = null, leaveAt = Infinity } = conversation;
  const talk = prepareLsConversations({
    surls: [`srm://localhost/srm/v2/server?SFN=${path}`],
    detail: 'full',
    levels: 1,
    expectEntries,
  })();
  const asked = { poll: 0, page: 0 };
  let ask = talk.begin();
  for (let step = 0; step < leaveAt; step += 1) {
    const headers = { [OPERATION_HEADER]: operationHeader(prefix, sequence, step), SOAPAction: ask.soapAction };
    const turn = talk.hear(readLs(await postSoap(url, ask.body.toString(), headers)));
    if (turn.kind === 'ended') return { outcome: turn.outcome, polls: asked.poll, pages: asked.page };
    asked[turn.because] += 1;
    ask = turn.ask;
  }
  return { outcome: 'left', polls: asked.poll, pages: asked.page };
}
