/** What was expected beside what was measured, and the thresholds: each with its verdict in words and sign. */

import type { Summary, Verdict } from '../summary.ts';
import { nameVerdict } from '../verdict-sign.ts';
import { type Html, NOTHING, html } from './html.ts';
import { type Section, scrollable } from './section.ts';

/** Null when nothing was expected and no threshold was set. */
export function describeVerdicts({ findings, thresholds }: Summary): Section | null {
  if (findings === null && thresholds.length === 0) return null;
  const title =
    findings === null
      ? 'Thresholds'
      : thresholds.length === 0
        ? 'Expected and measured'
        : 'Thresholds and expectations';
  const content = html`${thresholds.length === 0 ? NOTHING : renderThresholds(thresholds, findings !== null)}
  ${findings === null ? NOTHING : renderFindings(findings, thresholds.length > 0)}`;
  return { id: 'verdicts', title, content };
}

function renderFindings({ source, rows }: NonNullable<Summary['findings']>, isOneOfTwo: boolean): Html {
  return scrollable(
    'Expected and measured: table',
    html`<table class="verdicts">
      ${renderCaption('Expected and measured', isOneOfTwo)}
      <thead>
        <tr>
          <th scope="col" class="text">${source}</th>
          <th scope="col" class="text">check</th>
          <th scope="col" class="text">measured here</th>
          <th scope="col" class="text">verdict</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row" class="text">${row.says}</th>
              ${renderRest(row)}
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

/** Alone, a table has the heading of its section already. */
function renderCaption(title: string, isOneOfTwo: boolean): Html {
  return isOneOfTwo
    ? html`<caption>
        ${title}
      </caption>`
    : html`<caption class="unseen">
        ${title}
      </caption>`;
}

/** The report says what was found, the exit code what followed from it. */
function renderThresholds(thresholds: Summary['thresholds'], isOneOfTwo: boolean): Html {
  return scrollable(
    'Thresholds: table',
    html`<table class="verdicts">
      ${renderCaption('Thresholds', isOneOfTwo)}
      <thead>
        <tr>
          <th scope="col" class="text">threshold</th>
          <th scope="col" class="text">measured here</th>
          <th scope="col" class="text">verdict</th>
          <th scope="col" class="text">otherwise</th>
        </tr>
      </thead>
      <tbody>
        ${thresholds.map(
          (row) =>
            html`<tr>
              <th scope="row" class="text"><code>${row.check}</code></th>
              <td class="text">${row.measured}</td>
              <td class="text verdict ${classOf(row)}">${nameVerdict(row)}</td>
              <td class="text">${row.otherwise === 'abort' ? 'ends the campaign' : 'fails the campaign'}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function renderRest(row: Verdict): Html {
  return html`<td class="text"><code>${row.check}</code></td>
    <td class="text">${row.measured}</td>
    <td class="text verdict ${classOf(row)}">${nameVerdict(row)}</td>`;
}

function classOf({ verdict }: Verdict): string {
  return verdict.replace(' ', '-');
}
