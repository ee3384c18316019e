/**
 * Universal Scalability Law by nonlinear least squares: X(N) = gamma N / (1 + sigma (N - 1) + kappa N (N - 1)) (N. J. Gunther, Guerrilla
 * Capacity Planning, Springer 2007, with the scale gamma as a third parameter). Fitted as X(N) = N / (p + q N + c N (N - 1)), which is
 * nearly straight in its terms: gamma = 1 / (p + q), sigma = q / (p + q), kappa = c / (p + q). No term below zero keeps sigma within
 * 0 … 1 and kappa from being negative.
 */

import { solveNormal } from './least-squares.ts';

/** p, q and c in seconds. */
export type UslTerms = Float64Array;
export type UslParameters = { gamma: number; sigma: number; kappa: number };

type Points = {
  inFlight: Float64Array;
  ratesHz: Float64Array;
  /** Of the squared residuals. */
  weights: Float64Array;
};

const TERMS = 3;
const MOST_STEPS = 200;
const MOST_DAMPINGS = 14;
const LEAST_GAIN = 1e-12;
/** The terms that a start can do without, most of them first. */
const STARTS: readonly boolean[][] = [
  [true, true, true],
  [true, true, false],
  [true, false, true],
  [false, true, true],
  [true, false, false],
  [false, true, false],
];

/**
 * Levenberg-Marquardt (D. W. Marquardt, Journal of the Society for Industrial and Applied Mathematics 11 (1963) 431-441); a term that
 * would go below zero stays there.
 *
 * @param start where the search begins; without it, at the linear least squares of N / X
 * @param leastGain a step that takes less than this share of the squares that are left ends the search
 */
export function fitUslTerms(
  points: Points,
  start: UslTerms | null = null,
  leastGain: number = LEAST_GAIN,
): UslTerms | null {
  let terms = start ?? findStart(points);
  if (terms === null) return null;
  let left = squaresLeft(points, terms);
  let damping = 1e-4;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const equations = linearize(points, terms);
    const isFree = [...terms].map((term, index) => term > 0 || (equations.gradient[index] as number) > 0);
    let gain = 0;
    for (let tries = 0; tries < MOST_DAMPINGS && gain === 0; tries += 1) {
      const next = stepFrom(terms, solveNormal(equations.matrix, equations.gradient, { isFree, damping }));
      const after = next === null ? Infinity : squaresLeft(points, next);
      if (next !== null && after < left) {
        gain = (left - after) / left;
        terms = next;
        left = after;
        damping = Math.max(damping / 10, 1e-12);
      } else damping = Math.max(damping * 10, 1e-6);
    }
    if (gain < leastGain) break;
  }
  return terms;
}

/** Rate in Hz that the law gives. */
export function uslRate(terms: UslTerms, inFlight: number): number {
  // Read one by one: this runs a hundred thousand times a series, and taking an array apart makes an iterator.
  const p = terms[0] as number;
  const q = terms[1] as number;
  const c = terms[2] as number;
  return inFlight / (p + q * inFlight + c * inFlight * (inFlight - 1));
}

export function uslParameters(terms: UslTerms): UslParameters {
  const [p, q, c] = terms as unknown as [number, number, number];
  return { gamma: 1 / (p + q), sigma: q / (p + q), kappa: c / (p + q) };
}

/** Clients in flight at which the law is highest: sqrt((1 - sigma) / kappa); infinite when it never falls. */
export function uslPeak({ sigma, kappa }: UslParameters): number {
  return kappa > 0 ? Math.sqrt((1 - sigma) / kappa) : Infinity;
}

function squaresLeft({ inFlight, ratesHz, weights }: Points, terms: UslTerms): number {
  let left = 0;
  for (let index = 0; index < inFlight.length; index += 1) {
    const residual = (ratesHz[index] as number) - uslRate(terms, inFlight[index] as number);
    left += (weights[index] as number) * residual * residual;
  }
  return left;
}

type Equations = { matrix: Float64Array; gradient: Float64Array };

/** Around these terms; the rate's derivative by each is - rate² / N x (1, N, N (N - 1)). */
function linearize({ inFlight, ratesHz, weights }: Points, terms: UslTerms): Equations {
  const equations = { matrix: new Float64Array(TERMS * TERMS), gradient: new Float64Array(TERMS) };
  for (let index = 0; index < inFlight.length; index += 1) {
    const clients = inFlight[index] as number;
    const rate = uslRate(terms, clients);
    const slope = (-rate * rate) / clients;
    add(equations, clients, {
      weight: (weights[index] as number) * slope * slope,
      towards: ((ratesHz[index] as number) - rate) / slope,
    });
  }
  return equations;
}

function add(
  { matrix, gradient }: Equations,
  clients: number,
  { weight, towards }: { weight: number; towards: number },
): void {
  for (let row = 0; row < TERMS; row += 1) {
    const weighted = weight * basisOf(row, clients);
    gradient[row] = (gradient[row] as number) + weighted * towards;
    for (let column = 0; column < TERMS; column += 1) {
      const place = row * TERMS + column;
      matrix[place] = (matrix[place] as number) + weighted * basisOf(column, clients);
    }
  }
}

/** What the term stands before: 1, N, N (N - 1). */
function basisOf(term: number, clients: number): number {
  if (term === 0) return 1;
  return term === 1 ? clients : clients * (clients - 1);
}

/** Linear least squares of N / X; an error of X is one of N / X of X² / N times that size, hence the weights. */
function findStart(points: Points): UslTerms | null {
  const { inFlight, ratesHz, weights } = points;
  const equations = { matrix: new Float64Array(TERMS * TERMS), gradient: new Float64Array(TERMS) };
  for (let index = 0; index < inFlight.length; index += 1) {
    const clients = inFlight[index] as number;
    const rate = ratesHz[index] as number;
    if (!(rate > 0)) continue;
    const weight = (weights[index] as number) * ((rate * rate) / clients) ** 2;
    add(equations, clients, { weight, towards: clients / rate });
  }
  const starts = STARTS.flatMap((isFree) => {
    const terms = solveNormal(equations.matrix, equations.gradient, { isFree, damping: 0 });
    return terms !== null && isPossible(terms) ? [terms] : [];
  });
  const left = starts.map((terms) => squaresLeft(points, terms));
  return starts[left.indexOf(Math.min(...left))] ?? null;
}

function stepFrom(terms: UslTerms, step: Float64Array | null): UslTerms | null {
  if (step === null) return null;
  const next = terms.map((term, index) => Math.max(0, term + (step[index] as number)));
  return isPossible(next) ? next : null;
}

function isPossible(terms: UslTerms): boolean {
  return terms.every((term) => term >= 0 && Number.isFinite(term)) && (terms[0] as number) + (terms[1] as number) > 0;
}
