/**
 * What can be seen of descriptors having run out: call-outs and opened files that fail, and errors of the listeners. A connection
 * that can't be accepted can't be seen: libuv closes it at once, by a descriptor kept for that, and tells nobody. Its client sees
 * it closed before the handshake.
 */

import type { Server } from 'node:net';
import { systemCodeOf } from '../../foundation/error.ts';
import type { ContainerCounts } from './container-counts.ts';

const RUN_OUT: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE']);

/** Whether an error came of there being no descriptor, of this process or of the host. */
export function isOutOfDescriptors(error: unknown): boolean {
  return RUN_OUT.has(systemCodeOf(error) ?? '');
}

/** A listener that could not accept for want of descriptors goes on when there are some again. Other errors are thrown. */
export function surviveDescriptors(server: Server, counts: ContainerCounts): void {
  server.on('error', (error) => {
    if (!isOutOfDescriptors(error)) throw error;
    counts.exhaustedDescriptors += 1;
  });
}
