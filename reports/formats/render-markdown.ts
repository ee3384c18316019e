/** The report as Markdown: for a pull request, a wiki or the summary of a CI step. What shows first is what decides. */

import { describeConnections } from '../connection-lines.ts';
import { formatCount, formatQuantity } from '../format-number.ts';
import { tabulateLevels } from '../level-table.ts';
import { nameModels } from '../page/name-models.ts';
import type { CellSummary, Summary, Verdict } from '../summary.ts';
import { checkTrust, countStates } from '../trust.ts';
import { nameVerdict } from '../verdict-sign.ts';
import { codeMarkdown, escapeMarkdown, tableMarkdown } from './markdown-text.ts';
import { describeModels } from './model-lines.ts';

/** More cells than this that are not ok are counted, not listed. */
const MOST_CELLS = 20;

/** The whole report; ends with a newline. */
export function renderMarkdown(summary: Summary): string {
  const sections = [
    [`# ${escapeMarkdown(summary.name)}`],
    describeCampaign(summary),
    section('Finding', listFindings(summary)),
    section('Thresholds', listThresholds(summary)),
    section('Expected and measured', listExpected(summary)),
    section('Believe it?', listTrust(summary)),
    section('Levels', listLevels(summary)),
    section('Models', listModels(summary)),
    section('Not ok', listNotOk(summary.cells)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines];
}

function describeCampaign(summary: Summary): string[] {
  const targets = [...new Set(summary.cells.map(({ target }) => target))].map(codeMarkdown).join(', ');
  const end = summary.finishedAt === null ? ', not finished' : ` to ${summary.finishedAt}`;
  const lines = [
    escapeMarkdown(`${summary.startedAt}${end}`),
    ...(targets === '' ? [] : [targets]),
    escapeMarkdown(
      `${formatQuantity(summary.cells.length, 'cell')}: ${countStates(summary)}${summary.complete ? '' : ' – incomplete'}`,
    ),
    ...describeConnections(summary).map(escapeMarkdown),
  ];
  return lines.map((line) => `- ${line}`);
}

function listFindings(summary: Summary): string[] {
  return nameModels(summary).map(({ label, model }) => `- **${escapeMarkdown(label)}**: ${escapeMarkdown(model.says)}`);
}

function listThresholds({ thresholds }: Summary): string[] {
  if (thresholds.length === 0) return [];
  return tableMarkdown(['verdict', 'threshold', 'measured'], thresholds.map(describeVerdict));
}

function listExpected({ findings }: Summary): string[] {
  if (findings === null) return [];
  const rows = findings.rows.map((row) => [escapeMarkdown(row.says), ...describeVerdict(row)]);
  return tableMarkdown([findings.source, 'verdict', 'check', 'measured here'], rows);
}

function describeVerdict(row: Verdict): string[] {
  return [nameVerdict(row), codeMarkdown(row.check), escapeMarkdown(row.measured)];
}

function listTrust(summary: Summary): string[] {
  const rows = checkTrust(summary).map(({ name, verdict, text }) => [name, verdict, text].map(escapeMarkdown));
  return tableMarkdown(['check', 'verdict', 'what was found'], rows);
}

function listLevels(summary: Summary): string[] {
  const { head, rows } = tabulateLevels(summary);
  const numbers = new Set(head.keys().filter((column) => column > 0 && column < head.length - 1));
  const cells = rows.map((row) => row.map(escapeMarkdown));
  return [
    ...tableMarkdown(head, cells, numbers),
    '',
    'Medians over the runs that are ok; in flight: clients that waited for the service, time average over the window; p50, p99: service time.',
  ];
}

/** Series of which there is more to say than the finding. */
function listModels(summary: Summary): string[] {
  return nameModels(summary).flatMap(({ label, model }) => {
    const lines = describeModels(model);
    if (lines.length === 0) return [];
    return [`- **${escapeMarkdown(label)}**`, ...lines.map((line) => `  - ${escapeMarkdown(line)}`)];
  });
}

function listNotOk(cells: readonly CellSummary[]): string[] {
  const notOk = cells.filter(({ state }) => state === 'failed' || state === 'degraded');
  const lines = notOk
    .slice(0, MOST_CELLS)
    .map(({ id, state, reason }) => `- ${codeMarkdown(id)} ${state}: ${escapeMarkdown(reason ?? 'no reason given')}`);
  const more = notOk.length - lines.length;
  return more === 0 ? lines : [...lines, `- and ${formatCount(more)} more`];
}
