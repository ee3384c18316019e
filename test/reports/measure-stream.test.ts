/** Measures see every row once and keep none: they must make of a stream what their definitions make of all rows at once. */

import test from 'ava';
import * as fc from 'fast-check';
import { outcomeClassOf } from '../../foundation/outcome.ts';
import type { CellEvidence } from '../../reports/evidence.ts';
import { createClientTable } from '../../reports/measures/clients.ts';
import { measureRateRange } from '../../reports/measures/rate-range.ts';
import { takeRows } from '../../reports/measures/rows.ts';
import { type OperationBlock, createOperationBlock } from '../../reports/operation.ts';
import {
  type SyntheticOperation,
  blockOf,
  blocksOf,
  exponential,
  listOf,
  simulateCell,
} from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

const CLIENTS = 12;

const operation: fc.Arbitrary<SyntheticOperation> = fc.record({
  client: fc.nat(CLIENTS - 1),
  sequence: fc.nat(3),
  startUs: fc.integer({ min: -100_000, max: 3_000_000 }),
  durationUs: fc.oneof(fc.nat(2_000_000), fc.constant(0)),
  outcome: fc.constantFrom('ok', 'ok', 'ok', 'reset', 'refused', 'cut', 'local/no-port'),
  handshakeUs: fc.integer({ min: -1, max: 5000 }),
});

const cell = fc.record({
  operations: fc.array(operation, { maxLength: 300 }),
  openMs: fc.nat(2000),
  lengthMs: fc.integer({ min: 1, max: 2000 }),
  drainMs: fc.option(fc.nat(1500)),
  isTransient: fc.boolean(),
  correctionsMs: fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.constant(0), fc.integer({ min: -9, max: 9 })),
});

type AnyCell = typeof cell extends fc.Arbitrary<infer Cell> ? Cell : never;

function evidenceOf({ openMs, lengthMs, drainMs, isTransient, correctionsMs }: AnyCell): CellEvidence {
  const { evidence } = simulateCell({ clients: CLIENTS, pilots: 3, serviceUs: () => 90_000, windowMs: 100 });
  const closeMs = openMs + lengthMs;
  return {
    ...evidence,
    drainedMs: drainMs === null ? null : closeMs + drainMs,
    window: {
      openMs,
      closeMs,
      openedBy: isTransient ? 'warm-up-limit' : 'every-client-ended-one',
      closedBy: 'content',
    },
    pilots: evidence.pilots.map((pilot, index) => ({
      ...pilot,
      site: index === 1 ? 'far' : 'near',
      clock: { ...pilot.clock, startCorrectionMs: correctionsMs[index] as number },
    })),
  };
}

/** One row on the coordinator's clock, in microseconds. */
type Timed = SyntheticOperation & { atUs: number; endUs: number; kind: ReturnType<typeof outcomeClassOf> };

