/**
 * An SRM service over httpg that answers as the path that it is asked about says, for finding out what clients make of it:
 *
 * | path | answer |
 * | --- | --- |
 * | `/request/<status>` | that status for the request, no details |
 * | `/token/<status>` | the same, with a request token; to every poll again; an abort succeeds |
 * | `/details/<status>` | that status for the request, and one file that is all right |
 * | `/path/<status>` | the request is all right, its one file has that status |
 * | `/missing/<status>`, `/missing-path/<status>` | as `/request`, `/path`, and the explanation says that there is no such file |
 * | `/entry/<status>` | the same for the second of three files of a directory, when they are asked for |
 * | `/fault` | a SOAP fault |
 * | `/http/<status>` | that HTTP status with a text that is not SOAP |
 * | `/not-xml` | HTTP 200 with a text that is not XML |
 * | `/other-xml` | HTTP 200 with XML that is not SOAP |
 * | `/reset` | the connection is cut off |
 * | `/hang` | nothing, ever |
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TlsOptions } from 'node:tls';
import type { ExecutionContext } from 'ava';
import { type SrmRequest, readSrmRequest } from '../../scenarios/srm/read-request.ts';
import { SOAP_CONTENT_TYPE, SRM_SERVICE_PATH, SRM_SUCCESS } from '../../scenarios/srm/wire.ts';
import type { LsReply, PathDetail } from '../../scenarios/srm/ls-reply.ts';
import { writeAbortAnswer } from '../../scenarios/srm/write-abort-answer.ts';
import { writeFault, writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import { startSecureServer } from './secure-server.ts';

export const STATUS_EXPLANATION = 'as the path says';
const NO_SUCH_FILE = 'No such file or directory.';

export type StatusService = {
  port: number;
  surlOf(path: string): string;
  /** What was asked about the path, in order; polls and aborts are about the path that is their token. */
  askedAbout(path: string): SrmRequest['kind'][];
};

type Answer = { httpStatus: number; body: string } | 'reset' | 'hang';

/** Listens on localhost until the test ends. `tls`: another certificate, other versions, … */
export async function startStatusService(t: ExecutionContext, tls: TlsOptions = {}): Promise<StatusService> {
  const asked = new Map<string, SrmRequest['kind'][]>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const soap = readSrmRequest(Buffer.concat(await request.toArray()));
    const path = pathOf(soap);
    asked.set(path, [...(asked.get(path) ?? []), soap.kind]);
    const answer = answerTo(soap, path);
    if (answer === 'reset') response.destroy();
    if (typeof answer === 'string') return;
    const { httpStatus, body } = answer;
    response.writeHead(httpStatus, { 'Content-Type': SOAP_CONTENT_TYPE, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  };
  const server = await startSecureServer(t, { gsi: true, maxVersion: 'TLSv1.2', ...tls }, (request, response) => {
    serve(request, response).catch((error: unknown) => t.fail(String(error)));
  });
  return {
    port: server.port,
    surlOf: (path) => `srm://localhost:${server.port}${SRM_SERVICE_PATH}?SFN=${path}`,
    askedAbout: (path) => asked.get(path) ?? [],
  };
}

/** With the service before it (`?SFN=`), or, as gfal sends it, without. */
function pathOf(request: SrmRequest): string {
  if (request.kind === 'status-of-ls' || request.kind === 'abort') return request.requestToken;
  if (request.kind !== 'ls') return '/fault';
  const { pathname, searchParams } = new URL(request.surls[0] ?? '');
  return searchParams.get('SFN') ?? pathname;
}

function answerTo(request: SrmRequest, path: string): Answer {
  if (request.kind === 'abort') return ok(writeAbortAnswer(SRM_SUCCESS, null));
  const [, kind = '', status = ''] = path.split('/');
  switch (kind) {
    case 'fault':
      return { httpStatus: 500, body: writeFault('Server', STATUS_EXPLANATION) };
    case 'http':
      return { httpStatus: Number(status), body: 'what is it that you want?' };
    case 'not-xml':
      return ok('what is it that you want?');
    case 'other-xml':
      return ok('<html><body>what is it that you want?</body></html>');
    case 'reset':
    case 'hang':
      return kind;
    default: {
      const levels = request.kind === 'ls' ? request.levels : 0;
      const operation = request.kind === 'status-of-ls' ? 'srmStatusOfLsRequest' : 'srmLs';
      return ok(writeLsAnswer(replyTo(path, levels), { operation }));
    }
  }
}

function ok(body: string): Answer {
  return { httpStatus: 200, body };
}

function replyTo(path: string, levels: number): LsReply {
  const [, kind = '', status = ''] = path.split('/');
  const request = { requestStatus: status, explanation: STATUS_EXPLANATION };
  const success = { requestStatus: SRM_SUCCESS, explanation: null };
  switch (kind) {
    case 'request':
      return { ...request, paths: [] };
    case 'token':
      return { ...request, paths: [], requestToken: path };
    case 'details':
      return { ...request, paths: [describeFile(path, SRM_SUCCESS)] };
    case 'path':
      return { ...success, paths: [describeFile(path, status)] };
    case 'missing':
      return { ...request, explanation: NO_SUCH_FILE, paths: [] };
    case 'missing-path':
      return { ...success, paths: [{ ...describeFile(path, status), explanation: NO_SUCH_FILE }] };
    case 'entry':
      return { ...success, paths: [describeDirectory(path, status, levels)] };
    default:
      return { ...success, requestStatus: 'SRM_INVALID_PATH', paths: [] };
  }
}

function describeFile(path: string, status: string): PathDetail {
  const nothing = { modifiedAtMs: null, checksum: null, top: null, subPaths: null };
  return { ...nothing, path, status, explanation: STATUS_EXPLANATION, type: 'FILE', bytes: 1 };
}

function describeDirectory(path: string, status: string, levels: number): PathDetail {
  const subPaths = ['before', 'bad', 'after'].map((name) =>
    describeFile(`${path}/${name}`, name === 'bad' ? status : SRM_SUCCESS),
  );
  return { ...describeFile(path, SRM_SUCCESS), type: 'DIRECTORY', bytes: null, subPaths: levels > 0 ? subPaths : null };
}
