/** The forms that a comparison can have. */

import type { Comparison } from './comparison.ts';
import type { FailIfOutcome } from './judge-fail-if.ts';
import type { Paint } from './render-terminal.ts';

/** `md` is `markdown`, by the name that other commands have for it. */
export const COMPARE_FORMATS = ['text', 'json', 'markdown', 'md', 'html'] as const;
export type CompareFormat = (typeof COMPARE_FORMATS)[number];

type RenderOptions = { format: CompareFormat; paint: Paint };

/** A whole document that ends with a newline. */
export async function renderComparison(
  comparison: Comparison,
  failIf: readonly FailIfOutcome[],
  { format, paint }: RenderOptions,
): Promise<string> {
  switch (format) {
    case 'text': {
      const { renderTerminal } = await import('./render-terminal.ts');
      return `${renderTerminal(comparison, failIf, paint)}\n`;
    }
    case 'json':
      return `${JSON.stringify({ ...comparison, failIf }, null, 2)}\n`;
    case 'markdown':
    case 'md': {
      const { compareMarkdown } = await import('./render-markdown.ts');
      return compareMarkdown(comparison, failIf);
    }
    case 'html': {
      const { renderComparePage } = await import('./render-page.ts');
      return renderComparePage(comparison, failIf);
    }
    default:
      return format satisfies never;
  }
}
