import test from 'ava';
import * as fc from 'fast-check';
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
  fix: 'ulimit -n 600 before glidetester starts (LimitNOFILE=600)',
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
  fix: 'ulimit -n 600 before glidetester starts (LimitNOFILE=600)',
});
test('more pilots make up for it', pilot, scene({ sites: [site({ pilotsAtMost: 4 })], hosts: limited(400) }), {
  verdict: 'tight',
});
test('who may not raise the limit needs more pilots', pilot, scene({ hosts: limited(400, { mayRaiseHard: false }) }), {
  verdict: 'too-small',
  fix: 'pools[0].pilots: 4',
});
test(
  'a launcher that lowers it is told',
  pilot,
  scene({ sites: [site({ launchWith: ['sh'] })], hosts: limited(400, { mayRaiseHard: false }) }),
  { verdict: 'too-small', fix: 'ulimit -n 600 in pools[0].launchWith' },
);
test('no limit can be above fs.nr_open', pilot, scene({ hosts: limited(400, { highestHard: 500 }) }), {
  verdict: 'too-small',
  fix: 'sysctl -w fs.nr_open=600',
});
test('no room for a single client', pilot, scene({ hosts: limited(30, { mayRaiseHard: false }) }), {
  verdict: 'too-small',
  fix: 'ulimit -n 600 before glidetester starts (LimitNOFILE=600)',
});

test(
  'who has enough pilots needs to say how many clients each holds',
  pilot,
  scene({ sites: [site({ pilotsAtMost: 4 })], hosts: limited(400, { mayRaiseHard: false }) }),
  { verdict: 'tight', fix: 'pools[0].slotsPerPilot: 320' },
);

/** The same scene, changed as the fix says. */
function applyFix(judged: Scene, fix: string): Scene {
  const [, limit] = /^ulimit -n (\d+) /.exec(fix) ?? [];
  if (limit !== undefined)
    return { ...judged, places: judged.places.map((place) => ({ ...place, host: limited(Number(limit)) })) };
  const [, key, value] = /^pools\[0\]\.(pilots|slotsPerPilot): (\d+)$/.exec(fix) ?? [];
  const name = key === 'pilots' ? 'pilotsAtMost' : 'slotsPerPilot';
  return {
    ...judged,
    places: judged.places.map((place) => ({ ...place, site: { ...place.site, [name]: Number(value) } })),
  };
}

test('with its fixes applied, one after the other, every pilot fits', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 60, max: 4000 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      (clients, limit, threads, mayRaiseHard) => {
        const pool = site({ clients, threads, slotsPerPilot: clients, pilotsAtMost: 1 });
        let judged = scene({ sites: [pool], hosts: limited(limit, { mayRaiseHard }) });
        let finding = findingAt(judged, 'local');
        for (let fixes = 0; fixes < 2 && finding?.fix != null; fixes += 1) {
          judged = applyFix(judged, finding.fix);
          finding = findingAt(judged, 'local');
        }
        t.like(finding, { verdict: 'fits', fix: null });
      },
    ),
  );
});

test('the embedded service is one process for all clients', (t) => {
  const judged = scene({ targets: [embedded()], own: limited(800) });
  t.like(findingAt(judged, 'target'), { verdict: 'too-small', needs: 1055, has: 800 });
  t.is(findingAt(scene({ targets: [target()] }), 'target'), undefined);
});

test('a limit that the config gives to the service is a part of what is measured', (t) => {
  const judged = scene({ targets: [embedded({ descriptors: 256 })] });
  t.like(findingAt(judged, 'target'), { verdict: 'tight', has: 256, fix: 'target.descriptors: 1173' });
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
    fix: 'sysctl -w fs.file-max=2100',
  });
});
