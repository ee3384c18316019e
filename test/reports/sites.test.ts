import test from 'ava';
import * as fc from 'fast-check';
import type { PilotEvidence } from '../../reports/evidence.ts';
import { describeSites } from '../../reports/site-lines.ts';
import type { SiteSummary } from '../../reports/summary.ts';
import { type SyntheticCell, blocksOf, exponential, simulateCell } from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

/** A cell whose pilots, in this order, are of these sites. */
function simulateAt(sites: readonly string[], options: Parameters<typeof simulateCell>[0]): SyntheticCell {
  const { evidence, operations } = simulateCell({ ...options, pilots: sites.length });
  const pilots = evidence.pilots.map((pilot, index) => ({ ...pilot, site: sites[index] as string }));
  return { evidence: { ...evidence, pilots }, operations };
}

function isOf(pilots: readonly PilotEvidence[], site: string, client: number): boolean {
  return pilots.some(
    (pilot) => pilot.site === site && client >= pilot.firstClient && client < pilot.firstClient + pilot.clients,
  );
}

function sumRates(sites: readonly SiteSummary[]): number {
  return sites.reduce((sum, { ratePerS }) => sum + (ratePerS as number), 0);
}

test('each site has the measures that a cell of its clients alone would have', async (t) => {
  const cell = simulateAt(['near', 'far', 'near'], {
    clients: 30,
    places: 12,
    serviceUs: exponential(9000),
    outcomeOf: (random) => (random() < 0.1 ? 'reset' : 'ok'),
    pauseAfterFailureUs: 3000,
  });
  const { evidence, operations } = cell;
  const { sites } = await summarizeCell(evidence, blocksOf(operations));
  t.deepEqual(
    sites.map(({ site, clients }) => [site, clients]),
    [
      ['near', 20],
      ['far', 10],
    ],
  );
  for (const { site, clients: _clients, ...measured } of sites) {
    const own = operations.filter(({ client }) => isOf(evidence.pilots, site, client));
    const { ratePerS, serviceTimeMs, phasesMs } = await summarizeCell(evidence, blocksOf(own));
    t.true(serviceTimeMs.count > 100);
    t.deepEqual(measured, { ratePerS, serviceTimeMs, phasesMs });
  }
});

test('clients of one site only are no sites, whatever other pilots are there without a client', async (t) => {
  const { evidence, operations } = simulateAt(['near', 'near'], { clients: 4, serviceUs: () => 5000 });
  t.deepEqual((await summarizeCell(evidence, blocksOf(operations))).sites, []);
  const [first] = evidence.pilots;
  const spare = { ...(first as PilotEvidence), site: 'far', firstClient: 4, clients: 0 };
  const spared = { ...evidence, pilots: [...evidence.pilots, spare] };
  t.deepEqual((await summarizeCell(spared, blocksOf(operations))).sites, []);
});

test('the clock of a site moves its rows as it does in the whole cell', async (t) => {
  const { evidence, operations } = simulateAt(['near', 'far'], { clients: 8, serviceUs: exponential(20_000) });
  const pilots = evidence.pilots.map((pilot, index) =>
    index === 0 ? pilot : { ...pilot, clock: { ...pilot.clock, startCorrectionMs: 40 } },
  );
  const corrected = { ...evidence, pilots };
  const { ratePerS, sites } = await summarizeCell(corrected, blocksOf(operations));
  t.true(Math.abs(sumRates(sites) - (ratePerS as number)) < 1e-9);
});

test('a site of a cell without a window has its clients and nothing measured', async (t) => {
  const { evidence, operations } = simulateAt(['near', 'far'], { clients: 4, serviceUs: () => 5000 });
  const { sites } = await summarizeCell({ ...evidence, window: null }, blocksOf(operations));
  t.deepEqual(
    sites.map(({ ratePerS, serviceTimeMs, phasesMs }) => [ratePerS, serviceTimeMs.count, phasesMs.connect]),
    [
      [null, 0, null],
      [null, 0, null],
    ],
  );
});

test('the rates and operations of the sites add up to the cell’s, for any division, headline rate and window', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 6, max: 20 }),
      fc.nat(1000),
      fc.boolean(),
      async (sites, clients, seed, isTransient) => {
        const { evidence, operations } = simulateAt(sites, {
          clients,
          seed,
          serviceUs: exponential(15_000),
          outcomeOf: (random) => (random() < 0.2 ? 'reset' : 'ok'),
          pauseAfterFailureUs: 4000,
          windowMs: 300,
          ...(isTransient ? { warmUpLimitMs: 10 } : {}),
        });
        const cell = await summarizeCell(evidence, blocksOf(operations));
        const measured = cell.sites;
        const names = new Set(evidence.pilots.filter((pilot) => pilot.clients > 0).map(({ site }) => site));
        if (names.size < 2) return measured.length === 0;
        const count = measured.reduce((sum, { serviceTimeMs }) => sum + serviceTimeMs.count, 0);
        return (
          Math.abs(sumRates(measured) - (cell.ratePerS as number)) < 1e-9 &&
          count === cell.serviceTimeMs.count &&
          measured.reduce((sum, { clients: there }) => sum + there, 0) === clients
        );
      },
    ),
    { numRuns: 40 },
  );
  t.pass();
});

const SITE: SiteSummary = {
  site: 'far',
  clients: 20,
  ratePerS: 12.345,
  serviceTimeMs: { count: 900, mean: 311.6, p50: 309.2, p90: 330, p95: 341.5, p99: null, max: 400 },
  phasesMs: { connect: 0.2, handshake: 204.1, firstByte: 107, rest: 0.3 },
};

test('a line a site tells its rate, and where the time went', (t) => {
  const nothing: SiteSummary = {
    site: 'gone\nfar',
    clients: 1,
    ratePerS: null,
    serviceTimeMs: { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null },
    phasesMs: { connect: null, handshake: null, firstByte: null, rest: null },
  };
  t.deepEqual(describeSites({ sites: [SITE, nothing] }), [
    'far: 20 clients, 12.3 Hz, service time 312 ms on average (connect 0.20 ms, handshake 204 ms, first byte 107 ms, rest 0.30 ms), p50 309 ms, p95 342 ms',
    'gone far: 1 client, – Hz, service time – on average, p50 –, p95 –',
  ]);
  t.deepEqual(describeSites({ sites: [] }), []);
});
