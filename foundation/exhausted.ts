/** What a service has turned away for want of something: both who counts it and who reads the count know it by this. */

import { z } from 'zod';

const turnedAway = z.number().int().min(0);

export const ExhaustedSchema = z.object({
  /** Connections for which the accept queue had no place. */
  queue: turnedAway,
  /** Connections for which the heap had no room. */
  heap: turnedAway,
  /** Call-outs and opened files that met EMFILE or ENFILE, as far as the service can see them. */
  descriptors: turnedAway,
});
