import test from 'ava';
import * as fc from 'fast-check';
import { isBeyondChance } from '../../../coordinator/thresholds/chance.ts';
import { type LiveWatch, createLiveWatch, liveThresholdsFor } from '../../../coordinator/thresholds/live-watch.ts';
import type { CellIdentity } from '../../../reports/evidence.ts';
import { type BriefRow, briefBlock } from '../../support/frames.ts';

const GRID_MS = 10;
const CELL: CellIdentity = { id: 'c', target: 'a', scenario: 'srm-ls', directorySize: 20, level: 4, run: 1 };

function watch(check: string, clients = 4): LiveWatch {
  return createLiveWatch(liveThresholdsFor({ [check]: 'abort' }, CELL), { clients, gridMs: GRID_MS });
}

/** Operations of 5 ms one after the other from 0, each client in turn. */
function rowsOf(count: number, row: Partial<BriefRow> & { lastsMs?: number } = {}): BriefRow[] {
  const { lastsMs = 5, ...rest } = row;
  return Array.from({ length: count }, (_, index) => ({
    client: index % 4,
    startMs: index * 5,
    endMs: index * 5 + lastsMs,
    ...rest,
  }));
}

type Choice = [check: string, otherwise: 'fail' | 'abort', isWatched: boolean];

const CHOICES: Choice[] = [
  ['failed < 1 %', 'abort', true],
  ['p99 of a at 20 files at level 4 in run 1 <= 2 s', 'abort', true],
  ['p50 from level 2 to level 4 < 20 ms', 'abort', true],
  ['failed < 1 %', 'fail', false],
  ['failed at level 8 < 1 %', 'abort', false],
  ['failed of b < 1 %', 'abort', false],
  ['p99 at site desk < 2 s', 'abort', false],
  ['rate > 3 Hz', 'abort', false],
  ['recovered', 'abort', false],
  ['failed ~ 1', 'abort', false],
];

for (const [check, otherwise, isWatched] of CHOICES) {
  test(`'${check}' with ${otherwise} is ${isWatched ? '' : 'not '}watched in this cell`, (t) => {
    const thresholds = liveThresholdsFor({ [check]: otherwise }, CELL);
    t.deepEqual(
      thresholds.map((each) => each.check),
      isWatched ? [check] : [],
    );
  });
}

test('failures count from T0, without any window; one alone is chance', (t) => {
  const watched = watch('failed < 10 %');
  watched.count(briefBlock(rowsOf(40)));
  watched.count(briefBlock(rowsOf(8, { outcome: 'refused' })));
  t.is(watched.crossed(), null);
  watched.count(briefBlock(rowsOf(7, { outcome: 'status/SRM_FAILURE' })));
  t.deepEqual(watched.crossed(), {
    check: 'failed < 10 %',
    text: '15 of 55 operations (27.3 %) failed so far, where less than 10 % may',
  });
});

test('with nothing allowed the first failure crosses', (t) => {
  const watched = watch('failed <= 0 %');
  watched.count(briefBlock(rowsOf(400)));
  t.is(watched.crossed(), null);
  watched.count(briefBlock(rowsOf(1, { outcome: 'reset' })));
  t.deepEqual(watched.crossed()?.text, '1 of 401 operations (0.249 %) failed so far, where 0 % may');
});

test('what we cut, and what failed on our own side, is no failure of the service', (t) => {
  const watched = watch('failed <= 0 %');
  watched.count(briefBlock([...rowsOf(50, { outcome: 'cut' }), ...rowsOf(50, { outcome: 'local/no-port' })]));
  t.is(watched.crossed(), null);
});

test('fast failures before the first slow success are no crossing: who has not ended one counts as ok', (t) => {
  const early = watch('failed < 10 %', 100);
  early.count(briefBlock(rowsOf(4, { outcome: 'refused' })));
  t.is(early.crossed(), null);
  const all = watch('failed < 10 %', 4);
  all.count(briefBlock(rowsOf(4, { outcome: 'refused' })));
  t.not(all.crossed(), null);
});

test('service times count in the window only, from the opening that is known afterwards to the closing', (t) => {
  const watched = watch('p90 < 20 ms');
  // Starts at 0, 5, … 195 ms: those before 100 are slow.
  watched.count(briefBlock(rowsOf(40).map((row) => (row.startMs < 100 ? { ...row, endMs: row.startMs + 20 } : row))));
  t.is(watched.crossed(), null);
  watched.opened(100);
  t.is(watched.crossed(), null);
  watched.opened(0);
  t.deepEqual(watched.crossed(), {
    check: 'p90 < 20 ms',
    text: '20 of 40 operations (50 %) took 20 ms or longer in the window so far, where 10 % may',
  });
  watched.closed(0);
  t.is(watched.crossed(), null);
});

