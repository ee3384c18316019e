/** `glidetester agent`: one pilot, which stays until its coordinator or its idle limit ends it. */

import { EXIT } from '../exit-code.ts';
import { note } from '../standard-streams.ts';

/** @param join file that says where to dial and how to prove it; `-` is standard input */
export async function agent({ join }: { join: string }): Promise<number> {
  const { readJoin, runPilot } = await import('../../../agent/main.ts');
  const { reason } = await runPilot(await readJoin(join === '-' ? process.stdin : join));
  note(`pilot left: ${reason}`);
  return EXIT.done;
}
