/** Is this Node new enough? Asked before anything is loaded that an older one can't run. */

import { GlideTesterError } from '../../foundation/error.ts';

const LEAST = [24, 12] as const;

/** @throws GT_NODE_TOO_OLD */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new GlideTesterError('GT_NODE_TOO_OLD', `expected Node ${LEAST.join('.')} or newer, this is ${version}`, {
    hint: 'install a newer Node, or beside glidetester: npm install --save-dev node@24',
  });
}
