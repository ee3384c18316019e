/** The end of a campaign in plain text: findings, expectations, a line a level over its runs, connections, whether to believe it, thresholds. */

import { describeConnections } from './connection-lines.ts';
import { tabulateLevels } from './level-table.ts';
import { nameModels } from './page/name-models.ts';
import { putOnOneLine } from './plain-text.ts';
import type { Summary } from './summary.ts';
import { checkTrust, countStates } from './trust.ts';
import { nameVerdict } from './verdict-sign.ts';

const NAME_WIDTH = 'THRESHOLDS'.length;

/** Plain text without colour codes, lines separated by newlines, none at the end. */
export function summaryTable(summary: Summary): string {
  const levels = tabulateLevels(summary);
  return [
    ...listFindings(summary),
    ...listExpected(summary),
    ...alignColumns([levels.head, ...levels.rows]),
    ...head('WIRE', describeConnections(summary)),
    ...listTrust(summary),
    ...listThresholds(summary),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A block: its name before the first line, the others below it. */
function head(name: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? name : '').padEnd(NAME_WIDTH)} ${putOnOneLine(line)}`);
}

function listFindings(summary: Summary): string[] {
  const models = nameModels(summary);
  const width = Math.max(0, ...models.map(({ label }) => label.length));
  return head(
    'FINDING',
    models.map(({ label, model }) => `${label.padEnd(width)}  ${model.says}`),
  );
}

/** What was expected, what was found: a line a finding. */
function listExpected({ findings }: Summary): string[] {
  const rows = findings?.rows ?? [];
  return head(
    'EXPECTED',
    alignColumns(
      rows.map((row) => [nameVerdict(row), row.says, row.measured]),
      'left',
    ),
  );
}

function listThresholds({ thresholds }: Summary): string[] {
  return head(
    'THRESHOLDS',
    alignColumns(
      thresholds.map((row) => [nameVerdict(row), row.check, row.measured]),
      'left',
    ),
  );
}

function listTrust(summary: Summary): string[] {
  const checks = checkTrust(summary).map(({ name, verdict, text }) => `[${verdict}] ${name}: ${text}`);
  return head('TRUST', [countStates(summary), ...checks]);
}

/** First and last column to the left, numbers to the right. */
function alignColumns(rows: readonly string[][], middle: 'left' | 'right' = 'right'): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number;
        return middle === 'left' || column === 0 || column === columns - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
}
