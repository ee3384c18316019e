import test from 'ava';
import * as fc from 'fast-check';
import type { CampaignEvent } from '../../../coordinator/campaign-event.ts';
import { createCampaignFigures } from '../../../coordinator/telemetry/campaign-figures.ts';
import { OUTCOME_CLASSES, type OutcomeCounts, outcomeClassOf } from '../../../foundation/outcome.ts';
import {
  ENDED,
  PROGRESS,
  STARTED,
  TARGET,
  finishedCell,
  sampleSummary,
  startedCell,
} from '../progress/sample-events.ts';

const BEGIN: CampaignEvent = { ...STARTED, targets: [{ ...TARGET, name: 'embedded' }] };

const told = (operations: OutcomeCounts): CampaignEvent => ({ ...PROGRESS, operations });

function measured(byOutcome: Record<string, number>): CampaignEvent {
  return finishedCell(1, { operations: { ok: byOutcome['ok'] ?? 0, failed: 0, cut: 0, byOutcome } });
}

/** What is not 0 of the embedded target's counts after these events. */
function count(...events: CampaignEvent[]) {
  const figures = createCampaignFigures();
  for (const event of [BEGIN, ...events]) figures.take(event);
  const { operations, discarded } = figures.read();
  const seen = (counts: typeof operations) =>
    Object.fromEntries(Object.entries(counts.get('embedded') ?? {}).filter(([, value]) => value > 0));
  return { operations: seen(operations), discarded: seen(discarded) };
}

test('operations are counted while their cell runs, and then as its summary has them', (t) => {
  const running = [startedCell(1), told({ ok: 40, status: 2 })];
  t.deepEqual(count(...running), { operations: { ok: 40, status: 2 }, discarded: {} });
  t.deepEqual(count(...running, { type: 'phase', phase: 'recovery' }).operations, { ok: 40, status: 2 });
  const done = [...running, measured({ ok: 50, 'status/http-503': 3, 'status/text': 1, cut: 2 })];
  t.deepEqual(count(...done), { operations: { ok: 50, status: 4, cut: 2 }, discarded: {} });
  t.deepEqual(count(...done, startedCell(2), told({ ok: 1 })).operations, { ok: 51, status: 4, cut: 2 });
});

test('a cell that is repeated, one that is given up and one that an error ends are counted as discarded, too', (t) => {
  const repeated = [startedCell(1), told({ ok: 40 }), startedCell(1, 2), told({ ok: 7 })];
  t.deepEqual(count(...repeated), { operations: { ok: 47 }, discarded: { ok: 40 } });
  t.deepEqual(count(...repeated, ENDED), { operations: { ok: 47 }, discarded: { ok: 47 } });
  const figures = createCampaignFigures();
  for (const event of [BEGIN, ...repeated]) figures.take(event);
  figures.end();
  t.is(figures.read().discarded.get('embedded')?.ok, 47);
});

test('every target and class is there before its first operation', (t) => {
  const figures = createCampaignFigures();
  figures.take(BEGIN);
  t.deepEqual(Object.keys(figures.read().operations.get('embedded') ?? {}), [...OUTCOME_CLASSES]);
});

const OUTCOMES = ['ok', 'cut', 'refused', 'status/http-503', 'status/text', 'local/no-port'];
const anyCounts = fc.dictionary(fc.constantFrom(...OUTCOMES), fc.nat({ max: 100 }));
const anyEvent: fc.Arbitrary<CampaignEvent> = fc.oneof(
  fc.constantFrom<CampaignEvent>(startedCell(1), startedCell(1, 2), startedCell(2)),
  anyCounts.map((counts) => told(byClass(counts))),
  anyCounts.map(measured),
  fc.constantFrom<CampaignEvent>({ type: 'phase', phase: 'drain' }, { type: 'phase', phase: 'recovery' }),
);

function byClass(byOutcome: Record<string, number>): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (const [outcome, value] of Object.entries(byOutcome)) {
    const outcomeClass = outcomeClassOf(outcome);
    counts[outcomeClass] = (counts[outcomeClass] ?? 0) + value;
  }
  return counts;
}

/** An attempt's rows only grow, so what is told of it does. */
function growing(events: readonly CampaignEvent[]): CampaignEvent[] {
  let soFar: OutcomeCounts = {};
  return events.map((event) => {
    if (event.type === 'cell-started' || event.type === 'cell-finished') soFar = {};
    if (event.type !== 'progress') return event;
    for (const each of OUTCOME_CLASSES)
      soFar = { ...soFar, [each]: (soFar[each] ?? 0) + (event.operations[each] ?? 0) };
    return { ...event, operations: soFar };
  });
}

test('whatever happens, no count falls, and in the end operations less discarded ones are those of the summaries', (t) => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      const figures = createCampaignFigures();
      figures.take(BEGIN);
      const inSummaries: Required<OutcomeCounts> = { ...figures.read().operations.get('embedded') } as never;
      let before = figures.read();
      for (const event of [...growing(events), ENDED]) {
        figures.take(event);
        const now = figures.read();
        for (const name of ['operations', 'discarded'] as const) {
          for (const each of OUTCOME_CLASSES) {
            t.true((now[name].get('embedded')?.[each] ?? 0) >= (before[name].get('embedded')?.[each] ?? 0), name);
          }
        }
        before = now;
        if (event.type !== 'cell-finished') continue;
        const counts = byClass(event.summary.operations.byOutcome);
        for (const each of OUTCOME_CLASSES) inSummaries[each] += counts[each] ?? 0;
      }
      const [operations, discarded] = [before.operations.get('embedded'), before.discarded.get('embedded')];
      for (const each of OUTCOME_CLASSES) {
        t.is((operations?.[each] ?? 0) - (discarded?.[each] ?? 0), inSummaries[each], each);
      }
    }),
  );
});

test('a cell that rests holds no clients; the next one begins with none', (t) => {
  const figures = createCampaignFigures();
  for (const event of [BEGIN, startedCell(1), { type: 'phase', phase: 'window' } as const, PROGRESS])
    figures.take(event);
  t.is(figures.read().current?.latest?.heldClients, 2000);
  figures.take({ type: 'phase', phase: 'drain' });
  t.is(figures.read().current?.latest?.heldClients, 2000);
  figures.take({ type: 'phase', phase: 'recovery' });
  t.like(figures.read().current, { phase: 'recovery', latest: null });
  figures.take(finishedCell(1));
  t.is(figures.read().current, null);
  figures.take(startedCell(2));
  t.like(figures.read().current, { phase: null, latest: null, cell: { level: 2 } });
});

test('cells are counted by state, those that were skipped at the end, and only the last of many are told one by one', (t) => {
  const figures = createCampaignFigures();
  figures.take(BEGIN);
  for (let cell = 0; cell < 250; cell += 1) {
    figures.take(finishedCell(cell, { id: String(cell), state: cell % 2 === 0 ? 'ok' : 'degraded' }));
  }
  const skipped = { ...sampleSummary(1), state: 'skipped' as const };
  figures.take({ ...ENDED, summary: { ...ENDED.summary, cells: [skipped, sampleSummary(2), skipped, skipped] } });
  const { plannedCells, finishedCells, cells } = figures.read();
  t.is(plannedCells, 4);
  t.deepEqual(finishedCells, { ok: 125, degraded: 125, failed: 0, skipped: 3 });
  t.deepEqual([cells.length, cells[0]?.id, cells.at(-1)?.id], [200, '50', '249']);
});
