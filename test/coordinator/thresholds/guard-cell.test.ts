import test from 'ava';
import { createInterruption } from '../../../coordinator/campaign-stop.ts';
import { createJournal } from '../../../coordinator/journal.ts';
import { type CellGuard, guardCell } from '../../../coordinator/thresholds/guard-cell.ts';
import type { CellIdentity } from '../../../reports/evidence.ts';
import { briefBlock } from '../../support/frames.ts';
import { createMemoryDisk } from '../../support/memory-disk.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { sampleConfig } from '../config/sample-config.ts';

const CELL: CellIdentity = {
  id: '001-d20-l4-r1',
  target: 'embedded',
  scenario: 'srm-ls',
  directorySize: 20,
  level: 4,
  run: 1,
};
const FAILED = briefBlock(
  Array.from({ length: 8 }, (_, client) => ({ client: client % 4, startMs: 0, endMs: 5, outcome: 'reset' })),
);
const SLOW = briefBlock(Array.from({ length: 8 }, (_, client) => ({ client: client % 4, startMs: 20, endMs: 5000 })));

function guard(thresholds: Record<string, string>) {
  const user = { drain: new AbortController(), now: new AbortController() };
  const interrupt = createInterruption({ drain: user.drain.signal, now: user.now.signal });
  const disk = createMemoryDisk();
  const journal = createJournal('/journal', disk, createVirtualClock());
  const config = sampleConfig({ thresholds });
  const guarded: CellGuard = guardCell({ config, journal, interrupt }, { cell: CELL, attempt: 2, gridMs: 10 });
  return { user, interrupt, guarded, journal, lines: () => disk.journal('/journal') };
}

test('a crossing stops the campaign at once with exit code 99 and the reason in words, and is told once', async (t) => {
  const { interrupt, guarded, journal, lines } = guard({ 'failed < 1 %': 'abort' });
  guarded.count(FAILED);
  t.true(interrupt.now.aborted);
  t.true(interrupt.drain.aborted);
  const text = '8 of 8 operations (100 %) failed so far, where less than 1 % may';
  t.deepEqual(interrupt.stop(), {
    exitCode: 99,
    reason: `the threshold 'failed < 1 %' was crossed in cell 001-d20-l4-r1: ${text}`,
  });
  guarded.count(FAILED);
  await journal.settled();
  const told = lines();
  t.is(told.length, 1);
  t.like(told[0], { step: 'threshold-crossed', cell: CELL.id, attempt: 2, check: 'failed < 1 %', text });
});

test('rows that came before the window was known count when it opens', (t) => {
  const { interrupt, guarded } = guard({ 'p99 < 2 s': 'abort' });
  guarded.count(SLOW);
  t.false(interrupt.now.aborted);
  guarded.opened(20);
  t.true(interrupt.now.aborted);
  t.regex(interrupt.stop().reason, /^the threshold 'p99 < 2 s' .* 8 of 8 operations \(100 %\) took 2\.0 s or longer/);
});

test('a threshold that only fails stops nothing', (t) => {
  const { interrupt, guarded } = guard({ 'failed < 1 %': 'fail', 'p99 < 2 s': 'fail' });
  guarded.opened(0);
  guarded.count(FAILED);
  guarded.count(SLOW);
  guarded.closed(100);
  t.false(interrupt.drain.aborted);
});

test("the user's own interrupt stays the reason when it came first", (t) => {
  const { user, interrupt, guarded } = guard({ 'failed < 1 %': 'abort' });
  user.drain.abort();
  guarded.count(FAILED);
  t.is(interrupt.stop().exitCode, 105);
});
