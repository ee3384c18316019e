import test from 'ava';
import type { Acquisition, SiteAcquisition } from '../../../reports/acquisition.ts';
import { drawAcquisition } from '../../../reports/figures/acquisition.ts';
import { drawQueueWait } from '../../../reports/figures/queue-wait.ts';
import type { ReportView } from '../../../reports/report-facts.ts';
import { readMarks } from '../../support/figure-marks.ts';
import { viewOf } from '../../support/report-view.ts';
import { cellAt } from '../../support/summary-cells.ts';

function siteOf(site: string, maxMs: number | null, changes: Partial<SiteAcquisition> = {}): SiteAcquisition {
  const joined = maxMs === null ? 0 : 3;
  const queueWaitMs = { count: joined, p50: null, p95: null, max: maxMs };
  return { site, asked: 4, joined, refused: 0, lost: 0, queueWaitMs, ...changes };
}

const ACQUISITION: Acquisition = {
  sites: [siteOf('near', 800, { lost: 1 }), siteOf('far', 90_000, { refused: 1 })],
  steps: [
    { atMs: 1000, neededSlots: 20, pendingPilots: 2, readyPilots: 0, heldSlots: 0 },
    { atMs: 3000, neededSlots: 20, pendingPilots: 1, readyPilots: 1, heldSlots: 10 },
    { atMs: 5000, neededSlots: 20, pendingPilots: 0, readyPilots: 2, heldSlots: null },
    { atMs: 6000, neededSlots: 30, pendingPilots: 0, readyPilots: 2, heldSlots: 20 },
  ],
  cells: [
    { id: 'c1', startedAtMs: 2000, firedAtMs: 5500 },
    { id: 'c2', startedAtMs: 8000, firedAtMs: 8100 },
    { id: 'c3', startedAtMs: 9000, firedAtMs: null },
  ],
};

function view(acquisition: Acquisition | null): ReportView {
  const { summary, facts } = viewOf([cellAt(1, 10)], { acquisition });
  return { summary: { ...summary, acquisition: acquisition?.sites ?? null }, facts };
}

test('slots and pilots are steps over time with the waits of the cells behind them', async (t) => {
  const figure = drawAcquisition(view(ACQUISITION));
  t.is(
    figure?.sentence,
    'Of 8 pilots asked for 6 joined, 1 refused or ended before, 1 lost later. From its start to its shot a cell waited 1.8 s (median), c1 longest: 3.5 s. 1 cell never fired.',
  );
  t.deepEqual(figure?.table, {
    columns: ['since the start (s)', 'slots asked for', 'slots held', 'pilots pending', 'pilots ready'],
    rows: [
      ['1.0', '20', '0', '2', '0'],
      ['3.0', '20', '10', '1', '1'],
      ['5.0', '20', '–', '0', '2'],
      ['6.0', '30', '20', '0', '2'],
    ],
  });
  const marks = await readMarks(figure!);
  t.deepEqual(marks.texts, ['asked for', 'held', 'pending', 'ready']);
  // Two panels with three waits each; the line of the held slots is broken where they are not known.
  t.deepEqual([marks.rects.length, marks.lines.length], [6, 5]);
});

test('a campaign of hours has an axis in hours', async (t) => {
  const [first, ...rest] = ACQUISITION.steps;
  const figure = drawAcquisition(
    view({ ...ACQUISITION, cells: [], steps: [first!, ...rest, { ...first!, atMs: 2e7 }] }),
  );
  t.true(JSON.stringify(figure?.spec).includes('hours since the campaign began'));
  t.is(figure?.sentence, 'Of 8 pilots asked for 6 joined, 1 refused or ended before, 1 lost later.');
  t.is((await readMarks(figure!)).rects.length, 0);
});

test('waits in the queue stand by site, the longest first, with what each tells', async (t) => {
  const figure = drawQueueWait(
    view({
      ...ACQUISITION,
      sites: [
        ...ACQUISITION.sites,
        siteOf('mid', 40_000, { queueWaitMs: { count: 30, p50: 20_000, p95: 35_000, max: 40_000 } }),
        siteOf('none', null),
      ],
    }),
  );
  t.is(
    figure?.sentence,
    'Pilots waited longest at far, 1:30 at most, and least at near, 800 ms at most. No pilot joined at none.',
  );
  t.deepEqual(figure?.table, {
    columns: ['site', 'asked', 'joined', 'refused', 'lost', 'p50 (s)', 'p95 (s)', 'max (s)'],
    rows: [
      ['near', '4', '3', '0', '1', '–', '–', '0.8'],
      ['far', '4', '3', '1', '0', '–', '–', '90'],
      ['mid', '4', '3', '0', '0', '20', '35', '40'],
      ['none', '4', '0', '0', '0', '–', '–', '–'],
    ],
  });
  const marks = await readMarks(figure!);
  t.deepEqual(marks.texts, ['1:30', '40 s', '800 ms']);
  // A p50 is a circle; the p95 is a tick, which is a rect.
  t.deepEqual([marks.rules.length, marks.symbols.length, marks.rects.length], [3, 1, 1]);
});

test('one site is told without a drawing, and a site without a pilot too', (t) => {
  const one = drawQueueWait(view({ ...ACQUISITION, sites: [siteOf('near', 800)] }));
  t.deepEqual([one?.sentence, one?.spec], ['3 pilots joined at near, after 800 ms at most.', null]);
  const none = drawQueueWait(view({ ...ACQUISITION, sites: [siteOf('near', null)] }));
  t.deepEqual([none?.sentence, none?.spec], ['No pilot joined.', null]);
});

test('of twenty sites the twelve with the longest waits are drawn', async (t) => {
  const sites = Array.from({ length: 20 }, (_, index) => siteOf(`site-${index}`, 1000 * (index + 1)));
  const figure = drawQueueWait(view({ ...ACQUISITION, sites }));
  t.is((await readMarks(figure!)).rules.length, 12);
  t.regex(figure?.caption ?? '', /The 8 sites with the shortest waits not drawn/);
  t.is(figure?.table.rows.length, 20);
});

test('without a journal, or with one in which nobody was asked, there is no figure', (t) => {
  t.is(drawAcquisition(view(null)), null);
  t.is(drawQueueWait(view(null)), null);
  t.is(drawAcquisition(view({ sites: [], steps: [], cells: [] })), null);
  t.is(drawQueueWait(view({ sites: [siteOf('near', null, { asked: 0 })], steps: [], cells: [] })), null);
});
