import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { createAcceptor } from '../../../frontend/container/acceptor.ts';

test('nobody is served before a turn has brought no further connection', async (t) => {
  const served: Socket[] = [];
  const acceptor = createAcceptor(
    () => true,
    (raw) => void served.push(raw),
  );
  const sockets = Array.from({ length: 20 }, () => new Socket());
  for (const socket of sockets) {
    acceptor.receive(socket);
    await setImmediate();
    t.is(served.length, 0);
  }
  await setImmediate();
  t.deepEqual(served, sockets);
  // It looks again for those who come later.
  const [late] = [new Socket()];
  acceptor.receive(late);
  await setImmediate();
  await setImmediate();
  t.deepEqual(served, [...sockets, late]);
});

test('nobody is kept longer once the last thread is given away', async (t) => {
  const served: Socket[] = [];
  const threads = 3;
  let given = 0;
  const acceptor = createAcceptor(
    () => given < threads,
    (raw) => void served.push(raw),
  );
  for (; given < threads; given += 1) {
    t.is(served.length, 0);
    acceptor.receive(new Socket());
    if (given < threads - 1) await setImmediate();
  }
  await setImmediate();
  t.is(served.length, threads);
});

test('who has been closed meanwhile is not served', async (t) => {
  const acceptor = createAcceptor(
    () => true,
    () => t.fail(),
  );
  const socket = new Socket();
  acceptor.receive(socket);
  socket.destroy();
  await setImmediate();
  await setImmediate();
  t.pass();
});
