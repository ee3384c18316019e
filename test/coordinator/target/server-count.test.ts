import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { countAtFrontend, countByCommand } from '../../../coordinator/target/server-count.ts';
import { type Clock, machineClock } from '../../../foundation/clock.ts';
import type { CellCount } from '../../../scenarios/server-count.ts';

const counts = test.macro<[string, number]>({
  async exec(t, command, count) {
    t.is(await countByCommand(command), count);
  },
  title: (_, command, count) => `${command} counts ${count}`,
});

test(counts, 'echo 42', 42);
test(counts, 'printf 0', 0);
test(counts, 'printf "  7\\n\\n"', 7);
test(counts, 'echo 3 | sed s/3/12/', 12);

const countsNothing = test.macro<[string, RegExp]>({
  async exec(t, command, message) {
    const error = await t.throwsAsync(countByCommand(command), { code: 'GT_COUNTERS_COMMAND', message });
    t.is((error as { hint?: string }).hint, `run it by hand: ${command}`);
  },
  title: (_, command) => `${command} counts nothing, and the error says why`,
});

test(countsNothing, 'echo many', /it printed "many\\n"/);
test(countsNothing, 'echo -5', /it printed "-5\\n"/);
test(countsNothing, 'echo 1.5', /it printed/);
test(countsNothing, 'echo 1 2', /it printed/);
test(countsNothing, 'true', /it printed ""/);
test(countsNothing, 'echo broken >&2; exit 3', /it failed: .*broken/s);
test(countsNothing, 'no-such-program-here', /it failed: .*not found/s);

/** The frontend's side: answers in turn, the last one again and again. */
async function serveCounts(t: ExecutionContext, answers: (CellCount | string)[]) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(paths.length, answers.length - 1)];
    paths.push(request.url as string);
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`, paths };
}

const CELL = { campaign: 'one-4f', cell: '001-d20-l4-r1', attempt: 2 };

const count = (changes: Partial<CellCount> = {}): CellCount => ({
  received: 10,
  answered: { ok: 8, 'status/SRM_FAILURE': 1 },
  interim: 0,
  abandoned: 1,
  open: 0,
  between: 0,
  lastAnswered: { 0: [7, 'ok'], 1: [3, 'ok'], 2: [5, 'status/SRM_FAILURE'] },
  ...changes,
});

test('the frontend is asked for the cell and attempt, and its count is told per outcome', async (t) => {
  const { url, paths } = await serveCounts(t, [count()]);
  t.deepEqual(await countAtFrontend(machineClock, url, CELL, []), {
    source: 'frontend',
    counted: 8,
    byOutcome: { ok: 8, 'status/SRM_FAILURE': 1 },
    okButCutHere: 0,
  });
  t.deepEqual(paths, ['/metrics/cells/one-4f/001-d20-l4-r1/2']);
});

test('operations that we cut and the server answered with success all the same are told', async (t) => {
  const { url } = await serveCounts(t, [count()]);
  const cut = [
    { client: 0, sequence: 7 }, // the server says ok
    { client: 1, sequence: 4 }, // the server never answered it
    { client: 2, sequence: 5 }, // the server says failure
    { client: 9, sequence: 0 }, // the server never saw the client
  ];
  t.is((await countAtFrontend(machineClock, url, CELL, cut))?.okButCutHere, 1);
});

test('as long as operations are open at the server it is asked again', async (t) => {
  const { url, paths } = await serveCounts(t, [count({ open: 2 }), count({ open: 1 }), count({ answered: { ok: 9 } })]);
  t.is((await countAtFrontend(machineClock, url, CELL, []))?.counted, 9);
  t.is(paths.length, 3);
});

test('a server that never ends its operations is asked for two seconds, then taken at its word', async (t) => {
  const { url, paths } = await serveCounts(t, [count({ open: 2 })]);
  let nowMs = 0;
  /** A clock that leaps to whatever is waited for. */
  const clock: Clock = {
    ...machineClock,
    nowMs: () => nowMs,
    after(delayMs, callback) {
      nowMs += delayMs;
      return machineClock.after(0, callback);
    },
  };
  t.is((await countAtFrontend(clock, url, CELL, []))?.counted, 8);
  t.is(nowMs, 2000);
  t.is(paths.length, 41);
});

for (const [what, answer] of [
  ['no JSON', 'not found'],
  ['another shape', '{"counted":8}'],
] as const) {
  test(`an endpoint that answers with ${what} leaves the cell unchecked`, async (t) => {
    const { url } = await serveCounts(t, [answer]);
    t.is(await countAtFrontend(machineClock, url, CELL, []), null);
  });
}

test('an endpoint that is gone leaves the cell unchecked', async (t) => {
  t.is(await countAtFrontend(machineClock, 'http://127.0.0.1:9/metrics', CELL, []), null);
});
