import test from 'ava';
import type { CoordinatorMessage, RowsFrame } from '../../../agent/protocol.ts';
import { createJournal } from '../../../coordinator/journal.ts';
import type { PilotConnection } from '../../../coordinator/pilots/link.ts';
import { createRoster } from '../../../coordinator/pilots/roster.ts';
import { createSwitchboard } from '../../../coordinator/pilots/switchboard.ts';
import { createChanges } from '../../../foundation/changes.ts';
import { makeFrame } from '../../support/frames.ts';
import { createMemoryDisk } from '../../support/memory-disk.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

function createScene() {
  const clock = createVirtualClock();
  const changes = createChanges(clock);
  const roster = createRoster(clock, changes);
  const disk = createMemoryDisk();
  const journal = createJournal('/journal', disk, clock);
  const switchboard = createSwitchboard({ roster, journal, changes });
  const sent: CoordinatorMessage[] = [];
  const state = { isClosed: false };
  const dial = (epoch: number): PilotConnection => ({
    pilot: 'p',
    site: 'desk',
    slots: 4,
    host: {} as PilotConnection['host'],
    epoch,
    send: (message) => void sent.push(message),
    close: () => {
      state.isClosed = true;
    },
  });
  const ask = (): void => roster.ask({ id: 'p', site: 'desk', slots: 4 });
  const steps = async (): Promise<string[]> => {
    await journal.settled();
    return disk.journal('/journal').map(({ step }) => step);
  };
  return { clock, changes, roster, switchboard, sent, state, dial, ask, steps };
}

const heartbeat = { type: 'heartbeat', epoch: 1, monotonicMs: 1 } as const;
const done = { cell: 'c', attempt: 1, epoch: 1 } as const;

test('who was asked for joins and is written down; who was not is refused, written down and closed', async (t) => {
  const { roster, switchboard, state, dial, ask, steps } = createScene();
  switchboard.joined(dial(1));
  t.true(state.isClosed);
  ask();
  switchboard.joined(dial(2));
  t.is(roster.ready().length, 1);
  switchboard.joined(dial(3));
  t.is(roster.pilots.get('p')?.connection?.epoch, 2, 'the lease that is there stays');
  switchboard.refused('no hello came');
  t.deepEqual(await steps(), ['pilot-refused', 'pilot-joined', 'pilot-refused', 'pilot-refused']);
});

test('the latest message of each type is kept with the time of its coming, until it is forgotten', (t) => {
  const { switchboard, dial, ask } = createScene();
  ask();
  const connection = dial(1);
  switchboard.joined(connection);
  t.is(switchboard.latest('p', 'drained'), null);
  t.is(switchboard.latest('stranger', 'drained'), null);
  switchboard.said(connection, { type: 'drained', ...done }, 100);
  switchboard.said(connection, { type: 'prepared', ...done, failures: {} }, 150);
  switchboard.said(connection, { type: 'drained', ...done, attempt: 2 }, 200);
  t.deepEqual(switchboard.latest('p', 'drained'), {
    message: { type: 'drained', ...done, attempt: 2 },
    receivedMs: 200,
  });
  switchboard.forget('p', 'drained');
  t.is(switchboard.latest('p', 'drained'), null);
  t.is(switchboard.latest('p', 'prepared')?.receivedMs, 150);
});

test('a message is a sign of life and rings the bell; a heartbeat only is a sign of life', async (t) => {
  const { clock, changes, roster, switchboard, dial, ask } = createScene();
  ask();
  const connection = dial(1);
  switchboard.joined(connection);
  let looks = 0;
  void changes.until(() => {
    looks += 1;
    return false;
  });
  await clock.advance(500);
  switchboard.said(connection, heartbeat, clock.nowMs());
  t.is(roster.pilots.get('p')?.lastHeardMs, clock.nowMs());
  t.is(looks, 1);
  await clock.advance(500);
  switchboard.said(connection, { type: 'drained', ...done }, clock.nowMs());
  t.is(roster.pilots.get('p')?.lastHeardMs, clock.nowMs());
  t.is(looks, 2);
});

