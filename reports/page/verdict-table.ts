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

function renderThresholds(thresholds: Summary['thresholds']): Html {
  return html`<section class="verdicts">
    <h2>Thresholds</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Thresholds">
      <table>
        <thead>
          <tr>
            <th scope="col" class="text">otherwise</th>
            <th scope="col" class="text">check</th>
            <th scope="col" class="text">measured here</th>
            <th scope="col" class="text">verdict</th>
          </tr>
        </thead>
        <tbody>
          ${thresholds.map(
            (row) =>
              html`<tr>
                <td class="text">${row.otherwise}</td>
                ${renderRest(row)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function renderRest(row: Verdict): Html {
  return html`<td class="text"><code>${row.check}</code></td>
    <td class="text">${row.measured}</td>
    <td class="text verdict ${row.verdict.replace(' ', '-')}">${nameVerdict(row)}</td>`;
}
