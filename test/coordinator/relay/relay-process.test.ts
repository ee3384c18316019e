import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type RelayProcess, startRelayProcess } from '../../../coordinator/relay/relay-process.ts';
import { createRelays } from '../../../coordinator/relay/relays.ts';
import { machineClock } from '../../../foundation/clock.ts';
import { performOnce } from '../../../scenarios/perform-once.ts';
import { makeDirectory } from '../../frontend/fresh-directory.ts';
import { makeCertificates } from '../../frontend/secure-client.ts';
import { clientContext } from '../../scenarios/http/perform.ts';
import { testCertificates } from '../../support/certificates.ts';
import { startFrontendProcess } from '../../support/frontend-process.ts';
import { type LoopbackServer, answer, startLoopbackServer } from '../../support/loopback-server.ts';
import { isProcessGone } from '../../support/process-state.ts';
import { secureTarget, testSecurity } from '../../support/secure-server.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { LAUNCH } from '../tiny-campaign.ts';
import { dialPort, watch } from './relayed.ts';

const ROUND_TRIP_MS = 60;

async function surroundings(t: ExecutionContext) {
  const folder = await makeTemporaryFolder(t);
  return { command: LAUNCH.relay, log: join(folder, 'relay.log'), clock: machineClock };
}

async function startProcess(t: ExecutionContext, port: number): Promise<RelayProcess> {
  const to = { address: '127.0.0.1', port };
  const relay = await startRelayProcess({ ...(await surroundings(t)), to, roundTripMs: ROUND_TRIP_MS });
  t.teardown(() => relay.stop());
  return relay;
}

test('an httpg operation feels two round trips in its handshake, and one until the first byte of its answer', async (t) => {
  const certificates = await makeCertificates(t);
  const root = makeDirectory(t, { 'd/a': '', 'd/b': '' });
  const frontend = await startFrontendProcess({ root, port: 0, fsConcurrency: 1, httpg: true, certificates });
  t.teardown(() => frontend.stop());
  const relay = await startProcess(t, Number(new URL(frontend.url).port));
  const { proxy } = await testCertificates();
  const target = secureTarget(relay.port, await testSecurity(), { path: '/srm/v2/server' });
  const scenario = { kind: 'srm-ls', directory: '/d', detail: 'full', levels: 1, expectEntries: 2 };
  const context = clientContext(target, { credential: proxy });
  const { outcome, startedAtMs, securedAtMs, firstByteAtMs } = await performOnce(machineClock, scenario, context);
  t.is(outcome, 'ok');
  // Whatever else takes time makes them longer: only what is too short is wrong.
  t.true(
    securedAtMs - startedAtMs >= 2 * ROUND_TRIP_MS,
    `${securedAtMs - startedAtMs} ms until the handshake was over`,
  );
  t.true(firstByteAtMs - securedAtMs >= ROUND_TRIP_MS, `${firstByteAtMs - securedAtMs} ms until the first byte`);
});

async function ask(port: number): Promise<string> {
  const end = watch(dialPort(port));
  end.socket.end('GET / HTTP/1.1\r\n\r\n');
  await end.saw('close');
  return end.text().split('\r\n\r\n')[1] ?? '';
}

function startService(t: ExecutionContext, body: string): Promise<LoopbackServer> {
  return startLoopbackServer(t, answer(body));
}

test('a relay process delivers what is under way before it ends, and can be stopped twice', async (t) => {
  const service = await startService(t, 'answered');
  const relay = await startProcess(t, service.port);
  t.is(await ask(relay.port), 'answered');
  const late = watch(dialPort(relay.port));
  await new Promise<void>((written) => late.socket.write('GET /late HTTP/1.1\r\n\r\n', () => written()));
  // The relay has dialled for it, so it has it: its bytes came before that.
  await service.accepted(2);
  await relay.stop();
  // What the relay has delivered is ours to read yet.
  await service.received(2);
  t.is(service.requests.at(-1)?.line, 'GET /late HTTP/1.1');
  t.true(await isProcessGone(relay.pid));
  await relay.stop();
});

test('one relay stands for each service and distance, none for no distance, and all stop together', async (t) => {
  const services = await Promise.all([startService(t, 'first'), startService(t, 'second')]);
  const [first, second] = services.map(({ port }) => ({ address: '127.0.0.1', port }));
  if (first === undefined || second === undefined) throw new Error('two services were started');
  const relays = createRelays(await surroundings(t));
  t.teardown(() => relays.stop());
  const asked = [first, first, second, first].map((to, index) => relays.reach(to, index === 3 ? 30 : 20));
  const [one, again, other, further] = await Promise.all(asked);
  t.deepEqual(again, one);
  t.is(new Set([one?.port, other?.port, further?.port, first.port, second.port]).size, 5);
  t.is(await relays.reach(first, 0), first);
  t.is(await ask(one?.port as number), 'first');
  t.is(await ask(other?.port as number), 'second');
  t.is(await ask(further?.port as number), 'first');
  await relays.stop();
  for (const reached of [one, other, further]) {
    const late = watch(dialPort(reached?.port as number));
    await late.saw('close');
    t.deepEqual(late.events, ['ECONNREFUSED', 'close']);
  }
});

test('why a relay does not start is told, and stands in its log', async (t) => {
  const options = await surroundings(t);
  const relays = createRelays(options);
  t.teardown(() => relays.stop());
  const failed = await t.throwsAsync(relays.reach({ address: '192.0.2.1', port: 8443 }, 20), { code: 'GT_RELAY' });
  t.true(failed?.message.includes('192.0.2.1:8443'));
  t.true((await readFile(options.log, 'utf8')).includes('on loopback was expected, got 192.0.2.1:8443'));
});
