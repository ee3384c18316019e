/** The columns of the table of cells as comma-separated values: every figure of a cell, with its unit in the column's name. */

import type { CellSummary } from '../summary.ts';
import type { CsvValue } from './csv-text.ts';

export type CsvColumn = readonly [name: string, read: (cell: CellSummary) => CsvValue];

const IDENTITY: readonly CsvColumn[] = [
  ['id', ({ id }) => id],
  ['target', ({ target }) => target],
  ['scenario', ({ scenario }) => scenario],
  ['directory_size_files', ({ directorySize }) => directorySize],
  ['level_clients', ({ level }) => level],
  ['run', ({ run }) => run],
  ['state', ({ state }) => state],
  ['reason', ({ reason }) => reason],
  ['marks', ({ marks }) => marks.map(({ code }) => code).join(' ')],
  ['mark_texts', ({ marks }) => marks.map(({ text }) => text).join(' ')],
];

const RATE: readonly CsvColumn[] = [
  ['rate_hz', ({ ratePerS }) => ratePerS],
  ['rate_completed_hz', ({ rateCompletedPerS }) => rateCompletedPerS],
  ['held_clients', ({ held }) => held],
  ['in_flight_clients', ({ inFlight }) => inFlight],
  ['turning_clients', ({ turning }) => turning],
  ['pausing_clients', ({ pausing }) => pausing],
  ['window_open_ms', ({ windowMs }) => windowMs?.open ?? null],
  ['window_close_ms', ({ windowMs }) => windowMs?.close ?? null],
];

const COUNTS: readonly CsvColumn[] = [
  ['operations_ok', ({ operations }) => operations.ok],
  ['operations_failed', ({ operations }) => operations.failed],
  ['operations_cut', ({ operations }) => operations.cut],
  ['operations_by_outcome_json', ({ operations }) => JSON.stringify(operations.byOutcome)],
  ['polls', ({ followUps }) => followUps.polls],
  ['further_pages', ({ followUps }) => followUps.pages],
  ['in_window_ok', ({ inWindow }) => inWindow.ok],
  ['in_window_failed', ({ inWindow }) => inWindow.failed],
  ['in_window_local', ({ inWindow }) => inWindow.local],
];

const TIMES: readonly CsvColumn[] = [
  ['service_time_count', ({ serviceTimeMs }) => serviceTimeMs.count],
  ['service_time_mean_ms', ({ serviceTimeMs }) => serviceTimeMs.mean],
  ['service_time_p50_ms', ({ serviceTimeMs }) => serviceTimeMs.p50],
  ['service_time_p90_ms', ({ serviceTimeMs }) => serviceTimeMs.p90],
  ['service_time_p95_ms', ({ serviceTimeMs }) => serviceTimeMs.p95],
  ['service_time_p99_ms', ({ serviceTimeMs }) => serviceTimeMs.p99],
  ['service_time_max_ms', ({ serviceTimeMs }) => serviceTimeMs.max],
  ['phase_connect_ms', ({ phasesMs }) => phasesMs.connect],
  ['phase_handshake_ms', ({ phasesMs }) => phasesMs.handshake],
  ['phase_first_byte_ms', ({ phasesMs }) => phasesMs.firstByte],
  ['phase_rest_ms', ({ phasesMs }) => phasesMs.rest],
  ['failure_time_count', ({ failureTimeMs }) => failureTimeMs.count],
  ['failure_time_mean_ms', ({ failureTimeMs }) => failureTimeMs.mean],
  ['failure_time_max_ms', ({ failureTimeMs }) => failureTimeMs.max],
  ['first_cohort_count', ({ firstCohort }) => firstCohort.count],
  ['first_cohort_ok', ({ firstCohort }) => firstCohort.ok],
  ['first_cohort_mean_ms', ({ firstCohort }) => firstCohort.meanMs],
  ['first_cohort_max_ms', ({ firstCohort }) => firstCohort.maxMs],
  ['start_skew_p50_ms', ({ startSkewMs }) => startSkewMs.p50],
  ['start_skew_p99_ms', ({ startSkewMs }) => startSkewMs.p99],
  ['start_skew_max_ms', ({ startSkewMs }) => startSkewMs.max],
  ['clock_error_ms', ({ startSkewMs }) => startSkewMs.clockErrorMs],
];

