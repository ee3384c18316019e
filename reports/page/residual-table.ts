/** How far the typical rate of each level lies from the fits of its series. */

import { NO_NUMBER, formatCount, formatNumber } from '../format-number.ts';
import type { SeriesModel } from '../models/series-model.ts';
import type { Series } from '../series.ts';
import { type Html, NOTHING, html } from './html.ts';
import { scrollable } from './section.ts';

type Measured = { level: number; inFlight: number; ratePerS: number };

/** Nothing without a fit. */
export function renderResiduals(label: string, { levels }: Series, { slope, usl, knee }: SeriesModel): Html {
  if (slope === null && usl === null && knee === null) return NOTHING;
  const measured = levels.flatMap(({ level, typical }) => (typical === null ? [] : [{ level, ...typical }]));
  const ofSlope = slope === null ? null : alignResiduals(measured, slope.residualsHz, slope);
  const ofUsl = usl === null ? null : alignResiduals(measured, usl.residualsHz);
  const ofKnee = knee === null ? null : alignResiduals(measured, knee.residualsHz);
  const columns = [
    ...(ofSlope === null ? [] : [{ title: 'less the line (Hz)', residuals: ofSlope }]),
    ...(ofUsl === null ? [] : [{ title: 'less USL (Hz)', residuals: ofUsl }]),
    ...(ofKnee === null ? [] : [{ title: 'less the knee (Hz)', residuals: ofKnee }]),
  ];
  return scrollable(
    `${label}: residuals`,
    html`<table>
      <caption>
        Residuals: measured less fitted
      </caption>
      <thead>
        <tr>
          <th scope="col">level</th>
          <th scope="col">in flight</th>
          <th scope="col">rate (Hz)</th>
          ${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${measured.map(
          ({ level, inFlight, ratePerS }, index) =>
            html`<tr>
              <th scope="row">${formatCount(level)}</th>
              <td>${formatNumber(inFlight)}</td>
              <td>${formatNumber(ratePerS)}</td>
              ${columns.map(({ residuals }) => html`<td>${writeResidual(residuals[index] ?? null)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

/** A residual a level; null for a level that the fit does not reach. A line covers the levels within its span alone. */
function alignResiduals(
  measured: readonly Measured[],
  residualsHz: readonly number[],
  span: { from: number; to: number } = { from: -Infinity, to: Infinity },
): (number | null)[] {
  if (residualsHz.length === measured.length) return [...residualsHz];
  const rest = [...residualsHz];
  return measured.map(({ inFlight }) => (inFlight >= span.from && inFlight <= span.to ? (rest.shift() ?? null) : null));
}

/** With its sign, and no more digits than a rate has. */
function writeResidual(residualHz: number | null): string {
  if (residualHz === null) return NO_NUMBER;
  const text = Math.abs(residualHz) < 1 ? residualHz.toFixed(2) : formatNumber(residualHz);
  if (Number(text) === 0) return '0.00';
  return residualHz > 0 ? `+${text}` : text;
}
