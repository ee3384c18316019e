import test from 'ava';
import type { Finding } from '../../../coordinator/doctor/finding.ts';
import { judgeConnectionRate } from '../../../coordinator/doctor/judge-connection-rate.ts';
import type { Scene } from '../../../coordinator/doctor/scene.ts';
import { embedded, host, scene, site, target } from './sample-scene.ts';

type Expected = Partial<Pick<Finding, 'where' | 'verdict' | 'has' | 'needs' | 'fix'>>;

const rate = test.macro({
  exec(t, judged: Scene, ...expected: Expected[]) {
    const findings = judgeConnectionRate(judged);
    t.is(findings.length, expected.length);
    for (const [index, each] of expected.entries()) t.like(findings[index], each);
  },
  title: (name) => name ?? '',
});

test('kept connections know no rate', rate, scene({ targets: [target({ perOperation: false })] }), {
  verdict: 'fits',
  has: null,
});

test('nor do connections that are reset', rate, scene({ targets: [target({ isReset: true })] }), {
  verdict: 'fits',
  has: null,
});

test('a port rests for a minute', rate, scene({ sites: [site({ clients: 100 })] }), {
  verdict: 'fits',
  has: Math.floor((28_232 - 100) / 60),
  needs: 100,
});

test('an operation a second for each client is likely', rate, scene(), {
  verdict: 'tight',
  has: Math.floor((28_232 - 1000) / 60),
  needs: 1000,
  fix: "target.connection.close: 'reset'",
});

test(
  'a window may ask for more',
  rate,
  scene({ sites: [site({ clients: 100 })], demand: { operationsPerClientPerS: 5 } }),
  {
    verdict: 'tight',
    needs: 500,
  },
);

test(
  'tcp_tw_reuse 2 makes loopback 60 times as fast',
  rate,
  scene({ sites: [site({ clients: 400 })], targets: [embedded()] }),
  {
    verdict: 'fits',
    has: 27_832,
  },
);

test(
  'until nothing can listen on a free port any more',
  rate,
  scene({ sites: [site({ clients: 12_000 })], targets: [embedded()], demand: { operationsPerClientPerS: 1.25 } }),
  {
    verdict: 'tight',
    has: 16_232,
    needs: 15_000,
    fix: "target.connection.close: 'reset'",
  },
);

test(
  'but not from an address that connections are bound to',
  rate,
  scene({ sites: [site({ sourceAddresses: ['127.0.0.2', '127.0.0.3'] })], targets: [embedded()] }),
  { verdict: 'tight', has: Math.floor((2 * (28_232 - 500)) / 60) },
);

test('several addresses add up', rate, scene({ targets: [target({ addresses: ['10.0.0.1', '10.0.0.2'] })] }), {
  has: Math.floor((2 * (28_232 - 500)) / 60),
});

test('clients that take all ports leave none to begin with', rate, scene({ sites: [site({ clients: 30_000 })] }), {
  verdict: 'tight',
  has: 0,
});

test(
  'a kernel that keeps fewer in TIME_WAIT than there are ports frees the others at once',
  rate,
  scene({ hosts: host({ timeWait: { most: 5000 } }) }),
  { verdict: 'fits', has: null },
);

test(
  'the target with the scarcest connections counts',
  rate,
  scene({ targets: [target({ perOperation: false }), target({ path: 'targets.old' }), embedded()] }),
  { verdict: 'tight', fix: "targets.old.connection.close: 'reset'" },
);

test(
  'relays open connections too',
  rate,
  scene({ sites: [site({ roundTripMs: 10 })], targets: [embedded()], own: host({ timeWait: { reuse: 0 } }) }),
  { where: 'local', verdict: 'fits', has: 27_232 },
  { where: 'relays', verdict: 'tight' },
);

test('an unreadable range is unknown', rate, scene({ hosts: host({ ports: null }) }), { verdict: 'unknown' });

const secured = { ...embedded(), isSecured: true };
test(
  'the embedded service leaves no port to rest after TLS',
  rate,
  scene({ sites: [site({ clients: 50_000 })], targets: [secured] }),
  {
    verdict: 'fits',
    has: null,
  },
);

test(
  'but a relay before it does',
  rate,
  scene({ sites: [site({ clients: 27_000, roundTripMs: 4 })], targets: [secured] }),
  { where: 'local', verdict: 'tight' },
  { where: 'relays', verdict: 'tight' },
);

test('of other services it is not known', rate, scene({ targets: [target({ isSecured: true })] }), {
  verdict: 'tight',
});
