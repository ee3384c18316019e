/** Reads a SOAP request and sees whether its sender may ask; who may is served. */

import type { Socket } from 'node:net';
import { type SrmRequest, readSrmRequest } from '../../scenarios/srm/read-request.ts';
import { UnreadableSoapError } from '../../scenarios/srm/unreadable-soap-error.ts';
import { NO_CREDENTIAL, type Refusal, findRefusal } from '../authorization/admission.ts';
import type { Authorizer, Mapping } from '../authorization/authorizer.ts';
import type { RequestThreads } from '../container/container.ts';
import type { OpenRequest } from '../counting/open-request.ts';
import type { CallLog } from '../event-log/call-log.ts';
import { describeCall } from '../event-log/describe-call.ts';
import { createFault, createPing } from './replies.ts';
import { type Desk, type GuardedRequest, listToTheEnd, refuseRequest, serveRequest } from './serve-request.ts';

/** Who is served. */
export type Access = {
  /** What the other end of a connection has shown of itself; null: nothing. */
  peerOf: (socket: Socket) => { identity: string } | null;
  authorizer: Authorizer;
  /** How the parts of a request run in a container; left out: each at once. */
  threads?: RequestThreads | null;
};

type GuardedParts = { desk: Desk; access: Access };

/** How often BeStMan maps the identity: for srmLs when it checks the request, and once more when it lists. */
const MAPPINGS: Record<GuardedRequest['kind'], number> = { ls: 2, 'status-of-ls': 1, abort: 1 };

const ANONYMOUS_PING = createPing([]);

/** @param access null: everybody is served, as somebody without an identity */
export function answerSoap(
  body: Buffer,
  socket: Socket,
  open: OpenRequest,
  parts: Desk & { access: Access | null; callLog?: CallLog | null },
): void {
  const { access, callLog } = parts;
  const identity = access?.peerOf(socket)?.identity ?? null;
  let request: SrmRequest;
  try {
    request = readSrmRequest(body);
  } catch (error) {
    if (!(error instanceof UnreadableSoapError)) throw error;
    callLog?.follow(describeCall(null, identity), open);
    return open.answer(createFault('Client', `The request cannot be read: ${error.message}`));
  }
  callLog?.follow(describeCall(request, identity), open);
  if (request.kind === 'unknown') return open.answer(createFault('Client', `No such operation '${request.operation}'`));
  if (access === null) {
    return request.kind === 'ping' ? open.answer(ANONYMOUS_PING) : serveRequest(request, null, open, parts);
  }
  const { threads = null } = access;
  if (threads === null) {
    void (request.kind === 'ping'
      ? answerPing(identity, open, access)
      : serveIfAdmitted(request, identity, open, { desk: parts, access }));
    return;
  }
  // The work ends in every case, and a bug in it is not hidden.
  const end = threads.beginWork(socket);
  void (
    request.kind === 'ping'
      ? answerPing(identity, open, access, threads)
      : serveOnThread(request, identity, open, { desk: parts, access, threads })
  ).finally(end);
}

/** srmPing has no status by which it could refuse: it shows who it takes the sender for. */
async function answerPing(
  identity: string | null,
  open: OpenRequest,
  { authorizer }: Access,
  threads: RequestThreads | null = null,
): Promise<void> {
  if (identity === null) return open.answer(ANONYMOUS_PING);
  const map = (): Promise<Mapping> => authorizer.map(identity);
  const mapping = await (threads === null ? map() : threads.authorize(map));
  const localUser = mapping.kind === 'mapped' ? ([['localIDMapped', mapping.localUser]] as const) : [];
  open.answer(createPing([['clientDN', identity], ...localUser]));
}

async function serveIfAdmitted(
  request: GuardedRequest,
  identity: string | null,
  open: OpenRequest,
  { desk, access: { authorizer } }: GuardedParts,
): Promise<void> {
  const refusal = identity === null ? NO_CREDENTIAL : await findRefusal(authorizer, identity, MAPPINGS[request.kind]);
  // Its client may have left meanwhile: a listing would be in vain.
  if (open.hasEnded()) return;
  if (refusal === null) serveRequest(request, identity, open, desk);
  else open.answer(refuseRequest(request, refusal, desk.modes));
}

/**
 * In a container each step runs to its end on a thread, whether or not the client is still there: first the look-up by which the
 * request is let in, then, for srmLs, the look-up anew and the listing as one.
 */
async function serveOnThread(
  request: GuardedRequest,
  identity: string | null,
  open: OpenRequest,
  { desk, access: { authorizer }, threads }: GuardedParts & { threads: RequestThreads },
): Promise<void> {
  if (identity === null) return open.answer(refuseRequest(request, NO_CREDENTIAL, desk.modes));
  const mapOnce = (): Promise<Refusal | null> => findRefusal(authorizer, identity, 1);
  const refusal = await threads.authorize(mapOnce);
  if (refusal !== null) return open.answer(refuseRequest(request, refusal, desk.modes));
  if (request.kind !== 'ls') return serveRequest(request, identity, open, desk);
  await threads.list(async () => {
    const refusedAnew = await mapOnce();
    if (refusedAnew !== null) return open.answer(refuseRequest(request, refusedAnew, desk.modes));
    if (desk.modes.asynchronous) serveRequest(request, identity, open, desk);
    else await listToTheEnd(request, open, desk);
  });
}
