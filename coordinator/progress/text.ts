/** Words, numbers and colours as the terminal shows them. */

import { styleText } from 'node:util';
import type { CellSummary } from '../../reports/summary.ts';

export type Painter = (style: 'bold' | 'dim' | 'green' | 'yellow' | 'red', text: string) => string;

/** Colours its text, or leaves it as it is. */
export function createPainter(colour: boolean): Painter {
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

const STATE_STYLES = { ok: 'green', degraded: 'yellow', failed: 'red', skipped: 'dim' } as const;

export function paintState(paint: Painter, state: CellSummary['state']): string {
  return paint(STATE_STYLES[state], state);
}

/** A line that fits: longer ones end in `…`. The text must hold no colours yet. */
export function cutToColumns(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

/** A number of clients or Hz: whole from 1000 on and where it is whole anyway, else one decimal; a dash when there is none. */
export function formatCount(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) || value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

/** A span in which something must be renewed, never more than it is: '45 min', '11 h 30 min', '6 d 23 h'. */
export function formatLife(spanMs: number): string {
  const minutes = Math.floor(spanMs / 60_000);
  const hours = Math.floor(minutes / 60);
  if (hours < 2) return `${minutes} min`;
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
