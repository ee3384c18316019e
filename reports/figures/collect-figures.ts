/** All figures of a report, in their order. */

import { drawConcurrency } from '../charts/concurrency-chart.ts';
import type { ReportView } from '../report-facts.ts';
import { drawAcquisition } from './acquisition.ts';
import { drawRateBySize, drawTimeBySize } from './by-size.ts';
import type { Figure } from './figure.ts';
import { drawOutcomes } from './outcomes.ts';
import { drawPhases } from './phases.ts';
import { drawQueueWait } from './queue-wait.ts';
import { drawRecovery } from './recovery.ts';
import { drawStartSkew } from './start-skew.ts';
import { drawTimeAgainstSize } from './time-against-size.ts';

/** A part of the report draws what its data allow: a figure, several, or none. */
type Draw = (view: ReportView) => Figure | readonly Figure[] | null;

const FIGURES: readonly Draw[] = [
  drawConcurrency,
  drawRateBySize,
  drawTimeBySize,
  drawTimeAgainstSize,
  drawPhases,
  drawOutcomes,
  drawAcquisition,
  drawQueueWait,
  drawStartSkew,
  drawRecovery,
];

export function collectFigures(view: ReportView): Figure[] {
  return FIGURES.flatMap((draw) => draw(view) ?? []);
}
