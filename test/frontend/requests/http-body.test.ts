import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { BODY_LIMIT_BYTES, createBodyCollector } from '../../../frontend/requests/http-body.ts';
import { awaitClose } from '../secure-client.ts';

/** A server that says what it has collected: a number of bytes, or a refusal. */
async function startCollector(t: ExecutionContext, togetherLimitBytes: number): Promise<number> {
  const collectBody = createBodyCollector(togetherLimitBytes);
  const server = createServer((request, response) => {
    collectBody(request, (body) => response.end(typeof body === 'string' ? body : `${body.length} ${body.toString()}`));
    if (request.headers.expect === undefined) response.writeProcessing(); // so that a test knows that it has begun
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends the head of a request and the beginning of its body. */
async function begin(t: ExecutionContext, port: number, length: number, beginning: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n${beginning}`);
  t.regex(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 102 /);
  return socket;
}

async function post(port: number, body: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).text();
}

test('a body is whole, however small its pieces', async (t) => {
  const port = await startCollector(t, 1_000_000);
  const text = 'ä'.repeat(3000);
  const socket = await begin(t, port, 6000, '');
  for (const byte of Buffer.from(text)) await new Promise((written) => socket.write(Buffer.of(byte), written));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  t.true(answer.toString().includes(`6000 ${text}`));
  t.is(await post(port, ''), '0 ');
});

test('bodies that are unfinished have room for so much together, and leave it when they end or their senders leave', async (t) => {
  const port = await startCollector(t, 3000);
  const first = await begin(t, port, 1500, 'x'.repeat(1000));
  const second = await begin(t, port, 1500, 'x'.repeat(1000));
  t.is(await post(port, 'y'), 'too-many');
  first.end('x'.repeat(500));
  await awaitClose(first);
  t.is(await post(port, 'y'), '1 y');
  const third = await begin(t, port, 1500, 'x'.repeat(1000));
  t.is(await post(port, 'y'), 'too-many');
  second.destroy();
  third.destroy();
  for (let round = 0; round < 100 && (await post(port, 'y'.repeat(2500))) === 'too-many'; round += 1);
  t.regex(await post(port, 'y'.repeat(2500)), /^2500 y/);
});

test('one that had no room is told so at its end, and so is one that is too large', async (t) => {
  const port = await startCollector(t, 2 * BODY_LIMIT_BYTES);
  t.regex(await post(port, 'x'.repeat(BODY_LIMIT_BYTES)), /^1048576 x/);
  t.is(await post(port, 'x'.repeat(BODY_LIMIT_BYTES + 1)), 'too-large');
});

test('who goes on sending what nobody keeps is cut off', async (t) => {
  const port = await startCollector(t, 1_000_000);
  const socket = await begin(t, port, 1e12, '');
  const closed = awaitClose(socket);
  const piece = Buffer.alloc(BODY_LIMIT_BYTES);
  let sent = 0;
  while (!socket.destroyed && sent < 200) {
    sent += 1;
    await new Promise((written) => socket.write(piece, written));
  }
  await closed;
  t.true(sent < 100, `${sent} MiB`);
});
