/**
 * What connections, threads and processes take of their host. Measured on one machine, as docs/doctor.md says: real ones
 * differ, so that what comes near a limit is called tight.
 */

/** Open files, counted in /proc/<pid>/fd. */
export const DESCRIPTORS = {
  /** Of the frontend without listing threads (24), and of what it reads meanwhile; of each listing thread. */
  frontend: 35,
  listing: 5,
  relay: 35,
} as const;

/** Resident memory. */
export const BYTES = {
  plainClient: 12_000,
  securedClient: 85_000,
  /** A pilot at work, its first thread included, without its clients. */
  pilot: 160_000_000,
  /** Each further thread, at work. */
  pilotThread: 40_000_000,
  coordinator: 400_000_000,
  /** At work, with four listing threads. */
  frontend: 400_000_000,
  /** Of the frontend, for each connection on which a request waits; of one that only stands, a third. */
  plainConnection: 50_000,
  securedConnection: 110_000,
  /** A relay, and each client of it. */
  relay: 120_000_000,
  relayedClient: 20_000,
  /** Of the kernel, for each end of a connection that is on this machine, its buffers empty. */
  socket: 3800,
} as const;
