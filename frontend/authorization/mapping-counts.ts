/** What mapping identities took: cumulative counters, shown on the metrics page. */

export type MappingCounts = {
  /** Identities that were to be mapped, once for each time. */
  asked: number;
  /** Of these, answered from the cache. */
  fromCache: number;
  /** Requests to the mapping service. */
  callOuts: number;
  /** Times that the grid-mapfile was read. */
  fileLoads: number;
  /** Lines of the grid-mapfile that nobody can be mapped by, when it was last read. */
  badLines: number;
  /** Mappings of which it could not be found out whether there is one. */
  failures: number;
};

export function createMappingCounts(): MappingCounts {
  return { asked: 0, fromCache: 0, callOuts: 0, fileLoads: 0, badLines: 0, failures: 0 };
}
