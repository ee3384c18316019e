import test from 'ava';
import type { Finding } from '../../../coordinator/doctor/finding.ts';
import { judgeDescriptors } from '../../../coordinator/doctor/judge-descriptors.ts';
import type { Scene } from '../../../coordinator/doctor/scene.ts';
import { embedded, host, scene, site, target } from './sample-scene.ts';

/** The finding about one place. */
function findingAt(judged: Scene, where: string): Finding | undefined {
  return judgeDescriptors(judged).find((finding) => finding.where === where);
}

const limited = (descriptors: number, more: object = {}) =>
  host({ descriptors: { soft: descriptors, hard: descriptors, ...more } });

type Expected = Partial<Pick<Finding, 'verdict' | 'has' | 'needs' | 'fix'>>;
const pilot = test.macro({
  exec: (t, judged: Scene, expected: Expected) => t.like(findingAt(judged, 'local'), expected),
  title: (name) => `a pilot: ${name}`,
});

test('it opens a file for each client and 40 of its own', pilot, scene(), {
  verdict: 'fits',
  has: 20_000,
  needs: 540,
  fix: null,
});

test('no more than the clients there are', pilot, scene({ sites: [site({ clients: 100 })] }), { needs: 140 });
test('each thread has its own', pilot, scene({ sites: [site({ threads: 3 })] }), { needs: 550 });
test('the last tenth is tight', pilot, scene({ hosts: limited(560) }), {
  verdict: 'tight',
  fix: 'ulimit -n 540 before glidetester starts (LimitNOFILE=540)',
});
test('an unreadable limit is unknown', pilot, scene({ hosts: host({ descriptors: { soft: null } }) }), {
  verdict: 'unknown',
  has: null,
  fix: null,
});
test('too few for all clients of the site', pilot, scene({ hosts: limited(400) }), {
  verdict: 'too-small',
  has: 400,
  needs: 540,
  fix: 'ulimit -n 540 before glidetester starts (LimitNOFILE=540)',
});
test('more pilots make up for it', pilot, scene({ sites: [site({ pilotsAtMost: 4 })], hosts: limited(400) }), {
  verdict: 'tight',
});
test('who may not raise the limit needs more pilots', pilot, scene({ hosts: limited(400, { mayRaiseHard: false }) }), {
  verdict: 'too-small',
  fix: 'pools[0].pilots: 3',
});
test(
  'a launcher that lowers it is told',
  pilot,
  scene({ sites: [site({ launchWith: ['sh'] })], hosts: limited(400, { mayRaiseHard: false }) }),
  { verdict: 'too-small', fix: 'ulimit -n 540 in pools[0].launchWith' },
);
test('no limit can be above fs.nr_open', pilot, scene({ hosts: limited(400, { highestHard: 500 }) }), {
  verdict: 'too-small',
  fix: 'sysctl -w fs.nr_open=540',
});
test('no room for a single client', pilot, scene({ hosts: limited(30, { mayRaiseHard: false }) }), {
  verdict: 'too-small',
  fix: 'ulimit -n 540 before glidetester starts (LimitNOFILE=540)',
});

test('the embedded service is one process for all clients', (t) => {
  const judged = scene({ targets: [embedded()], own: limited(800) });
  t.like(findingAt(judged, 'target'), { verdict: 'too-small', needs: 1055, has: 800 });
  t.is(findingAt(scene({ targets: [target()] }), 'target'), undefined);
});

test('a limit that the config gives to the service is a part of what is measured', (t) => {
  const judged = scene({ targets: [embedded({ descriptors: 256 })] });
  t.like(findingAt(judged, 'target'), { verdict: 'tight', has: 256, fix: 'target.descriptors: 1055' });
});

test('a service can not be given more than there is', (t) => {
  const judged = scene({ targets: [embedded({ descriptors: 4000 })], own: limited(2000) });
  t.like(findingAt(judged, 'target'), {
    verdict: 'too-small',
    has: 2000,
    needs: 4000,
    fix: 'target.descriptors: 2000',
  });
});

test('look-ups and listings of the service take some too', (t) => {
  const judged = scene({ targets: [embedded({ lookUps: 256, listings: 10 })] });
  t.is(findingAt(judged, 'target')?.needs, 35 + 50 + 256 + 1000);
});

test('each of several services is told by its name', (t) => {
  const judged = scene({ targets: [embedded(), { ...embedded(), name: 'old' }] });
  t.truthy(findingAt(judged, 'old'));
});

test('a relay holds two connections for each client at its distance', (t) => {
  const sites = [site({ roundTripMs: 20 }), site({ site: 'far', roundTripMs: 80, clients: 500 })];
  const judged = scene({ sites, targets: [embedded()], own: limited(1500) });
  t.like(findingAt(judged, 'relay 20 ms'), { verdict: 'too-small', needs: 2035 });
  t.like(findingAt(judged, 'relay 80 ms'), { verdict: 'fits', needs: 1035 });
});

test('all processes of a host share what the kernel has', (t) => {
  const little = host({ descriptors: { ofHost: { used: 900, most: 2000 } } });
  t.like(findingAt(scene({ hosts: little }), 'host of local'), {
    verdict: 'tight',
    has: 1100,
    needs: 1080,
    fix: 'sysctl -w fs.file-max=1980',
  });
});
