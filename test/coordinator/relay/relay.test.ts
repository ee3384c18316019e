import { once } from 'node:events';
import { createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { startRelay } from '../../../coordinator/relay/relay.ts';
import { monotonicNowMs } from '../../../foundation/clock.ts';
import { PORT_OF_NOBODY } from '../../support/loopback-server.ts';
import { type End, type Relayed, dialPort, startRelayed, watch } from './relayed.ts';

const ROUND_TRIP_MS = 20;

/** Both ends of one connection that stands. */
async function connectOne(t: ExecutionContext): Promise<{ near: End; far: End; relayed: Relayed }> {
  const relayed = await startRelayed(t, ROUND_TRIP_MS);
  const near = relayed.dial();
  return { near, far: await relayed.accepted(0), relayed };
}

async function came(end: End, text: string): Promise<void> {
  while (end.text().length < text.length) await once(end.socket, 'data');
}

test('what one end says comes to the other, both ways, not before half a round trip', async (t) => {
  const relayed = await startRelayed(t, ROUND_TRIP_MS);
  const dialledAtMs = monotonicNowMs();
  const near = relayed.dial();
  near.socket.write('asked');
  const far = await relayed.accepted(0);
  t.true(monotonicNowMs() - dialledAtMs >= ROUND_TRIP_MS / 2);
  await came(far, 'asked');
  t.is(far.text(), 'asked');
  const answeredAtMs = monotonicNowMs();
  far.socket.write('answered');
  await came(near, 'answered');
  t.true(monotonicNowMs() - answeredAtMs >= ROUND_TRIP_MS / 2);
  t.true(monotonicNowMs() - dialledAtMs >= ROUND_TRIP_MS);
  t.is(near.text(), 'answered');
  t.deepEqual(relayed.warnings, []);
});

test('a service that speaks first is heard', async (t) => {
  const { near, far } = await connectOne(t);
  far.socket.write('220 ready');
  await came(near, '220 ready');
  t.is(near.text(), '220 ready');
});

for (const [who, from, to] of [
  ['client', 'near', 'far'],
  ['service', 'far', 'near'],
] as const) {
  test(`the ${who} ends its side alone: the other one goes on until it ends too`, async (t) => {
    const ends = await connectOne(t);
    ends[from].socket.end('last words');
    await ends[to].saw('end');
    t.is(ends[to].text(), 'last words');
    ends[to].socket.write('still here');
    await came(ends[from], 'still here');
    t.deepEqual(ends[from].events, []);
    ends[to].socket.end();
    await Promise.all([ends[from].saw('close'), ends[to].saw('close')]);
    t.deepEqual(ends[from].events, ['end', 'close']);
    t.deepEqual(ends[to].events, ['end', 'close']);
  });

  test(`the ${who} resets: the other one has all that came before, and then a reset`, async (t) => {
    const ends = await connectOne(t);
    const sentAtMs = monotonicNowMs();
    ends[from].socket.write('last words');
    await came(ends[to], 'last words');
    ends[from].socket.resetAndDestroy();
    await ends[to].saw('close');
    t.true(monotonicNowMs() - sentAtMs >= ROUND_TRIP_MS);
    t.is(ends[to].text(), 'last words');
    t.deepEqual(ends[to].events, ['ECONNRESET', 'close']);
  });
}

test('a client that is gone before the service has heard of it comes all the same, and resets', async (t) => {
  const relayed = await startRelayed(t, ROUND_TRIP_MS);
  const near = relayed.dial();
  await once(near.socket, 'connect');
  near.socket.write('asked', () => near.socket.resetAndDestroy());
  const far = await relayed.accepted(0);
  await far.saw('close');
  t.deepEqual(far.events, ['ECONNRESET', 'close']);
});

test('a dial that the service refuses resets the client, after a whole round trip', async (t) => {
  const warnings: string[] = [];
  const to = { address: '127.0.0.1', port: PORT_OF_NOBODY };
  const relay = await startRelay({ to, roundTripMs: ROUND_TRIP_MS, port: 0, warn: (text) => warnings.push(text) });
  t.teardown(() => relay.stop());
  const dialledAtMs = monotonicNowMs();
  const near = watch(dialPort(relay.port));
  near.socket.write('asked');
  await near.saw('close');
  t.true(monotonicNowMs() - dialledAtMs >= ROUND_TRIP_MS);
  t.deepEqual(near.events, ['ECONNRESET', 'close']);
  t.deepEqual(warnings, [], 'a refusal is the service’s own');
});

/** What a client does and what the service does with it, in this order; `turn` lets the event loop turn in between. */
const deed = fc.oneof(
  fc.record({ client: fc.nat(3), by: fc.constantFrom('near', 'far'), says: fc.integer({ min: 1, max: 100_000 }) }),
  fc.constant('turn'),
);

test('bytes keep their order on every connection and in both directions, however they are mixed', async (t) => {
  const relayed = await startRelayed(t, 6);
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 40 }), async (deeds) => {
      const nears = [0, 1, 2, 3].map(() => relayed.dial());
      const fars: End[] = [];
      // Which is whose: the client says it first, in one byte.
      for (const [index, near] of nears.entries()) near.socket.write(String(index));
      while (Object.keys(fars).length < nears.length) {
        const far = await relayed.accepted(accepted++);
        await came(far, '0');
        fars[Number(far.text()[0])] = far;
      }
      const said = { near: nears.map((_, index) => String(index)), far: nears.map(() => '') };
      for (const [index, each] of deeds.entries()) {
        if (typeof each === 'string') {
          await new Promise(setImmediate);
          continue;
        }
        const text = `${index} `.repeat(each.says).slice(0, each.says);
        said[each.by][each.client] += text;
        (each.by === 'near' ? nears : fars)[each.client]?.socket.write(text);
      }
      for (const end of [...nears, ...fars]) end.socket.end();
      await Promise.all([...nears, ...fars].map((end) => end.saw('close')));
      t.true(fars.every((far, index) => far.text() === said.near[index]));
      t.true(nears.every((near, index) => near.text() === said.far[index]));
      for (const end of [...nears, ...fars]) t.deepEqual(end.events, ['end', 'close']);
    }),
    { numRuns: 25 },
  );
});

