/** `glidetester mapping-service`: says which local user an identity is. It prints one JSON line on standard output when it listens. */

import { EXIT } from '../exit-code.ts';

export type MappingServiceFlags = { gridMapfile: string; port: number; latency: number; stopWithStdin: boolean };

export async function mappingService({ latency, ...flags }: MappingServiceFlags): Promise<number> {
  const { runMappingService } = await import('../../../frontend/mapping-service/main.ts');
  await runMappingService({ ...flags, latencyMs: latency });
  return EXIT.done;
}
