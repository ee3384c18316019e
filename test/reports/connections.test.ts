/** Connections, identities and follow-up requests: what is measured of them, marked, and told. */

import test from 'ava';
import type { ConnectionCounts } from '../../foundation/connection-counts.ts';
import { describeConnections } from '../../reports/connection-lines.ts';
import { type CellSummary, CellSummarySchema } from '../../reports/summary.ts';
import { summaryTable } from '../../reports/terminal-table.ts';
import { checkTrust } from '../../reports/trust.ts';
import { cellAt, summaryOf } from '../support/summary-cells.ts';
import { type SyntheticCell, blocksOf, simulateCell } from '../support/synthetic-cell.ts';
import { summarizeCell } from '../support/summarize-cell.ts';

const CIPHER = 'TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256';
const OTHER_CIPHER = 'TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384';

function counts(secured: number, changes: Partial<ConnectionCounts> = {}): ConnectionCounts {
  return {
    opened: secured,
    secured,
    resumed: 0,
    byCipher: { [CIPHER]: secured },
    carriedBy: { direct: secured, undici: 0 },
    ...changes,
  };
}

/** Two pilots; what each says of its connections. */
function measureWith(
  told: readonly (ConnectionCounts | null)[],
  evidence: Partial<SyntheticCell['evidence']> = {},
): Promise<CellSummary> {
  const cell = simulateCell({ clients: 4, pilots: 2, serviceUs: () => 100_000 });
  const pilots = cell.evidence.pilots.map((pilot, index) => ({ ...pilot, connections: told[index] ?? null }));
  return summarizeCell({ ...cell.evidence, ...evidence, pilots }, blocksOf(cell.operations));
}

test('the connections of a cell are those of all pilots that told', async (t) => {
  const both = await measureWith(
    [counts(30), counts(10, { opened: 12, byCipher: { [CIPHER]: 4, [OTHER_CIPHER]: 6 } })],
    {
      identities: 3,
    },
  );
  t.deepEqual(both.connections, {
    opened: 42,
    secured: 40,
    resumed: 0,
    byCipher: { [CIPHER]: 34, [OTHER_CIPHER]: 6 },
    carriedBy: { direct: 40, undici: 0 },
  });
  t.is(both.identities, 3);
  t.deepEqual(both.marks, []);
  t.deepEqual(CellSummarySchema.parse(both), both);
  t.deepEqual((await measureWith([null, counts(10)])).connections, counts(10));
  t.is((await measureWith([null, null])).connections, null);
});

test('one resumed session marks a cell with a connection per operation, and no cell that keeps them', async (t) => {
  const told = [counts(30), counts(10, { resumed: 1 })];
  const fresh = await measureWith(told, { connection: { perOperation: true } });
  t.is(fresh.state, 'ok');
  t.deepEqual(fresh.marks, [
    {
      code: 'sessions-resumed',
      value: 2.5,
      limit: 0,
      text:
        '1 of 40 TLS handshakes (2.5 %, limit 0 %) were cut short by resuming an earlier session: ' +
        'they cost less than those of fresh clients.',
    },
  ]);
  t.deepEqual((await measureWith(told, { connection: { perOperation: false } })).marks, []);
  t.deepEqual((await measureWith(told, { connection: null })).marks, []);
});

test('an operation is one to the rates and to the server’s count, however many requests it took', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 4, serviceUs: () => 100_000 });
  const followed = operations.map((operation, index) => ({ ...operation, polls: index % 3, pages: index % 2 }));
  const plain = await summarizeCell(evidence, blocksOf(operations));
  const measured = await summarizeCell(evidence, blocksOf(followed, 5));
  const sum = (kind: 'polls' | 'pages'): number => followed.reduce((all, operation) => all + operation[kind], 0);
  t.true(sum('polls') > 0 && sum('pages') > 0);
  t.deepEqual(measured, { ...plain, followUps: { polls: sum('polls'), pages: sum('pages') } });
  t.deepEqual(measured.server, { counted: operations.length, difference: 0 });
});

