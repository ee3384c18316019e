/** The finding in words, one of each series, and whether to believe it. */

import { describeSeries } from '../finding.ts';
import { groupSeries } from '../series.ts';
import type { Summary } from '../summary.ts';
import { checkTrust } from '../trust.ts';
import { type Html, html } from './html.ts';

export function renderFindings(summary: Summary): Html {
  const findings = groupSeries(summary.cells).map(
    (series) =>
      html`<dt>${series.label}</dt>
        <dd>${describeSeries(series)}</dd>`,
  );
  return html`<section class="box">
    <h2>Finding</h2>
    <dl>${findings}</dl>
  </section>`;
}

export function renderTrust(summary: Summary): Html {
  const checks = checkTrust(summary).map(
    ({ name, verdict, text }) =>
      html`<dt>${name}</dt>
        <dd class="verdict ${verdict.replace(' ', '-')}">[${verdict}]</dd>
        <dd>${text}</dd>`,
  );
  return html`<section class="box trust">
    <h2>Believe it?</h2>
    <dl>${checks}</dl>
  </section>`;
}
