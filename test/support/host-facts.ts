/** A host of which a pilot could read no more than it must. */

import type { HostFacts } from '../../agent/protocol.ts';

export const SOME_HOST: HostFacts = {
  hostname: 'h',
  pid: 1,
  node: 'v24',
  cores: 2,
  memoryBytes: 1,
  descriptorLimit: null,
  bootId: null,
  timeNamespace: null,
};