test('with TLS each operation’s handshake is in the phases, and one without does not thin them out', async (t) => {
  const { evidence, operations } = simulateCell({ clients: 4, serviceUs: () => 100_000 });
  const secured = operations.map((operation) => ({ ...operation, handshakeUs: 30_000 + 1000 * operation.client }));
  t.is((await summarizeCell(evidence, blocksOf(secured))).phasesMs.handshake, 31.5);
  const keptByOne = secured.map(({ handshakeUs, ...operation }) =>
    operation.client === 0 ? operation : { ...operation, handshakeUs },
  );
  t.is((await summarizeCell(evidence, blocksOf(keptByOne))).phasesMs.handshake, 32);
});

function handshakesOf(...cells: CellSummary[]): string | null {
  const check = checkTrust(summaryOf(...cells)).find(({ name }) => name === 'handshakes');
  return check === undefined ? null : `${check.verdict}: ${check.text}`;
}

test('fresh handshakes are ok, resumed ones ask to look, and plain connections have nothing to check', (t) => {
  t.is(handshakesOf(cellAt(1, 1)), null);
  t.is(handshakesOf(cellAt(1, 1, { connections: counts(0, { opened: 8, byCipher: {} }) })), null);
  const fresh = cellAt(1, 1, { connections: counts(1000), identities: 4 });
  const larger = cellAt(4, 1, { connections: counts(3000), identities: 20 });
  t.is(handshakesOf(fresh, larger), 'ok: 0 of 4,000 cut short by resuming a session; 20 identities at most');
  const mark = { code: 'sessions-resumed', value: 10, limit: 0, text: '' } as const;
  const resumed = cellAt(8, 1, { connections: counts(1000, { resumed: 100 }), marks: [mark] });
  t.is(
    handshakesOf(fresh, resumed),
    'look: 100 of 2,000 cut short by resuming a session: in 1 cell they are not those of fresh clients; 4 identities at most',
  );
});

test('each target has a line: connections, ciphers, resumed sessions, identities, further requests as far as there are any', (t) => {
  t.deepEqual(describeConnections(summaryOf(cellAt(1, 1))), []);
  const plain = cellAt(1, 1, { connections: counts(0, { opened: 1, byCipher: {} }) });
  t.deepEqual(describeConnections(summaryOf(plain)), ['1 connection']);
  const by = (carriedBy: ConnectionCounts['carriedBy']) =>
    describeConnections(summaryOf(cellAt(1, 1, { connections: counts(0, { opened: 1, byCipher: {}, carriedBy }) })));
  t.deepEqual(by({ direct: 0, undici: 3 }), ['1 connection, transport undici']);
  t.deepEqual(by({ direct: 5, undici: 1 }), ['1 connection, direct transport, but undici for 1 operation']);
  const secured = cellAt(4, 1, {
    target: 'httpg://s\u001b[31m',
    connections: counts(2000, { resumed: 3, byCipher: { [OTHER_CIPHER]: 500, [CIPHER]: 1500 } }),
    identities: 1,
    followUps: { polls: 40, pages: 1 },
  });
  const lines = [
    'http://t: 1 connection',
    `httpg://s [31m: 2,000 connections, direct transport, 2,000 TLS handshakes (${CIPHER} 75 %, ${OTHER_CIPHER} 25 %; 3 resumed), ` +
      '1 identity at most, 40 polls, 1 further page',
  ];
  t.deepEqual(describeConnections(summaryOf(plain, secured)), lines);
  const table = summaryTable(summaryOf(plain, secured)).split('\n');
  const first = table.findIndex((line) => line.startsWith('WIRE'));
  t.deepEqual(table.slice(first, first + 2), [`WIRE       ${lines[0]}`, `           ${lines[1]}`]);
});
