/** What campaigns of tiny cells in this process are made of: real parts, started by the checkout's command line, and short times. */

import { fileURLToPath } from 'node:url';
import type { ConfigInput } from '../../coordinator/config/schema.ts';

const CLI = fileURLToPath(new URL('../../coordinator/cli/main.ts', import.meta.url));

/** Command lines of the parts. */
export const LAUNCH = {
  pilot: [process.execPath, CLI, 'agent', '--join', '-'],
  frontend: [process.execPath, CLI, 'frontend'],
  mappingService: [process.execPath, CLI, 'mapping-service'],
  relay: [process.execPath, CLI, 'relay'],
};

export const TINY_TIMING = {
  warmUp: { atLeast: '50ms', atMost: '5s' },
  window: { atLeast: '100ms', operationsPerClient: 2, atMost: '5s' },
  drain: '5s',
  recovery: { within: '10s', otherwise: 'continue' },
} satisfies ConfigInput['timing'];
