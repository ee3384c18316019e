/** What a person sees in a terminal: live lines that are redrawn, colours unless they are unwanted, and the cursor back. */

import { spawnSync } from 'node:child_process';
import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../coordinator/config/schema.ts';
import { CONFIG_FILE, startCli } from '../support/cli.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const ESCAPE = '\u001B[';
const HIDE_CURSOR = `${ESCAPE}?25l`;
const SHOW_CURSOR = `${ESCAPE}?25h`;
const CTRL_C = '\u0003';
const COLUMNS = 72;
/** What a terminal says that was given no size, as in a container. */
const NO_COLUMNS = 0;

const CONFIG: ConfigInput = {
  name: 'seen',
  target: { kind: 'embedded', root: { make: [5] } },
  scenario: { kind: 'srm-ls', directories: { 5: '/d5' } },
  load: { levels: [2, 6] },
  timing: {
    warmUp: { atLeast: '50ms', atMost: '10s' },
    window: { atLeast: '500ms', operationsPerClient: 1, atMost: '10s' },
    recovery: { within: '20s' },
  },
  pools: [{ kind: 'local', pilots: 3, slotsPerPilot: 2 }],
};

const hasScript = spawnSync('sh', ['-c', 'command -v script']).status === 0;

/** Runs the campaign in a terminal; `whileItRuns` may type. */
async function watch(
  t: ExecutionContext,
  options: { columns: number; environment?: Record<string, string> },
  whileItRuns: (cli: ReturnType<typeof startCli>) => Promise<void> = async () => {},
) {
  const folder = await makeTemporaryFolder(t, { [CONFIG_FILE]: JSON.stringify(CONFIG) });
  const cli = startCli(t, ['run'], { folder, ...options });
  await whileItRuns(cli);
  const { exitCode, stdout } = await cli.ended;
  return { exitCode, seen: stdout };
}

function skipWithoutScript(t: ExecutionContext): boolean {
  if (hasScript) return false;
  t.log('skipped: needs `script` (apt-get install -y bsdutils)');
  t.pass();
  return true;
}

/** The text without what moves the cursor or colours. */
function plain(text: string): string {
  return text
    .split(ESCAPE)
    .map((part, index) => (index === 0 ? part : part.replace(/^[?\d;]*[A-Za-z]/, '')))
    .join('');
}

/** Colours and weights: sequences that end in m. */
function countStyles(text: string): number {
  return text.split(ESCAPE).filter((part, index) => index > 0 && /^[\d;]*m/.test(part)).length;
}

function assertCursorIsBack(t: ExecutionContext, seen: string): void {
  t.true(seen.includes(HIDE_CURSOR));
  t.true(seen.lastIndexOf(SHOW_CURSOR) > seen.lastIndexOf(HIDE_CURSOR));
  // Nothing is drawn over or away after the cursor is back: the end stays on the screen.
  t.false(seen.slice(seen.lastIndexOf(SHOW_CURSOR)).includes(`${ESCAPE}J`));
}

test('in a terminal the live lines are redrawn in place, fit its width, and leave a clean end', async (t) => {
  if (skipWithoutScript(t)) return;
  const { exitCode, seen } = await watch(t, { columns: COLUMNS });
  t.is(exitCode, 0, seen);
  assertCursorIsBack(t, seen);
  t.true(countStyles(seen) > 0);
  const redrawn = seen.split(`${ESCAPE}J`).length - 1;
  t.true(redrawn > 5, `${redrawn} times`);
  for (const words of [
    'window ',
    ' held, ',
    ' in flight',
    ' Hz',
    'pilots 3 ready, 0 pending',
    'cell 2/2',
    'Ctrl-C: stop',
  ])
    t.true(plain(seen).includes(words), words);
  const live = seen.slice(seen.indexOf(HIDE_CURSOR), seen.lastIndexOf(SHOW_CURSOR)).split('\r\n');
  for (const line of live.map(plain).filter((text) => text.startsWith('    '))) t.true(line.length <= COLUMNS, line);

  const end = plain(seen.slice(seen.lastIndexOf(SHOW_CURSOR)));
  for (const words of ['FINDING', 'TRUST', 'REPORT', 'exit 0    done']) t.true(end.includes(words), words);
});

test('NO_COLOR is honoured, and Ctrl-C typed twice leaves the cursor where it was', async (t) => {
  if (skipWithoutScript(t)) return;
  const options = { columns: NO_COLUMNS, environment: { NO_COLOR: '1' } };
  const { exitCode, seen } = await watch(t, options, async ({ child, awaitText }) => {
    await awaitText('ready, 0 pending');
    child.stdin?.write(CTRL_C);
    await awaitText('once more: stop now');
    child.stdin?.write(CTRL_C);
  });
  t.is(exitCode, 105, seen);
  assertCursorIsBack(t, seen);
  t.is(countStyles(seen), 0);
  t.true(plain(seen).includes('exit 105    interrupted; the finished cells are safe'));
});
