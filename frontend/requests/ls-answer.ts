/** An srmLs answer ready to be sent, with what it means to its operation: made on a listing thread or, without a listing, at once. */

import { decideLsOutcome } from '../../scenarios/srm/ls-answer.ts';
import { expectsMore } from '../../scenarios/srm/ls-conversation.ts';
import type { LsOperation } from '../../scenarios/srm/wire.ts';
import { type LsReply, summariseLsReply } from '../../scenarios/srm/ls-reply.ts';
import { type AnswerForm, writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import type { Turn } from '../counting/operation.ts';

export type AnswerStyle = {
  form: AnswerForm;
  /** The operation that is answered. */
  operation: LsOperation;
  /** Entries that the listing was asked for; null: all. */
  count: number | null;
};

export type LsAnswer = Turn & { xml: string };

export function prepareLsAnswer(reply: LsReply, { form, operation, count }: AnswerStyle): LsAnswer {
  const summary = summariseLsReply(reply);
  return {
    xml: writeLsAnswer(reply, { form, operation }),
    outcome: decideLsOutcome(summary, { expectEntries: null }),
    next: isPending(reply) ? 'poll' : expectsMore(summary, { count }) ? 'page' : null,
  };
}

/** Its client has the token: from this answer, or from the one before. */
function isPending({ requestStatus }: LsReply): boolean {
  return requestStatus === 'SRM_REQUEST_QUEUED' || requestStatus === 'SRM_REQUEST_INPROGRESS';
}
