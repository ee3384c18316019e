/** Reads a SOAP request and sees whether its sender may ask; who may is served. */

import type { Socket } from 'node:net';
import { type SrmRequest, readSrmRequest } from '../../scenarios/srm/read-request.ts';
import { UnreadableSoapError } from '../../scenarios/srm/unreadable-soap-error.ts';
import { NO_CREDENTIAL, findRefusal } from '../authorization/admission.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { OpenRequest } from '../counting/open-request.ts';
import { createFault, createPing } from './replies.ts';
import { type Desk, type GuardedRequest, refuseRequest, serveRequest } from './serve-request.ts';

/** Who is served. */
export type Access = {
  /** What the other end of a connection has shown of itself; null: nothing. */
  peerOf: (socket: Socket) => { identity: string } | null;
  authorizer: Authorizer;
};

/** How often BeStMan maps the identity: for srmLs when it checks the request, and once more when it lists. */
const MAPPINGS: Record<GuardedRequest['kind'], number> = { ls: 2, 'status-of-ls': 1, abort: 1 };

const ANONYMOUS_PING = createPing([]);

/** @param access null: everybody is served, as somebody without an identity */
export function answerSoap(
  body: Buffer,
  socket: Socket,
  open: OpenRequest,
  parts: Desk & { access: Access | null },
): void {
  let request: SrmRequest;
  try {
    request = readSrmRequest(body);
  } catch (error) {
    if (!(error instanceof UnreadableSoapError)) throw error;
    return open.answer(createFault('Client', `The request cannot be read: ${error.message}`));
  }
  const { access } = parts;
  if (request.kind === 'unknown') return open.answer(createFault('Client', `No such operation '${request.operation}'`));
  if (access === null) {
    return request.kind === 'ping' ? open.answer(ANONYMOUS_PING) : serveRequest(request, null, open, parts);
  }
  const identity = access.peerOf(socket)?.identity ?? null;
  if (request.kind === 'ping') void answerPing(identity, open, access.authorizer);
  else void serveIfAdmitted(request, identity, open, { desk: parts, authorizer: access.authorizer });
}

/** srmPing has no status by which it could refuse: it shows who it takes the sender for. */
async function answerPing(identity: string | null, open: OpenRequest, authorizer: Authorizer): Promise<void> {
  if (identity === null) return open.answer(ANONYMOUS_PING);
  const mapping = await authorizer.map(identity);
  const localUser = mapping.kind === 'mapped' ? ([['localIDMapped', mapping.localUser]] as const) : [];
  open.answer(createPing([['clientDN', identity], ...localUser]));
}

async function serveIfAdmitted(
  request: GuardedRequest,
  identity: string | null,
  open: OpenRequest,
  { desk, authorizer }: { desk: Desk; authorizer: Authorizer },
): Promise<void> {
  const refusal = identity === null ? NO_CREDENTIAL : await findRefusal(authorizer, identity, MAPPINGS[request.kind]);
  // Its client may have left meanwhile: a listing would be in vain.
  if (open.hasEnded()) return;
  if (refusal === null) serveRequest(request, identity, open, desk);
  else open.answer(refuseRequest(request, refusal, desk.modes));
}
