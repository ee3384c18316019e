/** undici, when it is needed first: it takes some 15 MB of every thread, and most pilots never meet an answer that needs it. */

import { createRequire } from 'node:module';
import type * as Undici from 'undici';

const require = createRequire(import.meta.url);

export function loadUndici(): typeof Undici {
  return require('undici') as typeof Undici;
}
