/**
 * How an operation ended, as one string `class` or `class/detail`:
 *
 * | outcome | meaning |
 * | --- | --- |
 * | `ok` | the whole answer came and says what it should |
 * | `status/SRM_…`, `status/http-503`, `status/soap-fault`, `status/entry-count`, `status/text` | the service answered, but not with success |
 * | `refused` | the connection was refused |
 * | `connect-timeout`, `handshake-timeout`, `answer-timeout` | a deadline of the config passed in that phase |
 * | `handshake-failure` | TLS did not come about |
 * | `reset` | the connection broke before the answer was whole |
 * | `malformed` | the answer could not be read |
 * | `cut` | we ended it: drain limit or stop |
 * | `local/no-port`, `local/no-descriptor`, `local/source-address`, `local/…` | our own side failed; never charged to the service |
 */
export type Outcome = string;

/** The classes of outcomes, in the order in which reports list them. */
export const OUTCOME_CLASSES = [
  'ok',
  'status',
  'refused',
  'connect-timeout',
  'handshake-failure',
  'handshake-timeout',
  'reset',
  'answer-timeout',
  'malformed',
  'cut',
  'local',
] as const;

export type OutcomeClass = (typeof OUTCOME_CLASSES)[number];

/** How many operations ended in which class; one that is not named: none. */
export type OutcomeCounts = Partial<Record<OutcomeClass, number>>;

/** The class of an outcome: what stands before the slash. */
export function outcomeClassOf(outcome: Outcome): OutcomeClass {
  const slash = outcome.indexOf('/');
  return (slash === -1 ? outcome : outcome.slice(0, slash)) as OutcomeClass;
}
