import { EventEmitter, once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import type { ThreadPlan, ThreadReport } from '../../agent/thread-message.ts';
import { createThread } from '../../agent/thread.ts';
import { machineClock } from '../../foundation/clock.ts';

/** A service that accepts connections and never answers. */
async function startAcceptor(t: ExecutionContext) {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      server.emit('left');
    });
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return {
    port: (server.address() as AddressInfo).port,
    accepted: () => once(server, 'connection'),
    async allLeft() {
      while (open.size > 0) await once(server, 'left');
    },
  };
}

const FACTS = { campaign: 'c', sourceAddresses: [] };

function planFor(port: number, cell: string, clients: number): ThreadPlan {
  return {
    cell,
    attempt: 1,
    firstClient: 0,
    clients,
    level: clients,
    scenario: { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: null },
    target: {
      origin: `http://127.0.0.1:${port}`,
      security: null,
      path: '/srm',
      addresses: [{ address: '127.0.0.1', family: 4, port }],
      connection: { perOperation: false, close: 'fin' },
      timeoutsMs: { connect: 20_000, handshake: 20_000, answer: 20_000 },
      userAgent: 'test',
      transport: 'direct',
    },
    credentials: { from: 0, list: [] },
    labelled: true,
    startSpreadMs: 0,
    afterFailure: { pauseMs: 500, growToMs: 5000 },
    seed: 1,
    gaugeEveryMs: 50,
  };
}

test('a cell that is stood down while its connections are being opened leaves none behind and is not prepared', async (t) => {
  const acceptor = await startAcceptor(t);
  const reports: ThreadReport[] = [];
  const said = new EventEmitter();
  const thread = createThread(machineClock, (report) => {
    reports.push(report);
    said.emit('report');
  });

  thread.take({ type: 'prepare', facts: FACTS, plan: planFor(acceptor.port, 'first', 300) });
  await acceptor.accepted();
  thread.take({ type: 'stand-down' });
  await acceptor.allLeft();

  const prepared = once(said, 'report');
  thread.take({ type: 'prepare', facts: FACTS, plan: planFor(acceptor.port, 'second', 2) });
  await prepared;
  t.deepEqual(reports, [{ type: 'prepared', cell: 'second', attempt: 1, failures: {} }]);
  thread.take({ type: 'stand-down' });
  await acceptor.allLeft();
});
