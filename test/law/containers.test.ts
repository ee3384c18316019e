/**
 * Prediction is the test of a mechanism: what a knob changes follows from the call-outs that it saves, spreads out or doubles.
 */

import test from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { runCampaign } from '../support/campaign.ts';

type Targets = NonNullable<ConfigInput['targets']>;
type Changes = Partial<Extract<Targets[string], { kind: 'embedded' }>>;

const FILES = 10;
const LEVEL = 16;

const embedded = (container: 'bestman' | 'bestman2', changes: Changes): Targets[string] => ({
  kind: 'embedded',
  httpg: true,
  identities: 2,
  container,
  root: { make: [FILES] },
  timeouts: { handshake: '20s', answer: '20s' },
  ...changes,
});

const makeConfig = (targets: Targets): ConfigInput => ({
  name: 'containers',
  targets,
  scenario: { kind: 'srm-ls', directories: { [FILES]: `/d${FILES}` } },
  // Spread over about one operation: in step they would ask for one handshake all at once, and for nothing in between.
  load: { levels: [LEVEL], start: { within: '400ms' } },
  timing: {
    warmUp: { atLeast: '1s', atMost: '20s' },
    window: { atLeast: '1500ms', operationsPerClient: 2, atMost: '20s' },
    drain: '20s',
    recovery: { within: '20s' },
  },
  pools: [{ kind: 'local', pilots: 2, slotsPerPilot: LEVEL / 2 + 1 }],
});

function cellOf(cells: readonly CellSummary[], target: string): CellSummary {
  return cells.find((cell) => cell.target === target) as CellSummary;
}

test('BeStMan: a mapping latency that doubles adds its two call-outs to the service time, and nothing else', async (t) => {
  const roundTrip = '40ms';
  const asking = (latencyMs: number): Targets[string] =>
    embedded('bestman', { roundTrip, mapping: { by: 'service', latency: `${latencyMs}ms` } });
  const LATENCY_MS = 150;
  const { cells, stderr } = await runCampaign(
    t,
    makeConfig({ once: asking(LATENCY_MS), twice: asking(2 * LATENCY_MS) }),
  );
  const [once, twice] = [cellOf(cells, 'once'), cellOf(cells, 'twice')];
  t.deepEqual([once.state, twice.state], ['ok', 'ok'], stderr);
  const added = (twice.serviceTimeMs.mean as number) - (once.serviceTimeMs.mean as number);
  t.log(`service times ${once.serviceTimeMs.mean} and ${twice.serviceTimeMs.mean} ms: ${added} ms more`);
  t.true(Math.abs(added / (2 * LATENCY_MS) - 1) <= 0.03, `${added} ms more, ${2 * LATENCY_MS} ms of call-outs`);
  for (const { service, operations } of [once, twice]) {
    // Each operation asks twice; the pilots' first operations and the probes were before.
    t.is(service?.callOuts, 2 * operations.ok, stderr);
  }
});

/** What one operation holds the lock for: two call-outs, one after the other. */
const LATENCY_MS = 40;
const PLACES = 2;
const ASKED = { by: 'service', latency: `${LATENCY_MS}ms` } as const;
const ROUND_TRIP_MS = 100;
const THREADS = 6;

type Prediction = { target: Changes; ratePerS: number; by: string };

const PREDICTIONS: Record<string, Prediction> = {
  base: {
    target: { mapping: ASKED, fsConcurrency: PLACES },
    ratePerS: 1000 / (2 * LATENCY_MS),
    by: 'one operation at a time holds the lock, for two call-outs',
  },
  'latency-halved': {
    target: { mapping: { ...ASKED, latency: `${LATENCY_MS / 2}ms` }, fsConcurrency: PLACES },
    ratePerS: 1000 / LATENCY_MS,
    by: 'the same, with call-outs half as long',
  },
  'lock-off': {
    target: { mapping: ASKED, fsConcurrency: PLACES, lockOverCallOut: false },
    ratePerS: (1000 * PLACES) / LATENCY_MS,
    by: 'the second call-out is made with one of the places for listings',
  },
  'places-doubled': {
    target: { mapping: ASKED, fsConcurrency: 2 * PLACES, lockOverCallOut: false },
    ratePerS: (2000 * PLACES) / LATENCY_MS,
    by: 'the same, with twice the places',
  },
  'cache-on': {
    target: {
      mapping: { ...ASKED, lifetimeSecondsMappedIDCached: 0 },
      fsConcurrency: PLACES,
      roundTrip: `${ROUND_TRIP_MS}ms`,
      maxContainerThreads: THREADS,
    },
    ratePerS: (1000 * THREADS) / (3 * ROUND_TRIP_MS),
    by: 'no call-out is left: each thread is held for three round trips',
  },
};

test('BeStMan2: the plateau moves as predicted when one knob changes, with the service under half a core', async (t) => {
  const targets = Object.fromEntries(
    Object.entries(PREDICTIONS).map(([name, { target }]) => [name, embedded('bestman2', target)]),
  );
  const { cells, stderr } = await runCampaign(t, makeConfig(targets));
  for (const [name, { ratePerS: predicted, by }] of Object.entries(PREDICTIONS)) {
    const { state, ratePerS, service, server } = cellOf(cells, name);
    const text = `${name}: ${ratePerS?.toFixed(2)} Hz, predicted ${predicted.toFixed(2)} Hz (${by}), frontend ${service?.cpuShare.toFixed(2)} of a core`;
    t.log(text);
    t.is(state, 'ok', `${text}\n${stderr}`);
    t.is(server?.difference, 0, text);
    t.true(Math.abs((ratePerS as number) / predicted - 1) <= 0.1, text);
    t.true((service?.cpuShare as number) < 0.5, text);
  }
});
