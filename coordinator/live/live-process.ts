/**
 * The process that shows a campaign while it runs. It has the lowest priority and reads results from disk, so that looking
 * costs the measurement as little as can be; what happens now comes as lines of JSON on its standard input, whose end ends it.
 */

import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { type Clock, machineClock } from '../../foundation/clock.ts';
import type { CampaignEvent } from '../campaign-event.ts';
import { describeHeartbeat } from '../progress/live-lines.ts';
import { INITIAL_STATE, type ProgressState, advance } from '../progress/progress-state.ts';
import { type LiveServer, startLiveServer } from './live-server.ts';

export type LiveProcessOptions = { directory: string; port: number };

/** What it prints when it listens. */
export type LiveListening = { url: string; pid: number };

/** A line of its standard input. */
export type LiveLine = CampaignEvent | { type: 'over'; sentence: string };

/** How long the last page is still served to browsers that look. */
const LAST_PAGE_WITHIN_MS = 2000;
/** Progress comes several times a second; people read slower. */
const TELL_EVERY_MS = 500;

/** Resolves once its standard input has ended and the browsers have been told. */
export async function runLiveProcess({ directory, port }: LiveProcessOptions): Promise<void> {
  setPriority(constants.priority.PRIORITY_LOW);
  const server = await startLiveServer({ port, render: () => renderNow(directory) });
  const listening: LiveListening = { url: server.url, pid: process.pid };
  process.stdout.write(`${JSON.stringify(listening)}\n`);
  let sentence = 'The campaign was broken off: this is what it had measured.';
  const follow = createFollower(server, machineClock);
  for await (const text of createInterface({ input: process.stdin })) {
    const line = JSON.parse(text) as LiveLine;
    if (line.type === 'over') ({ sentence } = line);
    else follow(line);
  }
  await server.end(sentence, LAST_PAGE_WITHIN_MS);
}

/** Rendering needs vega, which takes a while to load: not before somebody looks. */
async function renderNow(directory: string): Promise<string> {
  const [{ loadReport }, { renderPage }] = await Promise.all([
    import('../../reports/load-report.ts'),
    import('../../reports/page.ts'),
  ]);
  return renderPage(await loadReport(directory, { isRunning: true }), { isLive: true });
}

function createFollower(server: LiveServer, clock: Clock): (event: CampaignEvent) => void {
  let state: ProgressState = INITIAL_STATE;
  let toldAtMs = -Infinity;
  return (event) => {
    const nowMs = clock.nowMs();
    state = advance(state, event, nowMs);
    if (event.type === 'campaign-started' || event.type === 'cell-finished') server.grow();
    if (event.type === 'progress' && nowMs - toldAtMs < TELL_EVERY_MS) return;
    toldAtMs = nowMs;
    server.tell(describeHeartbeat(state, nowMs));
  };
}
