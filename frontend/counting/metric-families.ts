/** What the frontend's counters are called on its metrics page. */

import type { MappingCounts } from '../authorization/mapping-counts.ts';
import type { HandshakeCounts } from '../connection/handshake-counts.ts';
import type { ContainerCounts } from '../container/container-counts.ts';
import type { EventFileCounts } from '../event-log/event-file.ts';
import type { MetricFamily } from './metrics-text.ts';
import type { OperationCounts } from './operation-counts.ts';

export function describeOperations(counts: OperationCounts): MetricFamily[] {
  const cells = counts.readAll().map(({ name, count }) => ({
    labels: { campaign: name.campaign, cell: name.cell, attempt: String(name.attempt) },
    count,
  }));
  const perCell = (part: 'received' | 'interim' | 'abandoned' | 'open' | 'between'): MetricFamily['samples'] =>
    cells.map(({ labels, count }) => ({ labels, value: count[part] }));
  return [
    {
      name: 'glidetester_frontend_received_total',
      type: 'counter',
      help: 'Operations whose first request had come, header and body.',
      samples: perCell('received'),
    },
    {
      name: 'glidetester_frontend_answered_total',
      type: 'counter',
      help: 'Operations whose last answer was handed over whole, by outcome.',
      samples: cells.flatMap(({ labels, count }) =>
        Object.entries(count.answered).map(([outcome, value]) => ({ labels: { ...labels, outcome }, value })),
      ),
    },
    {
      name: 'glidetester_frontend_interim_answers_total',
      type: 'counter',
      help: 'Answers after which the client asks again in the same operation, handed over whole.',
      samples: perCell('interim'),
    },
    {
      name: 'glidetester_frontend_abandoned_total',
      type: 'counter',
      help: 'Operations whose client left before the whole last answer was handed over.',
      samples: perCell('abandoned'),
    },
    {
      name: 'glidetester_frontend_open',
      type: 'gauge',
      help: 'Operations with a request that has not ended.',
      samples: perCell('open'),
    },
    {
      name: 'glidetester_frontend_between_requests',
      type: 'gauge',
      help: 'Operations whose client was told to ask again and has not yet.',
      samples: perCell('between'),
    },
  ];
}

export function describeMappings(counts: Readonly<MappingCounts>): MetricFamily[] {
  return [
    counter('mappings', 'Times that an identity was to be mapped to a local user.', counts.asked),
    counter('mappings_from_cache', 'Mappings answered from the cache of mapped ids.', counts.fromCache),
    counter('mapping_calls', 'Requests to the mapping service.', counts.callOuts),
    counter('grid_mapfile_loads', 'Times that the grid-mapfile was read.', counts.fileLoads),
    counter('mapping_failures', 'Mappings of which it could not be found out whether there is one.', counts.failures),
    gauge(
      'grid_mapfile_bad_lines',
      'Lines of the grid-mapfile that map nobody and are no comment, when it was last read.',
      counts.badLines,
    ),
  ];
}

export function describeHandshakes(counts: Readonly<HandshakeCounts>): MetricFamily[] {
  return [
    counter('handshakes', 'TLS handshakes that were completed.', counts.completed),
    counter('handshakes_resumed', 'Completed handshakes that resumed an earlier session.', counts.resumed),
    counter('handshakes_failed', 'Connections that did not get through their handshake.', counts.failed),
    {
      name: 'glidetester_frontend_refused_certificates_total',
      type: 'counter',
      help: "Connections closed after their handshake, by the rule that the client's certificates broke.",
      samples: [...counts.refused].map(([rule, value]) => ({ labels: { rule }, value })),
    },
    counter(
      'refused_delegations',
      'Connections closed because the client wanted to delegate (GSI).',
      counts.delegations,
    ),
    counter('not_http', 'Secured connections closed because what came first was not HTTP.', counts.notHttp),
  ];
}

export function describeProcess(cpuMs: number): MetricFamily[] {
  return [counter('cpu_seconds', 'CPU time of the whole process, user and system, in seconds.', cpuMs / 1000)];
}

/** Without a container only what descriptors came to. */
export function describeContainer(counts: Readonly<ContainerCounts>): MetricFamily[] {
  const { threads } = counts;
  return [
    {
      name: 'glidetester_frontend_exhausted_total',
      type: 'counter',
      help: 'What was turned away, by what had run out: connections by queue and heap; accepts, call-outs and openings by descriptors.',
      samples: [
        { labels: { resource: 'queue' }, value: counts.refusedByQueue },
        { labels: { resource: 'heap' }, value: counts.refusedByHeap },
        { labels: { resource: 'descriptors' }, value: counts.exhaustedDescriptors },
      ],
    },
    ...(threads.most === null ? [] : describeThreads(counts, threads.most)),
  ];
}

function describeThreads(counts: Readonly<ContainerCounts>, most: number): MetricFamily[] {
  const { threads, waitedForThread, waiting, waitingNested, waitingForLock } = counts;
  return [
    counter('waited_for_thread', 'Connections that did not get a container thread at once.', waitedForThread),
    gauge('container_threads', 'Container threads that there are.', most),
    gauge('container_threads_held', 'Container threads that connections hold now.', threads.held),
    gauge('container_threads_nested', 'Container threads that nested work holds now.', threads.nested),
    gauge('waiting_connections', 'Connections that wait for a container thread now.', waiting),
    gauge('waiting_nested_work', 'Pieces of nested work that wait for a container thread now.', waitingNested),
    gauge(
      'waiting_for_lock',
      'Identity look-ups that wait for the global lock now. That it is held over the call-out is our hypothesis.',
      waitingForLock,
    ),
  ];
}

export function describeEventLog({ lines, failures }: EventFileCounts): MetricFamily[] {
  return [
    counter('event_log_lines', 'Lines written into the event log.', lines),
    counter('event_log_failures', 'Lines that could not be written, and files that could not be changed.', failures),
  ];
}

/** One number for the whole frontend. */
function counter(name: string, help: string, value: number): MetricFamily {
  return { name: `glidetester_frontend_${name}_total`, type: 'counter', help, samples: [{ labels: {}, value }] };
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name: `glidetester_frontend_${name}`, type: 'gauge', help, samples: [{ labels: {}, value }] };
}