const CHECKS: readonly CsvColumn[] = [
  ['little_error_ratio', ({ littleErrorRatio }) => littleErrorRatio],
  ['server_counted', ({ server }) => server?.counted ?? null],
  ['server_difference', ({ server }) => server?.difference ?? null],
  ['recovery_ms', ({ recoveryMs }) => recoveryMs],
  ['hung', ({ hung }) => hung],
];

const WIRE: readonly CsvColumn[] = [
  ['connections_opened', ({ connections }) => connections?.opened ?? null],
  ['connections_secured', ({ connections }) => connections?.secured ?? null],
  ['connections_resumed', ({ connections }) => connections?.resumed ?? null],
  [
    'connections_by_cipher_json',
    ({ connections }) => (connections === null ? null : JSON.stringify(connections.byCipher)),
  ],
  ['operations_by_direct_transport', ({ connections }) => connections?.carriedBy.direct ?? null],
  ['operations_by_undici', ({ connections }) => connections?.carriedBy.undici ?? null],
  ['identities', ({ identities }) => identities],
];

const GENERATOR: readonly CsvColumn[] = [
  ['generator_loop_utilisation', ({ generator }) => generator?.loopUtilisation ?? null],
  ['generator_loop_delay_p99_ms', ({ generator }) => generator?.loopDelayP99Ms ?? null],
  ['generator_loop_late_mean_ms', ({ generator }) => generator?.loopLateMeanMs ?? null],
  ['generator_cpu_share', ({ generator }) => generator?.cpuShare ?? null],
  ['generator_gc_share', ({ generator }) => generator?.gcShare ?? null],
  ['generator_run_queue_share', ({ generator }) => generator?.runQueueShare ?? null],
  ['generator_throttled_share', ({ generator }) => generator?.throttledShare ?? null],
  ['generator_pressure_share', ({ generator }) => generator?.pressureShare ?? null],
  ['generator_stolen_share', ({ generator }) => generator?.stolenShare ?? null],
  ['generator_cpu_share_of_all', ({ generatorCpuShare }) => generatorCpuShare],
  ['tcp_segments_sent', ({ generator }) => generator?.tcp?.sent ?? null],
  ['tcp_segments_retransmitted', ({ generator }) => generator?.tcp?.retransmitted ?? null],
  ['tcp_segments_retransmitted_needlessly', ({ generator }) => generator?.tcp?.needless ?? null],
  ['tcp_timeouts', ({ generator }) => generator?.tcp?.timeouts ?? null],
  ['tcp_listen_overflows', ({ generator }) => generator?.tcp?.listenOverflows ?? null],
  ['tcp_listen_drops', ({ generator }) => generator?.tcp?.listenDrops ?? null],
];

const SERVICE: readonly CsvColumn[] = [
  ['service_cpu_share', ({ service }) => service?.cpuShare ?? null],
  ['service_call_outs', ({ service }) => service?.callOuts ?? null],
  ['service_waited_for_thread', ({ service }) => service?.waitedForThread ?? null],
  ['service_exhausted_queue', ({ service }) => service?.exhausted.queue ?? null],
  ['service_exhausted_heap', ({ service }) => service?.exhausted.heap ?? null],
  ['service_exhausted_descriptors', ({ service }) => service?.exhausted.descriptors ?? null],
  ['sites_json', ({ sites }) => JSON.stringify(sites)],
];

export const CSV_COLUMNS: readonly CsvColumn[] = [
  ...IDENTITY,
  ...RATE,
  ...COUNTS,
  ...TIMES,
  ...CHECKS,
  ...WIRE,
  ...GENERATOR,
  ...SERVICE,
];
