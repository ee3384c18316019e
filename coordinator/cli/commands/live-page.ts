/** `glidetester live-page`: shows a campaign that runs; `run --ui` starts it. It prints one JSON line when it listens. */

import { EXIT } from '../exit-code.ts';

export type LivePageFlags = { directory: string; port: number };

export async function livePage(flags: LivePageFlags): Promise<number> {
  const { runLiveProcess } = await import('../../live/live-process.ts');
  await runLiveProcess(flags);
  return EXIT.done;
}
