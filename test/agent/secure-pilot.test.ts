/** A pilot whose clients show certificates: each its own, counted, and nothing of a key in what the pilot writes. */

import type { TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import type { CellPlan } from '../../agent/protocol.ts';
import { machineClock } from '../../foundation/clock.ts';
import { NOT_REACHED } from '../../reports/operation.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import { issueUser } from '../../scenarios/credentials/issue-certificate.ts';
import { OPERATION_HEADER, parseOperationHeader } from '../../scenarios/operation-header.ts';
import { writeLsAnswer } from '../../scenarios/srm/write-answer.ts';
import { testCertificates } from '../support/certificates.ts';
import { PORT_OF_NOBODY, loopbackTarget } from '../support/loopback-server.ts';
import { lsReply } from '../support/ls-reply.ts';
import { about, openScene, startPilot } from '../support/pilot-process.ts';
import { secureTarget, startSecureServer, testSecurity } from '../support/secure-server.ts';

const SCENARIO = { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: 2 };
const LISTING = writeLsAnswer(lsReply(2));
const USERS = ['Load User 001', 'Load User 002', 'Load User 003'];

let made: Promise<Credential[]> | undefined;

function users(): Promise<Credential[]> {
  return (made ??= testCertificates().then(({ authority }) =>
    Promise.all(USERS.map((commonName) => issueUser(authority, { commonName }))),
  ));
}

const PLAN: Omit<CellPlan, 'target' | 'credentials'> = {
  cell: 'cell-a',
  attempt: 1,
  firstClient: 4,
  clients: 5,
  level: 20,
  scenario: SCENARIO,
  labelled: true,
  startSpreadMs: 0,
  afterFailure: { pauseMs: 0, growToMs: 0 },
  seed: 1,
  gaugeEveryMs: 20,
};

/** An httpg service, and under which names each client came. */
async function startService(t: ExecutionContext) {
  const namesOf = new Map<string, Set<string>>();
  const server = await startSecureServer(t, { gsi: true }, (request, response) => {
    const client = parseOperationHeader(request.headers[OPERATION_HEADER] as string)?.client as string;
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    namesOf.set(client, (namesOf.get(client) ?? new Set()).add(subject.CN as string));
    response.setHeader('Content-Type', 'text/xml').end(LISTING);
  });
  return { server, namesOf };
}

/** Whether a text holds any line of a key. */
function holdsKey(text: string, { privateKey }: Credential): boolean {
  return privateKey.split('\n').some((line) => line.length > 16 && text.includes(line));
}

const measuresCell = test.macro({
  title: (place = '') =>
    `a cell over httpg on ${place}: each client comes under its own name, every handshake is counted`,
  async exec(t: ExecutionContext, slots: number) {
    const pool = await users();
    const { server, namesOf } = await startService(t);
    const scene = await openScene(t);
    const { ended } = startPilot(t, scene, { slots });
    const pilot = await scene.joined();
    const target = secureTarget(server.port, await testSecurity());
    const plan = { ...PLAN, target, credentials: { from: PLAN.firstClient, list: pool } };
    const cell = about(plan, pilot);

    pilot.send({ type: 'prepare', plan });
    await scene.next('prepared');
    cell.fire(machineClock.nowMs() + 50);
    await scene.until('every client has ended three operations', () => server.requests.length >= 60);
    cell.finish(20_000);
    const { rowsSent, connections } = await scene.next('cell-done');

    t.deepEqual(
      Object.fromEntries([...namesOf].map(([client, names]) => [client, [...names]])),
      Object.fromEntries(
        Array.from({ length: PLAN.clients }, (_, index) => [
          String(PLAN.firstClient + index),
          [USERS[index % USERS.length]],
        ]),
      ),
    );
    t.is(rowsSent, server.requests.length);
    const { byCipher, ...counts } = connections;
    t.deepEqual(counts, {
      opened: rowsSent,
      secured: rowsSent,
      resumed: 0,
      carriedBy: { direct: rowsSent, undici: 0 },
    });
    t.deepEqual(Object.values(byCipher), [rowsSent]);
    t.true(
      scene.frames.every(({ block }) => block.handshakeUs.subarray(0, block.rows).every((us) => us > NOT_REACHED)),
    );

    pilot.send({ type: 'leave', reason: 'the campaign is over' });
    const { stderr } = await ended;
    t.true(stderr.includes('cell done'));
    t.false(pool.some((credential) => holdsKey(stderr, credential)));
  },
});

test('the main thread', measuresCell, 4);
test('a worker thread', measuresCell, 8);

test('the one operation is tried under the name that it was given', async (t) => {
  const [, second] = await users();
  const { server, namesOf } = await startService(t);
  const scene = await openScene(t);
  startPilot(t, scene);
  const pilot = await scene.joined();
  const target = secureTarget(server.port, await testSecurity());
  pilot.send({ type: 'try', id: 1, scenario: SCENARIO, target, credential: second as Credential, labelled: true });
  const { outcome, handshakeMs } = await scene.next('tried');
  t.is(outcome, 'ok');
  t.true(handshakeMs !== null);
  t.deepEqual([...(namesOf.get('p1') ?? [])], ['Load User 002']);
});

test('a plan with the credentials of 2,500 clients reaches its pilot', async (t) => {
  const scene = await openScene(t);
  startPilot(t, scene, { slots: 8 });
  const pilot = await scene.joined();
  const list = Array.from({ length: 2500 }, () => ({
    certificateChain: 'c'.repeat(4000),
    privateKey: 'k'.repeat(2000),
  }));
  const target = loopbackTarget(PORT_OF_NOBODY, { connection: { perOperation: true } });
  pilot.send({ type: 'prepare', plan: { ...PLAN, target, credentials: { from: 0, list } } });
  t.is((await scene.next('prepared')).cell, PLAN.cell);
});
