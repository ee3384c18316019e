import test from 'ava';
import { BYTES } from '../../../coordinator/doctor/costs.ts';
import { formatBytes, judgeMemory } from '../../../coordinator/doctor/judge-memory.ts';
import { embedded, host, scene, site, target } from './sample-scene.ts';

const elsewhere = host({ bootId: 'boot-2' });

test('pilots and plain clients, on a host of their own', (t) => {
  const [finding, ...others] = judgeMemory(scene({ own: elsewhere }));
  t.is(others.length, 0);
  t.like(finding, {
    verdict: 'fits',
    has: 16e9,
    needs: 2 * BYTES.pilot + 1000 * (BYTES.plainClient + BYTES.socket),
    fix: null,
  });
});

test('threads and TLS take more', (t) => {
  const [finding] = judgeMemory(
    scene({ own: elsewhere, sites: [site({ threads: 3 })], targets: [target(), target({ isSecured: true })] }),
  );
  const clients = 1000 * (BYTES.securedClient + BYTES.socket);
  t.is(finding?.needs, 2 * (BYTES.pilot + 2 * BYTES.pilotThread) + clients);
});

test('the coordinator and its service count where they run', (t) => {
  const [here] = judgeMemory(scene({ targets: [embedded()] }));
  const [there] = judgeMemory(scene({ targets: [embedded()], own: elsewhere }));
  const perClient = BYTES.plainConnection + BYTES.socket;
  t.is((here?.needs ?? 0) - (there?.needs ?? 0), BYTES.coordinator + BYTES.frontend + 1000 * perClient);
});

test('so do its relays', (t) => {
  const sites = [site({ roundTripMs: 20 }), site({ site: 'far', roundTripMs: 80 }), site({ site: 'near' })];
  const [far] = judgeMemory(scene({ sites, targets: [embedded()] }));
  const [near] = judgeMemory(
    scene({ sites: sites.map((each) => ({ ...each, roundTripMs: 0 })), targets: [embedded()] }),
  );
  const relayed = 2 * BYTES.relay + 2000 * (BYTES.relayedClient + 2 * BYTES.socket);
  t.is((far?.needs ?? 0) - (near?.needs ?? 0), relayed);
});

test('sites on one kernel share what it has', (t) => {
  const little = host({ memory: { availableBytes: 1e9 } });
  const [finding, ...others] = judgeMemory(
    scene({ sites: [site(), site({ site: 'other', clients: 90_000 })], hosts: little, own: elsewhere }),
  );
  t.is(others.length, 0);
  t.like(finding, { where: 'local, other', verdict: 'too-small', has: 1e9 });
  t.regex(finding?.fix ?? '', /^load\.levels: at most \d+ clients there/);
});

test('as many clients as it names would fit', (t) => {
  const little = host({ memory: { availableBytes: 1e9 } });
  const [finding] = judgeMemory(scene({ sites: [site({ clients: 90_000 })], hosts: little, own: elsewhere }));
  const clients = Number(/at most (\d+)/.exec(finding?.fix ?? '')?.[1]);
  const [again] = judgeMemory(scene({ sites: [site({ clients })], hosts: little, own: elsewhere }));
  t.not(again?.verdict, 'too-small');
  const [more] = judgeMemory(scene({ sites: [site({ clients: clients + 1 })], hosts: little, own: elsewhere }));
  t.is(more?.verdict, 'too-small');
});

test('a limit of a cgroup is judged apart', (t) => {
  const limited = host({ memory: { cgroup: { limitBytes: 512e6, roomBytes: 100e6 } } });
  const [kernel, cgroup] = judgeMemory(scene({ hosts: limited }));
  t.is(kernel?.verdict, 'fits');
  t.like(cgroup, { where: 'local', verdict: 'too-small', has: 100e6 });
  // What the coordinator takes counts elsewhere: it is not in that cgroup.
  t.is((kernel?.needs ?? 0) - (cgroup?.needs ?? 0), BYTES.coordinator);
});

test('what can not be read is unknown', (t) => {
  const [finding] = judgeMemory(scene({ hosts: host({ memory: { availableBytes: null } }) }));
  t.like(finding, { verdict: 'unknown', has: null, fix: null });
});

test('bytes as people read them', (t) => {
  t.is(formatBytes(1_440_000_000), '1.4 GB');
  t.is(formatBytes(380_400_000), '380 MB');
});
