/** What GitHub shows of a step that ran us: its summary and annotations. Nothing of it changes how a command ends. */

import { appendFile, stat } from 'node:fs/promises';
import { messageOf, systemCodeOf } from '../../foundation/error.ts';
import { note } from './standard-streams.ts';
import { type Annotation, formatAnnotation, isWorkflowStep } from './workflow-commands.ts';

/** GitHub takes no more than this of all summaries of one step together, else it takes none. */
const SUMMARY_BYTES = 1024 * 1024;
const CUT = '\n\n*Cut here: GitHub takes at most 1 MiB a step. The result directory has the rest.*\n';

/** GitHub shows ten of a kind a step, and the runner adds an error of its own when a step fails. */
const MOST: Readonly<Record<Annotation['level'], number>> = { error: 9, warning: 10, notice: 10 };

/** Appends to the step's summary, cut where it would be too long; outside of GitHub nothing. A failure is a warning. */
export async function writeStepSummary(markdown: string, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const file = environment['GITHUB_STEP_SUMMARY'];
  if (!isWorkflowStep(environment) || file === undefined || file === '') return;
  try {
    const before = await findSize(file);
    // What another command wrote may end in the middle of a list or table.
    const text = before === 0 ? markdown : `\n\n${markdown}`;
    await appendFile(file, cutToFit(text, SUMMARY_BYTES - before));
  } catch (error) {
    note(`warning: the summary of the GitHub step could not be written: ${messageOf(error)}`);
  }
}

/** Nothing yet: 0. */
async function findSize(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** Whole lines of the text; empty when there is no room even for saying so. */
export function cutToFit(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  const room = bytes - Buffer.byteLength(CUT);
  if (room < 0) return '';
  const lastLine = whole.lastIndexOf('\n', Math.max(0, room - 1));
  return `${whole.subarray(0, Math.max(0, lastLine)).toString()}${CUT}`;
}

/** One line each on standard error, which the runner reads too; outside of GitHub nothing. Too many are counted in the last. */
export function annotate(annotations: readonly Annotation[], environment: NodeJS.ProcessEnv = process.env): void {
  if (!isWorkflowStep(environment)) return;
  for (const annotation of limitAnnotations(annotations)) process.stderr.write(`${formatAnnotation(annotation)}\n`);
}

export function limitAnnotations(annotations: readonly Annotation[]): Annotation[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const all = annotations.filter((annotation) => annotation.level === level);
    if (all.length <= MOST[level]) return all;
    const shown = all.slice(0, MOST[level] - 1);
    const more = all.length - shown.length;
    return [
      ...shown,
      { level, title: `${more} more`, message: `${more} more like these; the step’s summary has all.` },
    ];
  });
}