test('slow operations that failed, and those that started outside of the window, leave the percentile alone', (t) => {
  const watched = watch('p50 <= 20 ms');
  watched.opened(0);
  watched.closed(100);
  watched.count(briefBlock(rowsOf(50, { lastsMs: 900, outcome: 'answer-timeout' })));
  watched.count(briefBlock(rowsOf(50, { lastsMs: 900, startMs: 100, endMs: 1000 })));
  watched.count(briefBlock(rowsOf(50, { startMs: -0.2, endMs: 900 })));
  // At the limit itself: `<=` still holds.
  watched.count(briefBlock(rowsOf(50, { startMs: 99, endMs: 119 })));
  t.is(watched.crossed(), null);
  watched.count(briefBlock(rowsOf(100, { startMs: 99, endMs: 119.001 })));
  t.is(
    watched.crossed()?.text,
    '100 of 150 operations (66.7 %) took longer than 20 ms in the window so far, where 50 % may',
  );
});

test('the first of several thresholds that are crossed is named', (t) => {
  const thresholds = { 'p50 < 1 s': 'abort', 'p50 < 2 ms': 'abort', 'failed < 1 %': 'abort' } as const;
  const watched = createLiveWatch(liveThresholdsFor(thresholds, CELL), { clients: 4, gridMs: GRID_MS });
  watched.opened(0);
  watched.count(briefBlock([...rowsOf(20), ...rowsOf(20, { outcome: 'reset' })]));
  t.is(watched.crossed()?.check, 'p50 < 2 ms');
});

const anyRow: fc.Arbitrary<BriefRow> = fc
  .record({
    client: fc.nat({ max: 3 }),
    startMs: fc.integer({ min: -1, max: 300 }),
    lastsMs: fc.integer({ min: 0, max: 60 }),
    outcome: fc.constantFrom('ok', 'ok', 'ok', 'refused', 'cut', 'local/name'),
  })
  .map(({ lastsMs, startMs, ...row }) => ({ ...row, startMs, endMs: startMs + lastsMs }));

const anyCheck = fc.constantFrom('failed < 1 %', 'failed <= 20 %', 'p50 < 30 ms', 'p90 <= 20 ms', 'p99 < 50 ms');
/** Where the window opens and how long it is, in steps of the grid, and after how many blocks either is known. */
type WindowSteps = { open: number; length: number; openAfter: number; closeAfter: number };

const anyWindow: fc.Arbitrary<WindowSteps> = fc.record({
  open: fc.nat({ max: 15 }),
  length: fc.nat({ max: 15 }),
  openAfter: fc.nat({ max: 6 }),
  closeAfter: fc.nat({ max: 6 }),
});

/** What a watch says that was given the blocks one after the other, and the window when it was known. */
function watchBlocks(
  check: string,
  blocks: readonly BriefRow[][],
  window: WindowSteps,
): ReturnType<LiveWatch['crossed']> {
  const watched = watch(check);
  const openAt = Math.min(window.openAfter, blocks.length);
  const closeAt = Math.min(openAt + window.closeAfter, blocks.length);
  for (let index = 0; index <= blocks.length; index += 1) {
    if (index === openAt) watched.opened(window.open * GRID_MS);
    if (index === closeAt) watched.closed((window.open + window.length) * GRID_MS);
    watched.count(briefBlock(blocks[index] ?? []));
    watched.crossed();
  }
  return watched.crossed();
}

/** Whether it is crossed by definition: all rows at once, filtered as the table says. */
function isCrossedAtOnce(check: string, rows: readonly BriefRow[], { open, length }: WindowSteps): boolean {
  const [, measure, comparator, number] = /^(\w+) (<=?) (\d+)/.exec(check) ?? [];
  const ended = rows.filter(({ outcome }) => outcome !== 'cut');
  if (measure === 'failed') {
    const waiting = 4 - new Set(ended.map(({ client }) => client)).size;
    const failed = ended.filter(({ outcome }) => outcome === 'refused');
    return isBeyondChance(failed.length, ended.length + waiting, Number(number) / 100);
  }
  const counted = ended.filter(
    ({ outcome, startMs }) => outcome === 'ok' && startMs >= open * GRID_MS && startMs < (open + length) * GRID_MS,
  );
  const slow = counted.filter(({ startMs, endMs }) =>
    comparator === '<' ? endMs - startMs >= Number(number) : endMs - startMs > Number(number),
  );
  return isBeyondChance(slow.length, counted.length, (100 - Number(measure?.slice(1))) / 100);
}

test('blocks as they come say the same as all rows at once, whatever their order and whenever the window is known', (t) => {
  const blocks = fc.array(fc.array(anyRow, { maxLength: 40 }), { maxLength: 6 });
  const seen = { crossed: 0, not: 0 };
  fc.assert(
    fc.property(anyCheck, blocks, anyWindow, fc.infiniteStream(fc.nat()), (check, parts, window, order) => {
      const shuffled = parts
        .map((part) => ({ part: part.toReversed(), rank: order.next().value as number }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ part }) => part);
      const found = watchBlocks(check, parts, window);
      t.deepEqual(watchBlocks(check, shuffled, window), found);
      t.is(found !== null, isCrossedAtOnce(check, parts.flat(), window));
      seen[found === null ? 'not' : 'crossed'] += 1;
    }),
    { numRuns: 400 },
  );
  t.true(seen.crossed > 20 && seen.not > 20, JSON.stringify(seen));
});
