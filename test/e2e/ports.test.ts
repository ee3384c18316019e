/** A host with few ports: what a campaign says when they run out, and what helps. */

import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import type { CellSummary } from '../../reports/summary.ts';
import { CONFIG_FILE, glidetester, readSummary } from '../support/cli.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const configOf = (close: 'fin' | 'reset'): ConfigInput => ({
  name: 'ports',
  target: { kind: 'embedded', root: { make: [2] }, connection: { close } },
  scenario: { kind: 'srm-ls', directories: { 2: '/d2' } },
  load: { levels: [8], afterFailure: { pause: '50ms', growTo: '50ms' } },
  timing: {
    warmUp: { atLeast: '100ms', atMost: '1s' },
    window: { atLeast: '500ms', operationsPerClient: 10, atMost: '1s' },
    recovery: { within: '5s', otherwise: 'continue' },
  },
  pools: [{ kind: 'local', pilots: 1, slotsPerPilot: 8 }],
});

/** Whether a network of one's own can be made here. */
function hasNetworks(): boolean {
  return spawnSync('unshare', ['-Urn', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
}

/** Runs the campaign in a network of its own with forty ports. @throws Error when it leaves no summary */
async function runWithFewPorts(t: ExecutionContext, config: ConfigInput) {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, CONFIG_FILE), JSON.stringify(config));
  const [program, words] = glidetester('run', '--out', 'out');
  const script = 'ip link set lo up && echo "40000 40039" > /proc/sys/net/ipv4/ip_local_port_range && exec "$0" "$@"';
  const parameters = ['-Urn', 'sh', '-c', script, program, ...words];
  const { stderr } = spawnSync('unshare', parameters, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  const { cells } = await readSummary(join(folder, 'out')).catch((cause: unknown) => {
    throw new Error(stderr, { cause });
  });
  return cells[0] as CellSummary;
}

test('polite ends use up the ports, and the cell is marked with the fix, which helps', async (t) => {
  if (!hasNetworks()) {
    t.log('skipped: needs `apt-get install -y iproute2` and the right to make a network namespace');
    t.pass();
    return;
  }
  const polite = await runWithFewPorts(t, configOf('fin'));
  t.true((polite.operations.byOutcome['local/no-port'] ?? 0) > 0);
  t.is(polite.server?.difference, 0);
  t.is(polite.inWindow.failed, 0, 'the service is not to blame');
  const mark = polite.marks.find(({ code }) => code === 'local-failures');
  t.is(mark?.value, polite.operations.byOutcome['local/no-port']);
  t.regex(mark?.text ?? '', /target\.connection\.close: 'reset'/);

  const reset = await runWithFewPorts(t, configOf('reset'));
  t.deepEqual(Object.keys(reset.operations.byOutcome), ['ok']);
  t.true(reset.operations.ok > 40, 'more connections than there are ports');
  t.is(reset.server?.difference, 0);
});
