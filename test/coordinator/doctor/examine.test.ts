import test from 'ava';
import { judgeAll } from '../../../coordinator/doctor/examine.ts';
import { judgeAcceptQueue } from '../../../coordinator/doctor/judge-accept-queue.ts';
import { judgeHealth } from '../../../coordinator/doctor/judge-health.ts';
import { embedded, host, scene, site, target } from './sample-scene.ts';

test('a service of this machine lets as many wait as the kernel allows', (t) => {
  const sites = [site({ clients: 5000 })];
  const [finding] = judgeAcceptQueue(scene({ sites, targets: [embedded()] }));
  t.like(finding, { verdict: 'tight', has: 4096, needs: 5000, fix: 'sysctl -w net.core.somaxconn=5000' });
  t.is(judgeAcceptQueue(scene({ targets: [embedded()] }))[0]?.verdict, 'fits');
  t.is(judgeAcceptQueue(scene({ targets: [embedded()], own: host({ acceptQueue: null }) }))[0]?.verdict, 'unknown');
});

test('nobody waits where clients come one after the other, or elsewhere', (t) => {
  t.deepEqual(judgeAcceptQueue(scene()), []);
  t.deepEqual(judgeAcceptQueue(scene({ targets: [{ ...embedded(), perOperation: false }] })), []);
  t.deepEqual(judgeAcceptQueue(scene({ targets: [embedded()], demand: { startsTogether: false } })), []);
});

test('a figure of health that can not be read is named', (t) => {
  const [finding] = judgeHealth(scene({ hosts: host({ health: { runQueue: false, pressure: false } }) }));
  t.like(finding, { verdict: 'tight', has: 3, needs: 5, fix: null });
  t.regex(finding?.says ?? '', /not readable there: .*schedstat.*PSI/);
  t.like(judgeHealth(scene())[0], { verdict: 'fits', has: 5, needs: 5 });
});

test('a campaign that fits is told resource by resource', (t) => {
  const findings = judgeAll(scene({ sites: [site({ clients: 100 })] }));
  t.deepEqual(
    findings.map(({ resource, verdict }) => [resource, verdict]),
    [
      ['descriptors', 'fits'],
      ['descriptors', 'fits'],
      ['ports', 'fits'],
      ['connection-rate', 'fits'],
      ['memory', 'fits'],
      ['cores', 'fits'],
      ['health', 'fits'],
    ],
  );
});

test('where nothing can be read, nothing is guessed', (t) => {
  const blind = host({
    descriptors: { soft: null, hard: null, highestHard: null, mayRaiseHard: null, ofHost: null },
    ports: null,
    acceptQueue: null,
    memory: { totalBytes: null, availableBytes: null, cgroup: null },
    cores: { allowed: null, quota: null },
  });
  const findings = judgeAll(scene({ hosts: blind, own: blind, targets: [embedded()] }));
  const judged = findings.filter(({ resource }) => resource !== 'health');
  t.true(judged.length > 5);
  t.deepEqual([...new Set(judged.map(({ verdict }) => verdict))], ['unknown']);
  t.true(judged.every(({ has, fix }) => has === null && fix === null));
});

test('a site that no client comes from is left out', (t) => {
  const findings = judgeAll(scene({ sites: [site(), site({ site: 'idle', clients: 0 })] }));
  t.false(findings.some(({ where }) => where.includes('idle')));
});

test('everything that does not fit names what would help', (t) => {
  const small = host({
    descriptors: { soft: 100, hard: 100, ofHost: { used: 10, most: 20 } },
    ports: { lowest: 40_000, highest: 40_099 },
    acceptQueue: 10,
    memory: { availableBytes: 1e6 },
    cores: { allowed: [0] },
  });
  const targets = [embedded(), target({ isSecured: true })];
  for (const finding of judgeAll(scene({ hosts: small, own: small, targets }))) {
    if (finding.verdict !== 'fits') t.truthy(finding.fix, JSON.stringify(finding));
  }
});
