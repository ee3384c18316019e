/** Open files of a pilot: how many clients fit beneath its limit. */

/**
 * Descriptors that a pilot takes beside one for each client: 24 for Node, its log and its link, the rest for files that it
 * reads. Counted in /proc/<pid>/fd.
 */
const OWN_DESCRIPTORS = 35;
/** Those of a worker thread: its event loop. */
const DESCRIPTORS_PER_THREAD = 5;

/** A whole number; 0 or less: not a single client fits. */
export function clientsWithin(descriptorLimit: number, threads: number): number {
  return descriptorLimit - descriptorsBeside(threads);
}

/** Descriptors of a pilot with so many threads beside one for each client. */
export function descriptorsBeside(threads: number): number {
  return OWN_DESCRIPTORS + DESCRIPTORS_PER_THREAD * threads;
}
