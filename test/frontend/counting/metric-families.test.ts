import test from 'ava';
import { createMappingCounts } from '../../../frontend/authorization/mapping-counts.ts';
import { createHandshakeCounts } from '../../../frontend/connection/handshake-counts.ts';
import {
  describeHandshakes,
  describeMappings,
  describeOperations,
} from '../../../frontend/counting/metric-families.ts';
import { type MetricFamily, writeMetricsText } from '../../../frontend/counting/metrics-text.ts';
import { createOperationCounts } from '../../../frontend/counting/operation-counts.ts';

/** The lines that hold numbers; each family's other two are there. */
function writeSamples(families: MetricFamily[]): string[] {
  const lines = writeMetricsText(families).trimEnd().split('\n');
  const samples = lines.filter((line) => !line.startsWith('# HELP ') && !line.startsWith('# TYPE '));
  if (lines.length - samples.length !== 2 * families.length) throw new Error(lines.join('\n'));
  return samples;
}

test('the operations of each cell are told apart', (t) => {
  const counts = createOperationCounts();
  const odd = { campaign: 'a"b\\c\nd', cell: 'x', attempt: 2, sequence: 0, step: 0 };
  counts.receive({ ...odd, client: '0' }).answered('status/SRM_FAILURE');
  counts.receive({ ...odd, client: '1' }).abandoned();
  counts.receive({ ...odd, client: '2' });
  counts.receive({ ...odd, client: '3' }).answeredMeanwhile();
  const labels = String.raw`campaign="a\"b\\c\nd",cell="x",attempt="2"`;
  t.deepEqual(writeSamples(describeOperations(counts)), [
    `glidetester_frontend_received_total{${labels}} 4`,
    `glidetester_frontend_answered_total{${labels},outcome="status/SRM_FAILURE"} 1`,
    `glidetester_frontend_interim_answers_total{${labels}} 1`,
    `glidetester_frontend_abandoned_total{${labels}} 1`,
    `glidetester_frontend_open{${labels}} 1`,
    `glidetester_frontend_between_requests{${labels}} 1`,
  ]);
});

test('what mapping took is told', (t) => {
  const counts = {
    ...createMappingCounts(),
    asked: 9,
    fromCache: 4,
    callOuts: 3,
    fileLoads: 2,
    badLines: 7,
    failures: 1,
  };
  t.deepEqual(writeSamples(describeMappings(counts)), [
    'glidetester_frontend_mappings_total 9',
    'glidetester_frontend_mappings_from_cache_total 4',
    'glidetester_frontend_mapping_calls_total 3',
    'glidetester_frontend_grid_mapfile_loads_total 2',
    'glidetester_frontend_mapping_failures_total 1',
    'glidetester_frontend_grid_mapfile_bad_lines 7',
  ]);
});

test('how connections began is told, refusals by their rule', (t) => {
  const counts = { ...createHandshakeCounts(), completed: 9, resumed: 2, failed: 3, delegations: 1, notHttp: 4 };
  counts.refused.set('untrusted', 5).set('expired', 6);
  t.deepEqual(writeSamples(describeHandshakes(counts)), [
    'glidetester_frontend_handshakes_total 9',
    'glidetester_frontend_handshakes_resumed_total 2',
    'glidetester_frontend_handshakes_failed_total 3',
    'glidetester_frontend_refused_certificates_total{rule="untrusted"} 5',
    'glidetester_frontend_refused_certificates_total{rule="expired"} 6',
    'glidetester_frontend_refused_delegations_total 1',
    'glidetester_frontend_not_http_total 4',
  ]);
});