test('a pilot that is not listened to is not silent', async (t) => {
  const { clock, roster, switchboard, dial, ask } = createScene();
  ask();
  const connection = dial(1);
  switchboard.joined(connection);
  await clock.advance(3000);
  switchboard.heldBack(connection);
  await clock.advance(2000);
  t.deepEqual([roster.silent(4000), roster.silent(1999)], [[], ['p']]);
});

test('a pilot that says it failed is lost with its reason', async (t) => {
  const { roster, switchboard, dial, ask, steps } = createScene();
  ask();
  const connection = dial(1);
  switchboard.joined(connection);
  switchboard.said(connection, { type: 'failed', epoch: 1, code: 'GT_PILOT_FAILED', message: 'out of memory' }, 1);
  t.is(roster.pilots.get('p')?.state, 'lost');
  t.is(roster.pilots.get('p')?.reason, 'GT_PILOT_FAILED: out of memory');
  t.deepEqual(await steps(), ['pilot-joined', 'pilot-lost']);
});

test('an end is written down once, however often it is noticed', async (t) => {
  const { switchboard, dial, ask, steps } = createScene();
  ask();
  const connection = dial(1);
  switchboard.joined(connection);
  switchboard.gone(connection, 'the connection ended');
  switchboard.gone(connection, 'the connection ended');
  switchboard.lose('p', 'its process ended');
  t.deepEqual(await steps(), ['pilot-joined', 'pilot-lost']);
});

test('a pilot that ends before it joined has ended, not been lost', async (t) => {
  const { switchboard, ask, steps } = createScene();
  ask();
  switchboard.lose('p', 'its process ended');
  t.deepEqual(await steps(), ['pilot-ended']);
});

test('what an older lease still says, sends or ends counts for nothing', (t) => {
  const { roster, switchboard, sent, dial, ask } = createScene();
  ask();
  const [old, present] = [dial(1), dial(2)];
  switchboard.joined(present);
  switchboard.takeRows('c', 1, () => t.fail('rows of an older lease'));
  switchboard.said(old, { type: 'drained', ...done }, 1);
  void switchboard.sentRows(old, makeFrame({ cell: 'c', epoch: 1 }));
  switchboard.gone(old, 'the connection ended');
  t.is(switchboard.latest('p', 'drained'), null);
  t.is(roster.pilots.get('p')?.state, 'ready');
  t.deepEqual(sent, []);
});

const routes = test.macro<[string, Parameters<typeof makeFrame>[0], boolean]>({
  exec(t, _what, parts, isTaken) {
    const { switchboard, sent, dial, ask } = createScene();
    ask();
    const connection = dial(5);
    switchboard.joined(connection);
    const taken: RowsFrame[] = [];
    const writes: (() => void)[] = [];
    switchboard.takeRows('c', 2, (_pilot, frame, written) => {
      taken.push(frame);
      writes.push(written);
    });
    void switchboard.sentRows(connection, makeFrame({ cell: 'c', attempt: 2, epoch: 5, sequence: 7, ...parts }));
    t.is(taken.length, isTaken ? 1 : 0);
    if (isTaken) t.deepEqual(sent, [], 'not before it is written');
    for (const write of writes) write();
    t.deepEqual(sent, [{ type: 'ack', epoch: parts?.epoch ?? 5, sequence: 7 }]);
  },
  title: (_, what, __, isTaken) =>
    `rows of ${what} are ${isTaken ? 'taken, and acknowledged once written' : 'dropped, and acknowledged at once'}`,
});

test(routes, 'this cell, attempt and lease', {}, true);
test(routes, 'another cell', { cell: 'd' }, false);
test(routes, 'another attempt', { attempt: 1 }, false);
test(routes, 'another lease', { epoch: 4 }, false);

test('rows go nowhere once nobody takes them', (t) => {
  const { switchboard, sent, dial, ask } = createScene();
  ask();
  const connection = dial(1);
  switchboard.joined(connection);
  switchboard.takeRows('c', 1, () => t.fail('nobody takes rows'));
  switchboard.stopRows();
  void switchboard.sentRows(connection, makeFrame({ cell: 'c' }));
  t.is(sent.length, 1);
});
