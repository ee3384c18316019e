/** When figures of a pilot's cgroup, kernel and network make a mark, and what the report says of them. */

import test from 'ava';
import type { CellEvidence, GeneratorHealth } from '../../reports/evidence.ts';
import { findWorstHealth } from '../../reports/measures/worst-health.ts';
import type { CellSummary, Mark } from '../../reports/summary.ts';
import { checkTrust } from '../../reports/trust.ts';
import { cellAt, summaryOf } from '../support/summary-cells.ts';
import { HEALTHY, blocksOf, simulateCell } from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

const QUIET = { sent: 5000, retransmitted: 0, needless: 0, timeouts: 0, listenOverflows: 0, listenDrops: 0 };

/** A cell whose pilots are as healthy as these say, in turn. */
async function measureWith(serviceUs: number, ...healths: (Partial<GeneratorHealth> | null)[]): Promise<CellSummary> {
  const { evidence, operations } = simulateCell({ clients: 8, pilots: healths.length, serviceUs: () => serviceUs });
  const pilots = evidence.pilots.map((pilot, index) => {
    const health = healths[index] ?? null;
    return { ...pilot, health: health === null ? null : { ...HEALTHY, ...health } };
  });
  return summarizeCell({ ...evidence, pilots }, blocksOf(operations));
}

function markOf({ marks }: CellSummary, code: Mark['code']): Mark | undefined {
  return marks.find((mark) => mark.code === code);
}

