/** What the processes of the slow service tell each other, and what it tells of itself. */

import type { OpenReport } from './open-count.ts';

export type SlowServiceOptions = {
  processes: number;
  /** Body and type of every answer. */
  answer: { body: string; contentType: string };
  /** Folder of certificates: then it speaks httpg, with a full mutual handshake. Null: plain HTTP. */
  certificates: string | null;
};

export type SlowServiceListening = { port: number; control: string; pids: number[] };

export type SlowServiceState = {
  /** Requests that came and have not been answered. */
  open: number;
  /** The most that were open at the same moment. */
  most: number;
  arrived: number;
  answered: number;
  /** Requests whose client left before its answer. */
  abandoned: number;
};

export type SlowWorkerOrder = { type: 'report' } | { type: 'delay'; delayMs: number };

export type SlowWorkerReport = { report: OpenReport; answered: number; abandoned: number };
