/** What was expected beside what was measured, and the thresholds: each with its verdict in words and sign. */

import type { Summary, Verdict } from '../summary.ts';
import { nameVerdict } from '../verdict-sign.ts';
import { type Html, html } from './html.ts';

/** Nothing when nothing was expected and no threshold was set. */
export function renderVerdicts({ findings, thresholds }: Summary): Html {
  return html`${findings === null ? html`` : renderFindings(findings)}
  ${thresholds.length === 0 ? html`` : renderThresholds(thresholds)}`;
}

function renderFindings({ source, rows }: NonNullable<Summary['findings']>): Html {
  return html`<section class="verdicts">
    <h2>Expected and measured</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Expected and measured">
      <table>
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
      </table>
    </div>
  </section>`;
}

/** A line each: the report says what was found, the exit code what followed from it. */
function renderThresholds(thresholds: Summary['thresholds']): Html {
  const lines = thresholds.map(
    (row) =>
      html`<li>
        <span class="verdict ${classOf(row)}">${nameVerdict(row)}</span> <code>${row.check}</code> – ${row.measured}
      </li>`,
  );
  return html`<section class="verdicts">
    <h2>Thresholds</h2>
    <ul>
      ${lines}
    </ul>
  </section>`;
}

function renderRest(row: Verdict): Html {
  return html`<td class="text"><code>${row.check}</code></td>
    <td class="text">${row.measured}</td>
    <td class="text verdict ${classOf(row)}">${nameVerdict(row)}</td>`;
}

function classOf({ verdict }: Verdict): string {
  return verdict.replace(' ', '-');
}
