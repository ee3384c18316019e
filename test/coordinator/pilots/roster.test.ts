import test from 'ava';
import type { CoordinatorMessage } from '../../../agent/protocol.ts';
import type { PilotConnection } from '../../../coordinator/pilots/link.ts';
import { createRoster, type PilotState, type Roster } from '../../../coordinator/pilots/roster.ts';
import { createChanges } from '../../../foundation/changes.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

function dial(pilot: string, sent: CoordinatorMessage[] = []): PilotConnection & { isClosed: boolean } {
  return {
    pilot,
    site: 'desk',
    slots: 4,
    host: {} as PilotConnection['host'],
    epoch: 1,
    isClosed: false,
    send: (message) => void sent.push(message),
    close() {
      this.isClosed = true;
    },
  };
}

function createScene() {
  const clock = createVirtualClock();
  const changes = createChanges(clock);
  return { clock, changes, roster: createRoster(clock, changes) };
}

const events = {
  ask: (roster: Roster) => roster.ask({ id: 'p', site: 'desk', slots: 4 }),
  join: (roster: Roster) => void roster.join(dial('p')),
  lose: (roster: Roster) => void roster.lose('p', 'its process ended'),
  leave: (roster: Roster) => roster.dismiss('over'),
};

const becomes = test.macro<[(keyof typeof events)[], PilotState]>({
  exec(t, steps, state) {
    const { roster } = createScene();
    for (const step of steps) events[step](roster);
    t.is(roster.pilots.get('p')?.state, state);
    t.is(roster.slots(state, 'desk'), 4);
    t.is(roster.slots(state, 'attic'), 0);
    t.is(roster.ready().length, state === 'ready' ? 1 : 0);
  },
  title: (_, steps, state) => `a pilot after ${steps.join(', ')} is ${state}`,
});

test(becomes, ['ask'], 'asked');
test(becomes, ['ask', 'join'], 'ready');
test(becomes, ['ask', 'lose'], 'ended');
test(becomes, ['ask', 'join', 'lose'], 'lost');
test(becomes, ['ask', 'join', 'leave'], 'ended');
test(becomes, ['ask', 'join', 'leave', 'lose'], 'ended');
test(becomes, ['ask', 'join', 'lose', 'leave'], 'lost');
test(becomes, ['ask', 'lose', 'join'], 'ended');
test(becomes, ['ask', 'join', 'lose', 'join'], 'lost');

test('nobody joins uninvited, twice, or after its end', (t) => {
  const { roster } = createScene();
  t.false(roster.join(dial('p')));
  events.ask(roster);
  t.true(roster.join(dial('p')));
  t.false(roster.join(dial('p')));
  t.true(roster.lose('p', 'first reason'));
  t.false(roster.lose('p', 'second reason'), 'no news');
  t.false(roster.join(dial('p')));
  t.is(roster.pilots.get('p')?.reason, 'first reason');
  t.false(roster.lose('stranger', 'reason'));
});

test('a loss is dated, closes the link and rings the bell', async (t) => {
  const { clock, changes, roster } = createScene();
  const connection = dial('p');
  events.ask(roster);
  roster.join(connection);
  await clock.advance(1234);
  const noticed = changes.until(() => roster.ready().length === 0);
  roster.lose('p', 'gone');
  t.is(await noticed, 'met');
  t.is(roster.pilots.get('p')?.lostAtMs, clock.nowMs());
  t.true(connection.isClosed);
});

test('silent are the ready ones that were not heard for longer than asked', async (t) => {
  const { clock, roster } = createScene();
  for (const id of ['a', 'b', 'c']) roster.ask({ id, site: 'desk', slots: 1 });
  roster.join(dial('a'));
  roster.join(dial('b'));
  await clock.advance(3000);
  roster.hear('b');
  roster.hear('stranger');
  await clock.advance(1000);
  t.deepEqual(roster.silent(4000), []);
  await clock.advance(1);
  t.deepEqual(roster.silent(4000), ['a']);
});

test('those who are dismissed are told why', (t) => {
  const { roster } = createScene();
  const sent: CoordinatorMessage[] = [];
  events.ask(roster);
  roster.join(dial('p', sent));
  roster.dismiss('the campaign is over');
  roster.dismiss('again');
  t.deepEqual(sent, [{ type: 'leave', reason: 'the campaign is over' }]);
});
