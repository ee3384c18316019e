import test from 'ava';
import { dialCoordinator } from '../../../agent/link.ts';
import { type CellPlan, PROTOCOL_VERSION, proveSecret } from '../../../agent/protocol.ts';
import { openGate } from '../../../coordinator/pilots/gate.ts';
import { createChanges } from '../../../foundation/changes.ts';
import { machineClock } from '../../../foundation/clock.ts';
import { SOME_HOST } from '../../support/host-facts.ts';
import { loopbackTarget } from '../../support/loopback-server.ts';

const COMMON = { campaign: 'test', pilot: 'p', site: 'desk', slots: 2500 };
const SECRET = 's'.repeat(64);
const PLAN: Omit<CellPlan, 'credentials'> = {
  cell: 'c',
  attempt: 1,
  firstClient: 0,
  clients: 2500,
  level: 2500,
  scenario: { kind: 'srm-ls' },
  target: loopbackTarget(9),
  labelled: true,
  startSpreadMs: 0,
  afterFailure: { pauseMs: 0, growToMs: 0 },
  seed: 1,
  gaugeEveryMs: 10,
};

test('the credentials of 2,500 clients of one pilot, 6 kB each, reach it in one message', async (t) => {
  const changes = createChanges(machineClock);
  let received: CellPlan | null = null;
  let ended: string | null = null;
  const credential = { certificateChain: 'c'.repeat(4096), privateKey: 'k'.repeat(2048) };
  const gate = await openGate({
    clock: machineClock,
    campaign: COMMON.campaign,
    secret: SECRET,
    listen: '127.0.0.1:0',
    listener: {
      joined(connection) {
        const list = Array.from({ length: 2500 }, () => credential);
        connection.send({ type: 'prepare', plan: { ...PLAN, credentials: { from: 0, list } } });
      },
      said() {},
      sentRows() {},
      heldBack() {},
      gone() {},
      refused: (reason) => t.fail(reason),
    },
  });
  t.teardown(() => gate.close());
  const { url, certificate } = gate;
  const join = { ...COMMON, url, certificate, secret: SECRET, idleLimitMs: 60_000, threads: 1, sourceAddresses: [] };
  const link = dialCoordinator(join, machineClock, {
    said(message) {
      if (message.type === 'challenge') {
        const proof = proveSecret(SECRET, message.nonce, COMMON.pilot);
        link.send({ type: 'hello', v: PROTOCOL_VERSION, ...COMMON, proof, host: SOME_HOST });
      }
      if (message.type === 'prepare') received = message.plan;
      changes.notify();
    },
    gone(reason) {
      ended = reason;
      changes.notify();
    },
  });
  t.teardown(() => link.close());
  await changes.until(() => received !== null || ended !== null);
  t.is(ended, null);
  const plan = received as CellPlan | null;
  t.is(plan?.credentials.list.length, 2500);
  t.deepEqual(plan?.credentials.list.at(-1), credential);
});