function timeAll({ operations, correctionsMs }: AnyCell): Timed[] {
  return operations.map((each) => {
    const atUs = each.startUs + (correctionsMs[Math.floor(each.client / 4)] as number) * 1000;
    return { ...each, atUs, endUs: atUs + each.durationUs, kind: outcomeClassOf(each.outcome) };
  });
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const meanMs = (us: readonly number[]): number | null => (us.length === 0 ? null : sum(us) / us.length / 1000);
const maxMs = (us: readonly number[]): number | null => (us.length === 0 ? null : Math.max(...us) / 1000);

/** The nearest rank of docs/measures.md, by sorting. */
function percentileMs(us: readonly number[], percent: number): number | null {
  if (us.length * (100 - percent) < 500) return null;
  const sorted = us.toSorted((a, b) => a - b);
  return (sorted[Math.ceil((percent * us.length) / 100) - 1] as number) / 1000;
}

function timesOf(us: readonly number[]) {
  const [p50, p90, p95, p99] = [50, 90, 95, 99].map((percent) => percentileMs(us, percent));
  return { count: us.length, mean: meanMs(us), p50, p90, p95, p99, max: maxMs(us) };
}

function isNotOfService(kind: Timed['kind']): boolean {
  return kind === 'ok' || kind === 'cut' || kind === 'local';
}

/** What docs/measures.md says, over all rows at once. */
function measureNaively(anyCell: AnyCell) {
  const rows = timeAll(anyCell);
  const [openUs, closeUs] = [anyCell.openMs * 1000, (anyCell.openMs + anyCell.lengthMs) * 1000];
  const lengthS = (closeUs - openUs) / 1e6;
  const ok = rows.filter(({ kind }) => kind === 'ok');
  const isEnded = ({ endUs }: Timed): boolean => endUs > openUs && endUs <= closeUs;
  const isStarted = ({ atUs }: Timed): boolean => atUs >= openUs && atUs < closeUs;
  const overlapUs = ({ atUs, endUs }: Timed): number => Math.max(0, Math.min(endUs, closeUs) - Math.max(atUs, openUs));
  const shareOf = (row: Timed): number =>
    row.durationUs === 0 ? Number(isEnded(row)) : overlapUs(row) / row.durationUs;
  const failed = rows.filter((row) => !isNotOfService(row.kind) && isStarted(row));
  const started = ok.filter(isStarted);
  const first = rows.filter(({ sequence }) => sequence === 0);
  const firstOk = first.filter(({ kind }) => kind === 'ok').map(({ durationUs }) => durationUs);
  const handshakes = started.map(({ handshakeUs = -1 }) => handshakeUs).filter((us) => us !== -1);
  const completedPerS = ok.filter(isEnded).length / lengthS;
  const ended = rows.filter(isEnded);
  return {
    exact: {
      rateCompletedPerS: completedPerS,
      inWindow: {
        ok: ended.filter(({ kind }) => kind === 'ok').length,
        failed: ended.filter(({ kind }) => !isNotOfService(kind)).length,
        local: ended.filter(({ kind }) => kind === 'local').length,
      },
      serviceTimeMs: timesOf(started.map(({ durationUs }) => durationUs)),
      failureTimeMs: {
        count: failed.length,
        mean: meanMs(failed.map(({ durationUs }) => durationUs)),
        max: maxMs(failed.map(({ durationUs }) => durationUs)),
      },
      firstCohort: { count: first.length, ok: firstOk.length, meanMs: meanMs(firstOk), maxMs: maxMs(firstOk) },
    },
    handshakeMs: meanMs(handshakes),
    ratePerS: anyCell.isTransient ? completedPerS : sum(ok.map(shareOf)) / lengthS,
    inFlightByRows: sum(rows.map(overlapUs)) / (closeUs - openUs),
    cut: rows.filter(({ kind, atUs, endUs }) => kind === 'cut' && endUs > openUs && atUs < closeUs).length,
    unended: Math.max(0, CLIENTS - first.filter(({ endUs }) => endUs <= openUs).length),
    sites: ['near', 'far'].map((site) => {
      const isThere = ({ client }: Timed): boolean => (Math.floor(client / 4) === 1) === (site === 'far');
      return timesOf(started.filter(isThere).map(({ durationUs }) => durationUs));
    }),
    rateRange: rangeNaively(anyCell, ok),
  };
}

/** 41 windows, moved by up to a mean service time, as far as T0 and the drain allow. */
function rangeNaively({ openMs, lengthMs, drainMs }: AnyCell, ok: readonly Timed[]) {
  const [openUs, closeUs] = [openMs * 1000, (openMs + lengthMs) * 1000];
  const shiftUs = ok.length === 0 ? 0 : sum(ok.map(({ durationUs }) => durationUs)) / ok.length;
  const from = -Math.min(shiftUs, openUs);
  const to = Math.min(shiftUs, (drainMs ?? 0) * 1000);
  const rates = Array.from({ length: 41 }, (_, step) => {
    const by = from + ((to - from) * step) / 40;
    const moved = { openUs: openUs + by, closeUs: closeUs + by };
    const ended = ok.filter(({ endUs }) => endUs > moved.openUs && endUs <= moved.closeUs).length;
    return ended / ((moved.closeUs - moved.openUs) / 1e6);
  });
  return { shiftUs, lowestPerS: Math.min(...rates), highestPerS: Math.max(...rates) };
}

const isNear = (one: number | null, other: number | null): boolean =>
  one === other || Math.abs((one ?? Infinity) - (other ?? Infinity)) <= 1e-9 * Math.max(1, Math.abs(other ?? 0));

/** The blocks, each in the memory of the one before, as a reader of files gives them. */
async function* inOneMemory(blocks: readonly OperationBlock[]): AsyncGenerator<OperationBlock> {
  const shared = createOperationBlock(Math.max(0, ...blocks.map(({ rows }) => rows)));
  for (const block of blocks) {
    for (const [name, column] of Object.entries(shared)) {
      if (typeof column !== 'object' || Array.isArray(column)) continue;
      column.fill(4_000_000_000);
      column.set(block[name as 'client'].subarray(0, block.rows));
    }
    shared.rows = block.rows;
    shared.outcomes = [...block.outcomes];
    yield shared;
  }
}

test('every measure of the rows is what its definition makes of all rows at once, for any cell', async (t) => {
  await fc.assert(
    fc.asyncProperty(cell, fc.integer({ min: 1, max: 90 }), async (anyCell, rowsPerBlock) => {
      const evidence = evidenceOf(anyCell);
      const blocks = await listOf(blocksOf(anyCell.operations, rowsPerBlock));
      const summary = await summarizeCell(evidence, inOneMemory(blocks));
      const naive = measureNaively(anyCell);
      t.like(summary, naive.exact);
      t.true(isNear(summary.ratePerS, naive.ratePerS), `${summary.ratePerS} is not ${naive.ratePerS}`);
      t.true(isNear(summary.phasesMs.handshake, naive.handshakeMs));
      if (summary.inFlight !== null && summary.inFlight > 0) {
        t.true(isNear(summary.littleErrorRatio, (naive.inFlightByRows - summary.inFlight) / summary.inFlight));
      }
      t.deepEqual(
        summary.sites.map(({ serviceTimeMs }) => serviceTimeMs),
        naive.sites as (typeof summary.serviceTimeMs)[],
      );
      const mark = (code: string): number | undefined => summary.marks.find((each) => each.code === code)?.value;
      t.is(mark('cut') ?? 0, naive.cut);
      if (anyCell.isTransient) t.is(mark('transient'), naive.unended);
    }),
    { numRuns: 150 },
  );
});

test('the rates of moved windows are those of every row, whatever ends were not kept', async (t) => {
  await fc.assert(
    fc.asyncProperty(cell, async (anyCell) => {
      const { pilots, drainedMs } = evidenceOf(anyCell);
      const span = { openUs: anyCell.openMs * 1000, closeUs: (anyCell.openMs + anyCell.lengthMs) * 1000 };
      const range = measureRateRange(span, drainedMs === null ? span.closeUs : drainedMs * 1000);
      await takeRows(blocksOf(anyCell.operations, 50), createClientTable(pilots), [range]);
      const { shiftUs, ...expected } = measureNaively(anyCell).rateRange;
      t.deepEqual(range.result()(shiftUs), expected);
    }),
    { numRuns: 150 },
  );
});

test('300,000 rows in the memory of one block are measured as if each had its own', async (t) => {
  const { evidence, operations } = simulateCell({
    clients: 40,
    places: 9,
    serviceUs: exponential(6000),
    windowMs: 1500,
  });
  const block = blockOf(operations);
  const copies = Math.ceil(300_000 / block.rows);
  const repeated = Array.from({ length: copies }, () => block);
  const summary = await summarizeCell(evidence, inOneMemory(repeated));
  const once = await summarizeCell(evidence, blocksOf(operations));
  t.is(summary.operations.ok, once.operations.ok * copies);
  t.is(summary.serviceTimeMs.count, once.serviceTimeMs.count * copies);
  t.is(summary.inWindow.ok, once.inWindow.ok * copies);
  t.deepEqual(
    [summary.serviceTimeMs.mean, summary.serviceTimeMs.p50, summary.serviceTimeMs.p95, summary.serviceTimeMs.max],
    [once.serviceTimeMs.mean, once.serviceTimeMs.p50, once.serviceTimeMs.p95, once.serviceTimeMs.max],
  );
});
