/** PNG by `rsvg-convert`, a program of its own: what draws SVG well is large, and few need it. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { GlideTesterError, messageOf, systemCodeOf } from '../../foundation/error.ts';
import { writeDensity } from './png-density.ts';

const PROGRAM = 'rsvg-convert';
const WITHIN_MS = 60_000;
/** Of the pixels that an SVG file counts in. */
const PIXELS_PER_INCH = 96;

/** @throws GlideTesterError GT_RSVG_MISSING when there is no such program */
export async function requireRsvg(): Promise<void> {
  await runRsvg(['--version'], '');
}

/**
 * The drawing on white, as many dots to the inch of its natural size; the file says how many that are.
 *
 * @throws GlideTesterError GT_RSVG_MISSING, GT_RSVG_FAILED
 */
export async function convertToPng(svg: string, dotsPerInch: number): Promise<Buffer> {
  const zoom = dotsPerInch / PIXELS_PER_INCH;
  const png = await runRsvg(['--format=png', `--zoom=${zoom}`, '--background-color=white'], svg);
  return writeDensity(png, dotsPerInch);
}

async function runRsvg(options: readonly string[], input: string): Promise<Buffer> {
  const child = spawn(PROGRAM, options, { stdio: 'pipe', signal: AbortSignal.timeout(WITHIN_MS) });
  try {
    const [output, problem, exitCode] = await feed(child, input);
    if (exitCode === 0) return output;
    throw new Error(problem.trim() || `exit code ${exitCode}`);
  } catch (cause) {
    throw systemCodeOf(cause) === 'ENOENT' ? isMissing(cause) : hasFailed(cause);
  }
}

async function feed(
  child: ChildProcessWithoutNullStreams,
  input: string,
): Promise<[output: Buffer, problem: string, exitCode: number | null]> {
  child.stdin.on('error', () => {}); // it may end before it has read all
  child.stdin.end(input);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [output, problem, [exitCode]] = await Promise.all([buffer(child.stdout), text(child.stderr), closed]);
  return [output, problem, exitCode];
}

function isMissing(cause: unknown): GlideTesterError {
  return new GlideTesterError('GT_RSVG_MISSING', `expected the program ${PROGRAM}, which makes PNG of SVG, on PATH`, {
    hint: 'apt-get install librsvg2-bin, or take --format svg',
    cause,
  });
}

function hasFailed(cause: unknown): GlideTesterError {
  return new GlideTesterError('GT_RSVG_FAILED', `${PROGRAM} made no PNG of a figure: ${messageOf(cause)}`, {
    hint: 'take --format svg, and convert the files with a program of your choice',
    cause,
  });
}
