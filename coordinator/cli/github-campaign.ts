/** A campaign in a step of GitHub Actions: its Markdown in the step's summary, and what asks for a look as annotations. */

import type { Summary } from '../../reports/summary.ts';
import { listAnnotations } from './campaign-annotations.ts';
import { annotate, writeStepSummary } from './github.ts';
import { isWorkflowStep } from './workflow-commands.ts';

/** Outside of GitHub nothing. */
export async function showOnGitHub(summary: Summary): Promise<void> {
  if (!isWorkflowStep()) return;
  const { renderMarkdown } = await import('../../reports/formats/render-markdown.ts');
  await writeStepSummary(renderMarkdown(summary));
  annotate(listAnnotations(summary));
}
