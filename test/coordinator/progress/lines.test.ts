import test from 'ava';
import { cellTableHead, describeCell } from '../../../coordinator/progress/cell-lines.ts';
import { describeCampaign, describePlan, describeTried } from '../../../coordinator/progress/header-lines.ts';
import { describeHeartbeat, describeLive } from '../../../coordinator/progress/live-lines.ts';
import { INITIAL_STATE, advance, estimateLeftMs } from '../../../coordinator/progress/progress-state.ts';
import { createPainter, cutToColumns, formatCount, formatLife } from '../../../coordinator/progress/text.ts';
import type { CampaignEvent } from '../../../coordinator/campaign-event.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { PROGRESS, STARTED, TARGET, TRIED, WINDOW, finishedCell, sampleSummary, startedCell } from './sample-events.ts';

const plain = createPainter(false);

test('the header names the target, who permits the load, the timeouts and the plan', (t) => {
  t.deepEqual(describeCampaign(STARTED, '0.1.0'), [
    'glidetester 0.1.0  sample   results/sample-2026-11-21T140200Z',
    'target    http://srm.example.org:8080/srm  -> 192.0.2.10, 192.0.2.11   permission: ops@example.org',
    'timeouts  connect 10s  handshake 10s  answer 60s   (they decide where a limit is found)',
    'plan      4 cells   12 s at least, 2:10 at most',
  ]);
  const embedded = { ...TARGET, url: 'embedded', addresses: [], permissionBy: null };
  t.is(describeCampaign({ ...STARTED, targets: [embedded] }, '1')[1], 'target    embedded');
  t.deepEqual(
    describeCampaign({ ...STARTED, targets: [embedded, { ...TARGET, name: 'door' }] }, '1')
      .filter((line) => line.startsWith('target'))
      .map((line) => line.split('  ->')[0]),
    ['target    srm.example.org:8080  embedded', 'target    door  http://srm.example.org:8080/srm'],
  );
  t.is(describePlan(1, { least: 500, most: 4000 }), '1 cell   500 ms at least, 4.0 s at most');
});

test('the header says who the clients are, for how long, and how their connections are secured', (t) => {
  const clients = {
    users: 20,
    validForMs: 6.99 * 86_400_000,
    gsi: true,
    authorities: 1,
    tlsVersions: ['TLSv1.2'],
  };
  const lineOf = (changes: Partial<typeof clients>): string | undefined =>
    describeCampaign({ ...STARTED, targets: [{ ...TARGET, clients: { ...clients, ...changes } }] }, '1')[2];
  t.is(lineOf({}), 'clients   20 identities, valid 6 d 23 h   GSI, TLSv1.2, 1 authority trusted');
  t.is(
    lineOf({ users: 1, validForMs: 11.5 * 3_600_000, gsi: false, authorities: 97, tlsVersions: ['TLSv1', 'TLSv1.3'] }),
    'clients   1 identity, valid 11 h 30 min   TLSv1 to TLSv1.3, 97 authorities trusted',
  );
});

test('a life is given in its two largest units, and never longer than it is', (t) => {
  t.is(formatLife(48 * 3_600_000), '2 d 0 h');
  t.is(formatLife(48 * 3_600_000 - 1), '47 h 59 min');
  t.is(formatLife(72 * 3_600_000 - 1), '2 d 23 h');
  t.is(formatLife(2 * 3_600_000 - 1), '119 min');
});

test('the one operation is shown with the phases that it had', (t) => {
  t.is(
    describeTried(TRIED.tried),
    'one op    srmLs /d20  ok  12,345 bytes  connect 12 ms  first byte 310 ms  rest 2.0 ms  (from desk)',
  );
});

const LONG = {
  held: 1598.25,
  inFlight: 1590,
  ratePerS: 39.6,
  operations: { ok: 1, failed: 2093, cut: 4, byOutcome: {} },
};
const MARK = { code: 'pilot-lost', value: 1, limit: 0, text: '1 pilot lost at 1.2 s' } as const;

const CELLS: [title: string, position: number, changes: Partial<CellSummary>, lines: string[]][] = [
  ['an ok cell', 7, {}, ['  7   1     20      7       7       1.0     20.1   40 ms    41 s      0  ok']],
  [
    'marks of an ok cell',
    7,
    { marks: [MARK] },
    ['  7   1     20      7       7       1.0     20.1   40 ms    41 s      0  ok (pilot-lost)'],
  ],
  [
    'a degraded cell',
    10,
    { ...LONG, level: 2000, state: 'degraded', reason: '1598 of 2000 clients held', marks: [MARK] },
    [
      ' 10   1     20   2000   1,598     1,590     39.6   40 ms    41 s   2093  degraded',
      '    1598 of 2000 clients held',
      '    pilot-lost: 1 pilot lost at 1.2 s',
    ],
  ],
  [
    'a skipped cell without any number',
    3,
    {
      state: 'skipped',
      reason: 'the campaign stopped',
      directorySize: null,
      held: 0,
      inFlight: null,
      ratePerS: null,
      serviceTimeMs: { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null },
    },
    ['  3   1      3       0         –        –       –       –      0  skipped', '    the campaign stopped'],
  ],
];

