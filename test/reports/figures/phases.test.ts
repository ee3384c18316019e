import test from 'ava';
import * as fc from 'fast-check';
import { PHASE_COLOURS } from '../../../reports/figures/class-colours.ts';
import { stackPhases } from '../../../reports/figures/phase-stack.ts';
import { drawPhases } from '../../../reports/figures/phases.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { countColour, readMarks } from '../../support/figure-marks.ts';
import { viewOf } from '../../support/report-view.ts';
import { cellAt } from '../../support/summary-cells.ts';

type Phases = CellSummary['phasesMs'];

function runOf(level: number, mean: number, phasesMs: Phases, changes: Partial<CellSummary> = {}): CellSummary {
  const serviceTimeMs = { count: 100, mean, p50: mean, p90: mean, p95: mean, p99: null, max: mean };
  return cellAt(level, 10, { serviceTimeMs, phasesMs, ...changes });
}

const FRESH = { connect: 1, handshake: 9, firstByte: 85, rest: 5 };

test('phases of fresh connections are stacked to the mean, a bar a level, with what grew in words', async (t) => {
  const cells = [runOf(1, 100, FRESH), runOf(8, 300, { ...FRESH, firstByte: 285 })];
  const figure = drawPhases(viewOf(cells));
  t.is(
    figure?.sentence,
    'At level 8, 95 % of the mean service time of 300 ms was waiting for the first byte. It is 200 ms more than at level 1; all of that is waiting for the first byte.',
  );
  t.deepEqual(figure?.table, {
    columns: [
      'series',
      'level',
      'runs',
      'mean (ms)',
      'connect (ms)',
      'handshake (ms)',
      'first byte (ms)',
      'rest (ms)',
      'opened a connection',
    ],
    rows: [
      ['20 files', '1', '1 ok', '100', '1', '9', '85', '5', '100 %'],
      ['20 files', '8', '1 ok', '300', '1', '9', '285', '5', '100 %'],
    ],
  });
  const marks = await readMarks(figure!);
  t.is(marks.rects.length, 8);
  for (const { light } of Object.values(PHASE_COLOURS)) t.is(countColour(marks.rects, light), 2);
  t.deepEqual(marks.texts, ['100', '300', 'connect', 'handshake', 'first byte', 'rest']);
});

test('where only some operations opened a connection, its phases count by that share', (t) => {
  // One in ten connected: (mean - first byte - rest) / (connect + handshake).
  const figure = drawPhases(viewOf([runOf(1, 91, FRESH)]));
  t.deepEqual(figure?.table.rows, [['20 files', '1', '1 ok', '91', '0.1', '0.9', '85', '5', '10 %']]);
  t.regex(figure?.caption ?? '', /On a kept connection connect and handshake count as zero\./);
});

test('on kept connections alone there is neither connect nor handshake', async (t) => {
  const figure = drawPhases(viewOf([runOf(1, 90, { connect: null, handshake: null, firstByte: 85, rest: 5 })]));
  t.deepEqual(figure?.table.rows, [['20 files', '1', '1 ok', '90', '–', '–', '85', '5', '0 %']]);
  t.deepEqual((await readMarks(figure!)).texts, ['90', 'first byte', 'rest']);
});

