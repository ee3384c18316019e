/** The coordinator's side of the page that grows: starts its process, tells it what happens, and never waits for it. */

import { z } from 'zod';
import type { Clock } from '../../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../../foundation/error.ts';
import type { CampaignObserver } from '../campaign-event.ts';
import { startServiceProcess } from '../target/service-process.ts';
import type { LiveLine } from './live-process.ts';

export type LivePageOptions = {
  /** The command line that starts its process. */
  command: readonly string[];
  /** The result directory that it shows. */
  directory: string;
  /** On 127.0.0.1; 0: any free one. */
  port: number;
  /** What it says is appended to this file. */
  log: string;
  clock: Clock;
  /** Called once if its process ends before it was asked to. */
  onLost: (sentence: string) => void;
};

export type LivePage = {
  url: string;
  observe: CampaignObserver;
  /** Tells the browsers that this was all, and why. Takes 3 s at most. */
  end(sentence: string): Promise<void>;
};

const ListeningSchema = z.object({ url: z.string(), pid: z.number().int() });

/** Resolves when it listens. @throws GlideTesterError GT_LIVE_PAGE */
export async function startLivePage({ directory, port, onLost, ...options }: LivePageOptions): Promise<LivePage> {
  const flags = ['--directory', directory, '--port', String(port)];
  const started = startServiceProcess({ ...options, flags, listening: ListeningSchema });
  const { listening, send, ended, stop } = await started.catch((cause: unknown) => {
    throw new GlideTesterError(
      'GT_LIVE_PAGE',
      `expected the live page to listen on port ${port}: ${messageOf(cause)}`,
      {
        hint: 'name another port with --ui <port>, or leave the port away for any free one; without --ui the campaign needs none',
        cause,
      },
    );
  });
  const tell = (line: LiveLine): void => {
    // The next progress says the same anew; whatever else happens is told however slow the page is.
    if (line.type !== 'progress' || !send.isBehind()) send.line(JSON.stringify(line));
  };
  let isOver = false;
  const watch = async (): Promise<void> => {
    await ended;
    if (!isOver) onLost(`the page at ${listening.url} is gone (its log: ${options.log}); the campaign goes on`);
  };
  void watch();
  return {
    url: listening.url,
    // The end is told by `end`: only then does the last page stand on disk.
    observe: (event) => {
      if (event.type !== 'campaign-finished') tell(event);
    },
    async end(sentence) {
      isOver = true;
      tell({ type: 'over', sentence });
      await stop();
    },
  };
}