test('a loop that is late on average is marked once that makes a tenth of the typical service time', async (t) => {
  const late = { loopLateMeanMs: 2.5 };
  const cell = await measureWith(20_000, HEALTHY, late);
  const phases = Object.values(cell.phasesMs).filter((phase) => phase !== null);
  const cost = phases.reduce((sum, phase) => sum + Math.min(phase, 2.5), 0);
  t.true(cost > 2.5 && cost < 2.5 * phases.length, 'a short phase hides no more than it is long');
  const mark = markOf(cell, 'generator-bound');
  t.like(mark, { value: cost, limit: 2 });
  t.regex(
    mark?.text ?? '',
    /^What came for a pilot waited 2\.5 ms .* ms of an operation \(limit 2 ms: 10 % of the typical/,
  );
  t.is(markOf(await measureWith(1_000_000, late), 'generator-bound'), undefined, 'a slow service does not feel it');
  t.is(markOf(await measureWith(20_000, { loopLateMeanMs: null }), 'generator-bound'), undefined);
});

async function reasonWith(health: Partial<GeneratorHealth>): Promise<string | undefined> {
  return markOf(await measureWith(200_000, health), 'generator-bound')?.text;
}

test('a late loop says so when its thread had no core, and a loop that is not late is not asked', async (t) => {
  const noCore = /had no core for 30 % of the time \(limit 5\.0 %\)\.$/;
  t.regex((await reasonWith({ runQueueShare: 0.3, loopDelayP99Ms: 30 })) ?? '', noCore);
  t.regex((await reasonWith({ runQueueShare: 0.3, loopLateMeanMs: 30 })) ?? '', noCore);
  t.notRegex((await reasonWith({ runQueueShare: 0.05, loopLateMeanMs: 30 })) ?? '', /core/, 'late by its own work');
  t.is(await reasonWith({ runQueueShare: 0.3, loopDelayP99Ms: 20, loopLateMeanMs: 5 }), undefined);
});

test('a quota that stops a pilot for more than a hundredth of the time is marked', async (t) => {
  const mark = markOf(await measureWith(1_000_000, { throttledShare: 0.62 }), 'generator-bound');
  t.like(mark, { value: 62, limit: 1 });
  t.is(
    mark?.text,
    'A CPU quota of its cgroup stopped a pilot for 62 % of the time, added up over cores (limit 1.0 %).',
  );
  t.is(markOf(await measureWith(1_000_000, { throttledShare: 0.01 }), 'generator-bound'), undefined);
});

test('both reasons stand in one mark', async (t) => {
  const both = { runQueueShare: 0.46, loopLateMeanMs: 5, throttledShare: 0.2 };
  const { text = '' } = markOf(await measureWith(20_000, both), 'generator-bound') ?? {};
  t.regex(text, /had no core .* A CPU quota/);
});

test('what was lost is marked from one in a hundred operations, and never below five', async (t) => {
  const lose = async (lost: number, needless = 0): Promise<Mark | undefined> => {
    const tcp = { ...QUIET, retransmitted: lost + needless, needless };
    return markOf(await measureWith(2000, { tcp }), 'retransmitted');
  };
  const all = (await measureWith(2000, {})).operations.ok;
  t.true(all > 1000);
  const most = Math.floor(all / 100);
  t.is(await lose(most), undefined);
  t.is(await lose(most, 1000), undefined, 'what the other end had already is not lost');
  const mark = await lose(most + 1);
  t.like(mark, { value: most + 1, limit: all / 100 });
  t.regex(
    mark?.text ?? '',
    /^While .* operations ran, \d+ of 5,000 segments were lost and sent again on the pilots’ hosts/,
  );
  const few = await measureWith(500_000, { tcp: { ...QUIET, retransmitted: 5 } });
  t.true(few.operations.ok < 100);
  t.is(markOf(few, 'retransmitted'), undefined);
  t.is(markOf(await measureWith(2000, { tcp: null }), 'retransmitted'), undefined);
});

function worstOver(...pilots: { host: string; health: Partial<GeneratorHealth> | null }[]): CellSummary['generator'] {
  const { evidence } = simulateCell({ clients: 1, serviceUs: () => 1000, windowMs: 10 });
  const [pilot] = evidence.pilots as [CellEvidence['pilots'][number]];
  return findWorstHealth({
    pilots: pilots.map(({ host, health }) => ({
      ...pilot,
      host,
      health: health === null ? null : { ...HEALTHY, ...health },
    })),
  });
}

test('a host’s TCP is counted once, however many pilots it has, and hosts are added up', (t) => {
  const worst = worstOver(
    { host: 'a', health: { tcp: { ...QUIET, retransmitted: 4, listenOverflows: 1, listenDrops: 1 } } },
    { host: 'a', health: { tcp: { ...QUIET, retransmitted: 3, listenOverflows: 2, listenDrops: 2 } } },
    { host: 'b', health: { tcp: { ...QUIET, retransmitted: 10 } } },
    { host: 'c', health: { tcp: null } },
    { host: 'd', health: null },
  );
  t.deepEqual(worst?.tcp, { ...QUIET, sent: 10_000, retransmitted: 14, listenOverflows: 2, listenDrops: 2 });
});

test('the worst pilot is told of each figure, and what no pilot could read stays unknown', (t) => {
  const unread = { throttledShare: null, pressureShare: null, stolenShare: null, runQueueShare: null, tcp: null };
  const blind = { ...unread, loopLateMeanMs: null };
  t.like(worstOver({ host: 'a', health: blind }), blind);
  const worst = worstOver(
    { host: 'a', health: { throttledShare: 0.1, pressureShare: null, runQueueShare: 0.2, loopLateMeanMs: 1 } },
    { host: 'b', health: { throttledShare: 0.3, pressureShare: 0.7, runQueueShare: 0.1, loopLateMeanMs: 8 } },
    { host: 'c', health: blind },
  );
  t.like(worst, { throttledShare: 0.3, pressureShare: 0.7, runQueueShare: 0.2, loopLateMeanMs: 8 });
});

function trustIn(...cells: CellSummary[]): Record<string, string> {
  const checks = checkTrust(summaryOf(...cells));
  return Object.fromEntries(checks.map(({ name, verdict, text }) => [name, `${verdict}: ${text}`]));
}

function generatorWith(changes: Partial<GeneratorHealth>): { generator: GeneratorHealth } {
  return { generator: { ...HEALTHY, ...changes } };
}

test('the trust lines tell what kept cores from the pilots, with numbers', (t) => {
  const calm = cellAt(1, 1, generatorWith({}));
  t.is(trustIn(calm)['generator'], 'ok: at most 12 % busy, loop late by 0.3 ms at p99');
  const starved = cellAt(2, 2, generatorWith({ runQueueShare: 0.31, throttledShare: 0.004, stolenShare: 0.05 }));
  t.is(
    trustIn(calm, starved)['generator'],
    'ok: at most 12 % busy, loop late by 0.3 ms at p99; without a core for up to 31 % of the time; ' +
      'throttled for up to 0.4 % of it; up to 5.0 % of their cores stolen by the hypervisor',
  );
  const marks: Mark[] = [{ code: 'generator-bound', value: 40, limit: 1, text: 'A quota.' }];
  const bound = cellAt(3, 3, { ...generatorWith({ throttledShare: 0.4 }), marks });
  t.is(trustIn(calm, bound)['generator'], 'look: may have set the numbers in 1 cell; throttled for up to 40 % of it');
});

test('a line about the network is there when something was lost or turned away, or is not known', (t) => {
  t.is(trustIn(cellAt(1, 1))['network'], undefined);
  const probed = cellAt(1, 1, generatorWith({ tcp: { ...QUIET, retransmitted: 50, needless: 50 } }));
  t.is(trustIn(probed)['network'], undefined);
  const tcp = { ...QUIET, retransmitted: 7, listenOverflows: 2, listenDrops: 3 };
  const lossy = cellAt(1, 1, generatorWith({ tcp }));
  const words =
    '7 of 10,000 segments were lost and sent again on the pilots’ hosts, ' +
    'their listeners dropped 3 connections (2 for a full accept queue)';
  t.is(trustIn(lossy, cellAt(2, 2))['network'], `ok: ${words}`);
  const marked = { ...lossy, marks: [{ code: 'retransmitted' as const, value: 7, limit: 5, text: 'Lost.' }] };
  t.is(trustIn(marked, cellAt(2, 2))['network'], `look: ${words}; enough to count in 1 cell`);
  const unread = cellAt(1, 1, generatorWith({ tcp: null }));
  t.regex(trustIn(unread)['also'] ?? '', /lost packets/);
  t.notRegex(trustIn(unread, lossy)['also'] ?? '', /lost packets/);
});
