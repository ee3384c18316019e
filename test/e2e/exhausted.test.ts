/** What an embedded service says that it turned away is what its clients met, one by one. */

import test from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { finishRun, startRun } from '../support/cli.ts';

type Targets = NonNullable<ConfigInput['targets']>;

const FILES = 5;
const LEVEL = 12;

const service = {
  kind: 'embedded' as const,
  httpg: true,
  identities: 2,
  container: 'bestman2' as const,
  mapping: { by: 'service' as const, latency: '10ms' },
  root: { make: [FILES] },
};

/** Room for five clients of twelve, by the heap, and by threads and the places before them. */
const TARGETS = {
  heap: { ...service, maxJavaHeap: '12.5 MB' },
  queue: { ...service, maxContainerThreads: 2, connectorQueueSize: 3 },
  neither: service,
} satisfies Targets;

test('heap and queue: as many are reset as the service has turned away, and the others are served', async (t) => {
  const { exitCode, stderr, cells } = await finishRun(
    await startRun(t, {
      name: 'exhausted',
      targets: TARGETS,
      scenario: { kind: 'srm-ls', directories: { [FILES]: `/d${FILES}` } },
      load: { levels: [LEVEL], afterFailure: { pause: '50ms', growTo: '200ms' } },
      timing: {
        warmUp: { atLeast: '300ms', atMost: '2s' },
        window: { atLeast: '1s', operationsPerClient: 3, atMost: '10s' },
        recovery: { within: '20s' },
      },
      pools: [{ kind: 'local', pilots: 2, slotsPerPilot: LEVEL / 2 }],
    }),
  );
  t.is(exitCode, 0, stderr);
  for (const { target, operations, service: use, server } of cells) {
    const about = `${target}: ${JSON.stringify({ operations, use })}`;
    t.is(server?.difference, 0, about);
    t.true(operations.ok > 0, about);
    const exhausted = target === 'neither' ? 0 : use?.exhausted[target as 'heap' | 'queue'];
    t.is(exhausted, operations.failed, about);
    // Each of the others was let in by one look-up, and listed after another.
    t.is(use?.callOuts, 2 * operations.ok, about);
  }
  t.true(
    cells.every(({ target, operations }) => target === 'neither' || operations.failed > 0),
    stderr,
  );
});
