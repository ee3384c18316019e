/** The exit codes of the command line (99 to 107 as k6 has them), and which error ends in which. */

/** A contract: scripts and CI jobs decide by these numbers. */
export const EXIT = {
  done: 0,
  bug: 1,
  thresholdFailed: 99,
  invalidConfig: 104,
  interrupted: 105,
  scenarioThrew: 107,
  credentialExpiring: 119,
  barrierNotReached: 120,
  pilotsLost: 121,
  resultsNotWritable: 122,
  notRecovered: 123,
} as const;

const MEANINGS: Readonly<Record<number, string>> = {
  [EXIT.done]: 'done',
  [EXIT.bug]: 'bug in glidetester',
  [EXIT.thresholdFailed]: 'a threshold failed, or a cell is not ok under --strict',
  [EXIT.invalidConfig]: 'invalid config or command line',
  [EXIT.interrupted]: 'interrupted; the finished cells are safe',
  [EXIT.scenarioThrew]: 'the scenario threw',
  [EXIT.credentialExpiring]: 'an identity is over, or would be in the next cell; renew it and run again',
  [EXIT.barrierNotReached]: 'a barrier was not reached',
  [EXIT.pilotsLost]: 'more pilots were lost than the config allows',
  [EXIT.resultsNotWritable]: 'results could not be read or written',
  [EXIT.notRecovered]: 'the target did not recover, or did not do one operation to begin with',
};

/** What an exit code says, for people. */
export function describeExit(exitCode: number): string {
  return MEANINGS[exitCode] ?? 'unknown';
}

/** Every error code of the tree; a test checks that none is missing. */
export const EXIT_OF_ERROR: Readonly<Record<`GT_${string}`, number>> = {
  GT_CERTIFICATES_DIRECTORY: EXIT.invalidConfig,
  GT_CONFIG_AMBIGUOUS: EXIT.invalidConfig,
  GT_CONFIG_INVALID: EXIT.invalidConfig,
  GT_CONFIG_NOT_FOUND: EXIT.invalidConfig,
  GT_CONFIG_NO_DEFAULT_EXPORT: EXIT.invalidConfig,
  GT_CONFIG_THROWS: EXIT.invalidConfig,
  GT_CONFIG_UNREADABLE: EXIT.invalidConfig,
  GT_COUNTERS_COMMAND: EXIT.invalidConfig,
  GT_CREDENTIAL_ENVIRONMENT: EXIT.invalidConfig,
  GT_CREDENTIAL_EXPIRED: EXIT.credentialExpiring,
  GT_CREDENTIAL_MISMATCH: EXIT.invalidConfig,
  GT_CREDENTIAL_MODE: EXIT.invalidConfig,
  GT_CREDENTIAL_POOL: EXIT.invalidConfig,
  GT_CREDENTIAL_UNREADABLE: EXIT.invalidConfig,
  GT_FRONTEND_CERTIFICATES: EXIT.invalidConfig,
  GT_FRONTEND_EVENT_LOG: EXIT.resultsNotWritable,
  GT_FRONTEND_LISTEN: EXIT.invalidConfig,
  GT_FRONTEND_MAPPING: EXIT.invalidConfig,
  GT_FRONTEND_OPTIONS: EXIT.invalidConfig,
  GT_FRONTEND_RECORD: EXIT.resultsNotWritable,
  GT_FRONTEND_ROOT: EXIT.invalidConfig,
  GT_FRONTEND_THREADS: EXIT.invalidConfig,
  GT_HOST_TOO_SMALL: EXIT.invalidConfig,
  GT_JOIN_INVALID: EXIT.invalidConfig,
  GT_LINK_LISTEN: EXIT.invalidConfig,
  GT_MAPPING_SERVICE: EXIT.invalidConfig,
  GT_LIVE_PAGE: EXIT.invalidConfig,
  GT_NODE_TOO_OLD: EXIT.invalidConfig,
  GT_PILOT_FAILED: EXIT.pilotsLost,
  GT_PILOT_UNFIT: EXIT.barrierNotReached,
  GT_POOL_REQUEST: EXIT.barrierNotReached,
  GT_RELAY: EXIT.invalidConfig,
  GT_REPORT_OPTIONS: EXIT.invalidConfig,
  GT_RESULT_EXISTS: EXIT.resultsNotWritable,
  GT_RESULT_NOT_READABLE: EXIT.resultsNotWritable,
  GT_RESULT_NOT_WRITABLE: EXIT.resultsNotWritable,
  GT_RSVG_FAILED: EXIT.resultsNotWritable,
  GT_RSVG_MISSING: EXIT.invalidConfig,
  GT_SCENARIO_BODY: EXIT.invalidConfig,
  GT_SCENARIO_INVALID: EXIT.scenarioThrew,
  GT_SCENARIO_VARIABLE: EXIT.invalidConfig,
  GT_TARGET_NAME: EXIT.invalidConfig,
  GT_TARGET_PERMISSION: EXIT.invalidConfig,
  GT_TARGET_START: EXIT.invalidConfig,
  GT_TARGET_UNUSABLE: EXIT.notRecovered,
  GT_TELEMETRY_LISTEN: EXIT.invalidConfig,
  GT_TELEMETRY_VARIABLE: EXIT.invalidConfig,
  GT_TRUST_DIRECTORY: EXIT.invalidConfig,
};