for (const [title, position, changes, lines] of CELLS) {
  test(`a line for the log, with reason and marks below: ${title}`, (t) => {
    const described = describeCell(position, { ...sampleSummary(position), ...changes }, plain);
    t.deepEqual(
      described.map((line) => line.replaceAll(/ +$/g, '')),
      lines,
    );
  });
}

for (const directorySize of [20, null]) {
  test(`the head of the table stands over its columns (size ${directorySize})`, (t) => {
    const summary = { ...sampleSummary(1), directorySize };
    const [line] = describeCell(1, summary, plain) as [string];
    const head = cellTableHead(summary);
    t.is(head.includes('files'), directorySize !== null);
    t.is(head.indexOf('state'), line.indexOf('ok'));
    t.is(head.indexOf('rate Hz') + 'rate Hz'.length, line.indexOf('20.1') + '20.1'.length);
  });
}

function stateAfter(...events: [atMs: number, event: CampaignEvent][]) {
  return events.reduce((state, [atMs, event]) => advance(state, event, atMs), INITIAL_STATE);
}

test('the live lines tell cell, phase, load, pilots and what is left', (t) => {
  const state = stateAfter(
    [0, STARTED],
    [0, startedCell(1)],
    [10_000, finishedCell(1)],
    [10_000, startedCell(2)],
    [10_000, WINDOW],
    [12_000, PROGRESS],
  );
  t.deepEqual(describeLive(state, 12_000, 200), [
    '  2   1     20      2  ── window 1:12 of 3:20 ── 2,000 held, 1,996 in flight ── 49.6 Hz ── failed 3',
    '    pilots 48 ready, 2 pending',
    '    cell 2/4   left about 28 s',
    '    Ctrl-C: stop after draining   twice: stop now',
  ]);
  t.is(
    describeHeartbeat(state, 12_000),
    'cell 2/4   left about 28 s   20 files level 2 run 1   window 1:12 of 3:20   2,000 held, 1,996 in flight   49.6 Hz   failed 3   pilots 48 ready, 2 pending',
  );
});

test('no live line is longer than the terminal is wide', (t) => {
  const state = stateAfter([0, STARTED], [0, startedCell(1)], [0, PROGRESS]);
  for (const columns of [1, 2, 20, 79, 80, 81]) {
    for (const line of describeLive(state, 0, columns)) t.true(line.length <= columns, `${columns}: ${line}`);
  }
});

test('a new phase has no numbers of the one before; a repeated cell says which attempt it is', (t) => {
  const state = stateAfter([0, STARTED], [0, startedCell(1)], [1, PROGRESS], [2, { type: 'phase', phase: 'drain' }]);
  t.is(describeLive(state, 3, 200)[0], '  1   1     20      1  ── drain');
  t.regex(describeHeartbeat(stateAfter([0, STARTED], [0, startedCell(1, 2)]), 0), /acquiring \(attempt 2\)$/);
});

const LEFT: [title: string, events: [number, CampaignEvent][], nowMs: number, leftMs: number | null][] = [
  [
    'nothing is known before the first cell has ended',
    [
      [0, STARTED],
      [0, startedCell(1)],
    ],
    5000,
    null,
  ],
  [
    'the mean of the cells so far, for those to come',
    [
      [0, STARTED],
      [0, startedCell(1)],
      [10_000, finishedCell(1)],
    ],
    10_000,
    30_000,
  ],
  [
    'less what the present cell has had',
    [
      [0, STARTED],
      [0, startedCell(1)],
      [10_000, finishedCell(1)],
      [10_000, startedCell(2)],
    ],
    14_000,
    26_000,
  ],
  [
    'never below nothing for a cell that takes longer',
    [
      [0, STARTED],
      [0, startedCell(1)],
      [10_000, finishedCell(1)],
      [10_000, startedCell(2)],
    ],
    99_000,
    20_000,
  ],
  [
    'cells that were skipped took no time',
    [
      [0, STARTED],
      [0, startedCell(1)],
      [10_000, finishedCell(1)],
      [10_000, finishedCell(2)],
    ],
    10_000,
    20_000,
  ],
  [
    'all attempts of a cell count',
    [
      [0, STARTED],
      [0, startedCell(1)],
      [6000, startedCell(1, 2)],
      [10_000, finishedCell(1)],
    ],
    10_000,
    30_000,
  ],
];

for (const [title, events, nowMs, leftMs] of LEFT) {
  test(`time left: ${title}`, (t) => {
    t.is(estimateLeftMs(stateAfter(...events), nowMs), leftMs);
  });
}

const COUNTS: [number | null, string][] = [
  [null, '–'],
  [0, '0'],
  [7, '7'],
  [0.98, '1.0'],
  [39.64, '39.6'],
  [1000, '1,000'],
  [1598.6, '1,599'],
];

for (const [value, text] of COUNTS) {
  test(`${value} reads ${text}`, (t) => {
    t.is(formatCount(value), text);
  });
}

test('a line that does not fit ends in an ellipsis', (t) => {
  t.is(cutToColumns('abcdef', 6), 'abcdef');
  t.is(cutToColumns('abcdef', 5), 'abcd…');
  t.is(cutToColumns('abcdef', 0), '…');
});