test('a thousand clients come all together, and each has its own answer', async (t) => {
  const clients = 1000;
  const relayed = await startRelayed(t, 100);
  const nears = Array.from({ length: clients }, () => relayed.dial());
  for (const [index, near] of nears.entries()) near.socket.end(`client ${index}`);
  for (let number = 0; number < clients; number += 1) {
    const far = await relayed.accepted(number);
    void far.saw('end').then(() => far.socket.end(`to ${far.text()}`));
  }
  await Promise.all(nears.map((near) => near.saw('close')));
  t.true(nears.every((near, index) => near.text() === `to client ${index}`));
  t.true(nears.every(({ events }) => events.join() === 'end,close'));
  t.deepEqual(relayed.warnings, []);
});

test('what is under way when the relay stops still arrives; then both ends end, and nobody is let in', async (t) => {
  const { near, far, relayed } = await connectOne(t);
  near.socket.write('last question');
  far.socket.write('last answer');
  await relayed.relay.stop();
  await Promise.all([near.saw('end'), far.saw('end')]);
  t.is(far.text(), 'last question');
  t.is(near.text(), 'last answer');
  const late = watch(dialPort(relayed.relay.port));
  await late.saw('close');
  t.deepEqual(late.events, ['ECONNREFUSED', 'close']);
});

test('a service off loopback, an impossible distance and a taken port are refused', async (t) => {
  const taken = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const { port } = taken.address() as { port: number };
  const good = { to: { address: '127.0.0.1', port }, roundTripMs: ROUND_TRIP_MS, port: 0, warn: t.fail };
  for (const wrong of [
    { to: { address: '192.0.2.1', port } },
    { to: { address: '127.example.org', port } },
    { roundTripMs: -1 },
    { roundTripMs: NaN },
    { roundTripMs: 60_001 },
    { port },
  ]) {
    await t.throwsAsync(startRelay({ ...good, ...wrong }), { code: 'GT_RELAY' }, JSON.stringify(wrong));
  }
});