test('parts and the share that opened a connection follow from means over those that had the phase', (t) => {
  const time = fc.integer({ min: 1, max: 10_000_000 });
  const operations = fc.array(
    fc.record({ connect: time, handshake: time, firstByte: time, rest: time, isFresh: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 50,
    },
  );
  fc.assert(
    fc.property(operations, (rows) => {
      const fresh = rows.filter(({ isFresh }) => isFresh);
      // As an SRM service has it: a handshake of one length, so that no phase goes by the operation.
      const sum = (of: (row: (typeof rows)[number]) => number, all = rows): number =>
        all.reduce((total, row) => total + of(row), 0);
      const opening = (row: (typeof rows)[number]): number => (row.isFresh ? row.connect + row.handshake : 0);
      const meanOf = (key: 'connect' | 'handshake'): number | null =>
        fresh.length === 0 ? null : sum((row) => row[key], fresh) / fresh.length / 1000;
      const mean = sum((row) => opening(row) + row.firstByte + row.rest) / rows.length / 1000;
      const cell = runOf(1, mean, {
        connect: meanOf('connect'),
        handshake: meanOf('handshake'),
        firstByte: sum(({ firstByte }) => firstByte) / rows.length / 1000,
        rest: sum(({ rest }) => rest) / rows.length / 1000,
      });
      const stack = stackPhases([cell]);
      t.not(stack, null);
      const { connect, handshake, firstByte, rest } = stack!.partsMs;
      t.true(Math.abs(connect + handshake + firstByte + rest - mean) <= 0.02 * mean + 0.01);
      t.true(
        Math.abs((connect + handshake) * rows.length * 1000 - sum(opening)) <= 0.01 * sum(opening) + 5 * rows.length,
      );
    }),
  );
});

test('phases that do not add up to the service time are not shown', (t) => {
  t.is(drawPhases(viewOf([runOf(1, 200, { connect: null, handshake: null, firstByte: 85, rest: 5 })])), null);
  t.is(drawPhases(viewOf([runOf(1, 50, { ...FRESH, connect: 0, handshake: 0 })])), null);
});

test('a level counts its runs by their operations; without an ok run it is pale and said to be', async (t) => {
  const heavy = { count: 300, mean: 200, p50: 200, p90: 200, p95: 200, p99: null, max: 200 };
  const figure = drawPhases(
    viewOf([
      runOf(1, 100, FRESH),
      runOf(1, 200, { ...FRESH, firstByte: 185 }, { run: 2, serviceTimeMs: heavy }),
      runOf(1, 900, { ...FRESH, firstByte: 885 }, { run: 3, state: 'failed' }),
      runOf(8, 100, FRESH, { state: 'degraded' }),
    ]),
  );
  t.deepEqual(
    figure?.table.rows.map((row) => row.slice(1, 4)),
    [
      ['1', '2 ok', '175'],
      ['8', '1 degraded', '100'],
    ],
  );
  t.regex(figure?.caption ?? '', /Pale: no run of the level is ok/);
  const { rects } = await readMarks(figure!);
  t.is(rects.filter((rect) => rect.includes('fill-opacity="0.5"')).length, 4);
});

test('of many series six are drawn, the extreme sizes among them, and most of the time is told for all', async (t) => {
  const sizes = [10, 20, 50, 100, 200, 500, 1000, 2000];
  const cells = sizes.map((directorySize) =>
    runOf(1, 100, directorySize === 10 ? { connect: 1, handshake: 80, firstByte: 18, rest: 1 } : FRESH, {
      directorySize,
    }),
  );
  const figure = drawPhases(viewOf(cells));
  t.is(
    figure?.sentence,
    'At the highest level of each series most of the mean service time was the handshake in 1 (80 %) and waiting for the first byte in 7 (85 %).',
  );
  t.true(figure?.caption.endsWith('2 further panels not drawn: the table has all.'));
  const { titles } = await readMarks(figure!);
  t.true(titles.includes('10 files') && titles.includes('2000 files'));
  t.is(titles.length, 7);
  t.is(figure?.table.rows.length, 8);
});

test('panels of very different heights have scales of their own, and say so', (t) => {
  const cells = [runOf(1, 100, FRESH), runOf(1, 1000, { ...FRESH, firstByte: 985 }, { directorySize: 1000 })];
  t.regex(drawPhases(viewOf(cells))?.caption ?? '', /Each panel has its own scale\./);
});

test('without phases there is no figure', (t) => {
  t.is(drawPhases(viewOf([cellAt(1, 10)])), null);
});
