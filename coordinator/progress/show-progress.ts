/** Draws a campaign on a terminal or into a log: finished lines scroll by, on a terminal with live lines below them. */

import type { Cancel, Clock } from '../../foundation/clock.ts';
import type { CampaignEvent, CampaignObserver } from '../campaign-event.ts';
import { cellTableHead, describeCell } from './cell-lines.ts';
import { describeCampaign, describeTelemetry, describeTried } from './header-lines.ts';
import { describeHeartbeat, describeLive } from './live-lines.ts';
import { INITIAL_STATE, advance } from './progress-state.ts';
import type { TerminalAbilities } from './terminal.ts';
import { createPainter } from './text.ts';

export type ProgressOptions = TerminalAbilities & {
  version: string;
  /** Only cells that are not ok, and warnings. */
  quiet: boolean;
  clock: Clock;
  /** Where the text goes, and how wide that is now. */
  sink: { write(text: string): void; columns(): number };
};

export type Progress = {
  observe: CampaignObserver;
  /** A line from somebody else, above the live lines. */
  say: (line: string) => void;
  /** Takes the live lines away and gives the cursor back; may be called twice. */
  close: () => void;
};

const HEARTBEAT_EVERY_MS = 60_000;
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
/** Up that many lines and to their start, then clear everything below. */
const eraseLines = (count: number): string => (count === 0 ? '' : `\u001B[${count}F\u001B[J`);

export function showProgress(options: ProgressOptions): Progress {
  const { clock, quiet, sink } = options;
  const redraw = options.redraw && !quiet;
  const paint = createPainter(options.colour);
  let state = INITIAL_STATE;
  let open = false;
  let headed = false;
  let drawnLines = 0;
  let cancelHeartbeat: Cancel | null = null;

  const draw = (finishedLines: readonly string[]): void => {
    const live = redraw && open ? describeLive(state, clock.nowMs(), sink.columns()) : [];
    const text = [...finishedLines, ...live.map((line) => paint('dim', line))].map((line) => `${line}\n`).join('');
    if (text !== '' || drawnLines > 0) sink.write(`${eraseLines(drawnLines)}${text}`);
    drawnLines = live.length;
  };

  /** The head of the table stands above whatever is first said about a cell. */
  const head = (event: CampaignEvent, lines: readonly string[]): string[] => {
    const cell =
      event.type === 'cell-finished' ? event.summary : event.type === 'cell-started' && !quiet ? event.cell : null;
    if (headed || cell === null || (quiet && lines.length === 0)) return [];
    headed = true;
    return [paint('bold', cellTableHead(cell))];
  };

  const beat = (): void => {
    draw([describeHeartbeat(state, clock.nowMs())]);
    cancelHeartbeat = clock.after(HEARTBEAT_EVERY_MS, beat);
  };

  const start = (): void => {
    open = true;
    if (redraw) sink.write(HIDE_CURSOR);
    else if (!quiet) cancelHeartbeat = clock.after(HEARTBEAT_EVERY_MS, beat);
  };

  const close = (): void => {
    if (!open) return;
    open = false;
    cancelHeartbeat?.();
    draw([]);
    if (redraw) sink.write(SHOW_CURSOR);
  };

  return {
    observe(event) {
      if (event.type === 'campaign-started') start();
      state = advance(state, event, clock.nowMs());
      if (event.type === 'campaign-finished') {
        close();
        return;
      }
      const lines = describeEvent(event, options, paint);
      draw([...head(event, lines), ...lines]);
    },
    say: (line) => draw([line]),
    close,
  };
}

/** The lines that an event leaves for good. */
function describeEvent(
  event: CampaignEvent,
  options: ProgressOptions,
  paint: ReturnType<typeof createPainter>,
): string[] {
  if (event.type === 'warning') return [`${paint('yellow', 'warning')}   ${event.text}`];
  if (options.quiet) {
    return event.type === 'cell-finished' && event.summary.state !== 'ok'
      ? describeCell(event.position, event.summary, paint)
      : [];
  }
  switch (event.type) {
    case 'campaign-started':
      return describeCampaign(event, options.version);
    case 'telemetry-started':
      return describeTelemetry(event);
    case 'operation-tried':
      return [describeTried(event.tried)];
    case 'cell-finished':
      return describeCell(event.position, event.summary, paint);
    case 'cell-started':
    case 'phase':
    case 'progress':
    case 'campaign-finished':
      break;
  }
  return [];
}
