/** A small SRM service in the test's own process: the n-th request ends as the script says. */

import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import type { ScenarioSpec } from '../../agent/protocol.ts';
import type { PathDetail } from '../../scenarios/srm/ls-reply.ts';
import { writeFault, writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import { SOAP_CONTENT_TYPE, SRM_SERVICE_PATH } from '../../scenarios/srm/wire.ts';
import type { ResolvedTarget } from '../../scenarios/scenario.ts';

export type ScriptedAnswer = 'ok' | 'fault' | 'reset' | 'hang';

export type ScriptedService = {
  url: string;
  target: ResolvedTarget;
  /** Requests so far. */
  requests(): number;
};

/** A listing of any directory that asks for no number of entries. */
export const ANY_LISTING: ScenarioSpec = {
  kind: 'srm-ls',
  directory: '/d1',
  detail: 'full',
  levels: 1,
  expectEntries: null,
};

const directory: PathDetail = {
  path: '/d1',
  status: 'SRM_SUCCESS',
  explanation: null,
  type: 'DIRECTORY',
  bytes: 0,
  modifiedAtMs: null,
  checksum: null,
  top: null,
  subPaths: [],
};
const LISTING = writeLsAnswer({ requestStatus: 'SRM_SUCCESS', explanation: null, paths: [directory] });
const FAULT = writeFault('Server', 'at fault');

function respond(response: ServerResponse, answer: ScriptedAnswer): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(answer === 'ok' ? 200 : 500, { 'Content-Type': SOAP_CONTENT_TYPE });
  response.end(answer === 'ok' ? LISTING : FAULT);
}

/** Listens until the test ends; `script` is given the number of the request, from 0. */
export async function startScriptedService(
  t: ExecutionContext,
  script: (request: number) => ScriptedAnswer,
): Promise<ScriptedService> {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      respond(response, script(requests));
      requests += 1;
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}${SRM_SERVICE_PATH}`,
    target: {
      origin,
      security: null,
      path: SRM_SERVICE_PATH,
      addresses: [{ address: '127.0.0.1', family: 4, port }],
      connection: { perOperation: false, close: 'fin' },
      timeoutsMs: { connect: 5000, handshake: 5000, answer: 20_000 },
      userAgent: 'glidetester/test',
      transport: 'direct' as const,
    },
    requests: () => requests,
  };
}
