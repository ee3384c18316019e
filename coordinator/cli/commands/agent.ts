/** `glidetester agent`: one pilot, which stays until its coordinator or its idle limit ends it; or what its host can hold. */

import { EXIT } from '../exit-code.ts';
import { note } from '../standard-streams.ts';

/** @param join file that says where to dial and how to prove it; `-` is standard input */
export async function agent({ join }: { join: string }): Promise<number> {
  const { readJoin, runPilot } = await import('../../../agent/main.ts');
  const { reason } = await runPilot(await readJoin(join === '-' ? process.stdin : join));
  note(`pilot left: ${reason}`);
  return EXIT.done;
}

/** One line of JSON on standard output: what a pilot that is started like this one would find on its host. */
export async function tellFacts(): Promise<number> {
  const { readHostCapacity } = await import('../../../agent/host-capacity.ts');
  process.stdout.write(`${JSON.stringify(readHostCapacity())}\n`);
  return EXIT.done;
}
