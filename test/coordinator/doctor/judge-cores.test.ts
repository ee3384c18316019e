import test from 'ava';
import type { Finding } from '../../../coordinator/doctor/finding.ts';
import { judgeCores } from '../../../coordinator/doctor/judge-cores.ts';
import type { Scene } from '../../../coordinator/doctor/scene.ts';
import { embedded, host, scene, site } from './sample-scene.ts';

type Expected = Partial<Pick<Finding, 'where' | 'verdict' | 'has' | 'needs' | 'fix'>>;

const cores = test.macro({
  exec(t, judged: Scene, ...expected: Expected[]) {
    const findings = judgeCores(judged);
    t.is(findings.length, expected.length);
    for (const [index, each] of expected.entries()) t.like(findings[index], each);
  },
  title: (name) => name ?? '',
});

const one = host({ cores: { allowed: [2] } });

test('a core for each thread of a pilot', cores, scene({ sites: [site({ threads: 2 })] }), {
  verdict: 'fits',
  has: 4,
  needs: 4,
});

test('the service wants one too', cores, scene({ sites: [site({ threads: 2 })], targets: [embedded()] }), {
  verdict: 'tight',
  needs: 5,
  fix: 'pools[0].threads: 1',
});

const two = host({ cores: { allowed: [0, 1] } });
test('more pilots than cores', cores, scene({ hosts: two, own: two, targets: [embedded()] }), {
  verdict: 'tight',
  needs: 3,
  fix: 'pools[0].pilots: 1, slotsPerPilot: 1000',
});

test('a service is where it is pinned to', cores, scene({ hosts: one, targets: [embedded({ cpus: [2] })] }), {
  has: 1,
  needs: 3,
});

test('but not when it runs on others', cores, scene({ hosts: one, targets: [embedded()] }), { has: 1, needs: 2 });

test('a quota is less than the cores', cores, scene({ hosts: host({ cores: { quota: { cores: 1.5 } } }) }), {
  verdict: 'tight',
  has: 1.5,
  needs: 2,
});

test(
  'fewer pilots, if their slots are enough',
  cores,
  scene({ sites: [site({ pilots: 4, slotsPerPilot: 1000 })], hosts: one }),
  {
    verdict: 'tight',
    fix: 'pools[0].pilots: 1',
  },
);

test('one pilot can only have fewer threads', cores, scene({ sites: [site({ pilots: 1, threads: 3 })], hosts: one }), {
  verdict: 'tight',
  fix: 'pools[0].threads: 1',
});

test(
  'sites on the same cores share them, those on others do not',
  cores,
  scene({ sites: [site(), site({ site: 'b' }), site({ site: 'c' })], hosts: [host(), one, host()] }),
  { where: 'local, c', needs: 4, verdict: 'fits' },
  { where: 'b', has: 1, needs: 2, verdict: 'tight' },
);

test('unreadable cores are unknown', cores, scene({ hosts: host({ cores: { allowed: null } }) }), {
  verdict: 'unknown',
  has: null,
});
