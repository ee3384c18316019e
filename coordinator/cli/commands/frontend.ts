/** `glidetester frontend`: the SRM service alone. It prints one JSON line on standard output when it listens. */

import { EXIT } from '../exit-code.ts';

export type FrontendFlags = {
  root: string;
  port: number;
  fsConcurrency: number;
  checksum: boolean;
  record?: string;
  stopWithStdin: boolean;
};

export async function frontend({ checksum, ...flags }: FrontendFlags): Promise<number> {
  const { runFrontend } = await import('../../../frontend/main.ts');
  await runFrontend({ ...flags, showChecksumWhenListingFile: checksum });
  return EXIT.done;
}
