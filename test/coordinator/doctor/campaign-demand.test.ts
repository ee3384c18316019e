import test from 'ava';
import { readDemand } from '../../../coordinator/doctor/campaign-demand.ts';
import { SAMPLE_URL_TARGET, sampleConfig } from '../config/sample-config.ts';

const pool = { kind: 'local', pilots: 4, slotsPerPilot: 50 };

test('the largest level, shared over the sites as the keeper shares it', async (t) => {
  const config = sampleConfig({
    'load.levels': [10, 120, 60],
    pools: [
      { ...pool, site: 'near' },
      { ...pool, site: 'far', threads: 2, sourceAddresses: ['127.0.0.2'], roundTrip: '20ms' },
    ],
    spread: { near: '75%', far: '25%' },
  });
  const { level, sites } = await readDemand(config);
  t.is(level, 120);
  t.like(sites[0], { site: 'near', path: 'pools[0]', clients: 90, pilots: 2, pilotsAtMost: 4, threads: 1 });
  t.like(sites[1], { clients: 30, pilots: 1, threads: 2, sourceAddresses: ['127.0.0.2'], roundTripMs: 20 });
});

async function countPilots(barrier: object): Promise<number | undefined> {
  const { sites } = await readDemand(sampleConfig({ 'load.levels': [100], pools: [pool], barrier }));
  return sites[0]?.pilots;
}

test('spare pilots are asked for too, as many as there may be', async (t) => {
  t.is(await countPilots({ spare: '0%' }), 2);
  t.is(await countPilots({ spare: '10%' }), 3);
  t.is(await countPilots({ spare: '100%' }), 4);
});

test('the embedded service', async (t) => {
  const { targets, startsTogether } = await readDemand(
    sampleConfig({
      'target.fsConcurrency': 8,
      'target.descriptors': 300,
      'target.roundTrip': '5ms',
      'target.cpus': [1],
    }),
  );
  t.true(startsTogether);
  t.like(targets, {
    length: 1,
    0: {
      name: 'embedded',
      addresses: ['127.0.0.1'],
      perOperation: true,
      isReset: false,
      isSecured: false,
      embedded: { descriptors: 300, listings: 8, lookUps: 0, roundTripMs: 5, cpus: [1] },
    },
  });
});

const LOOK_UPS: [what: string, changes: Record<string, unknown>, expected: number][] = [
  ['a file is read', { 'target.mapping.by': 'grid-mapfile' }, 0],
  ['every client', {}, 300],
  ['every container thread', { 'target.container': 'bestman' }, 256],
  ['one, beneath the lock', { 'target.container': 'bestman2' }, 1],
  ['without the lock', { 'target.container': 'bestman2', 'target.lockOverCallOut': false }, 256],
];
for (const [what, changes, expected] of LOOK_UPS) {
  test(`look-ups at once: ${what}`, async (t) => {
    const common = { 'target.httpg': true, 'target.mapping': { by: 'service' }, 'load.levels': [300] };
    const { targets } = await readDemand(
      sampleConfig({ ...common, pools: [{ ...pool, slotsPerPilot: 300 }], ...changes }),
    );
    t.is(targets[0]?.embedded?.lookUps, expected);
  });
}

test('a service that somebody else runs', async (t) => {
  const { targets } = await readDemand(
    sampleConfig({
      target: {
        ...SAMPLE_URL_TARGET,
        url: 'httpg://10.1.2.3/srm',
        connection: { perOperation: false, close: 'reset' },
      },
    }),
  );
  t.like(targets[0], { addresses: ['10.1.2.3'], isSecured: true, isReset: true, perOperation: false, embedded: null });
});

test('what the window asks of each client', async (t) => {
  const { operationsPerClientPerS } = await readDemand(
    sampleConfig({ 'timing.window': { operationsPerClient: 30, atMost: '10s' } }),
  );
  t.is(operationsPerClientPerS, 3);
});
