/** A result of simulated closed-loop cells, measured as real ones are, of a service that is never twice the same. */

import { type Random, createRandom } from '../../../foundation/random.ts';
import type { CompareInput } from '../../../reports/compare/read-result.ts';
import { measureCell } from '../../../reports/measure.ts';
import type { CellSummary } from '../../../reports/summary.ts';
import { summaryOf } from '../../support/summary-cells.ts';
import { blocksOf, simulateCell } from '../../support/synthetic-cell.ts';

export type SimulatedService = {
  levels: readonly number[];
  runs: number;
  /** Mean time that an operation needs in its place. */
  serviceUs: number;
  /** Standard deviation from run to run of the logarithm of that time. */
  noise: number;
  seed: number;
};

const PLACES = 4;
const WINDOW_MS = 2500;

/** Half of the noise (its variance) is one run's, the other half one cell's of it. */
export async function simulateResult(service: SimulatedService): Promise<CompareInput> {
  const random = createRandom(service.seed);
  const cells: CellSummary[] = [];
  for (let run = 1; run <= service.runs; run += 1) {
    const ofRun = drawNormal(random);
    for (const level of service.levels) {
      const drift = Math.exp((service.noise * (ofRun + drawNormal(random))) / Math.SQRT2);
      cells.push(await measureSimulated({ level, run, meanUs: service.serviceUs * drift, random }));
    }
  }
  return { path: 'simulated', summary: { ...summaryOf(...cells), name: 'simulated' }, record: null };
}

type SimulatedCell = { level: number; run: number; meanUs: number; random: Random };

async function measureSimulated({ level, run, meanUs, random }: SimulatedCell): Promise<CellSummary> {
  const { evidence, operations } = simulateCell({
    clients: level,
    places: PLACES,
    serviceUs: (own) => drawErlang(own) * meanUs,
    turnUs: 150,
    windowMs: WINDOW_MS,
    warmUpLimitMs: 200,
    drainLimitMs: 200,
    seed: Math.floor(random() * 2 ** 31),
  });
  const measured = await measureCell({ ...evidence, run, id: `l${level}-r${run}` }, blocksOf(operations, 5000));
  return measured.summary;
}

/** Standard normal (Box and Muller). */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Mean 1, standard deviation 1/2: the mean of four memoryless stages. */
function drawErlang(random: Random): number {
  let product = 1;
  for (let stage = 0; stage < 4; stage += 1) product *= 1 - random();
  return -Math.log(product) / 4;
}
